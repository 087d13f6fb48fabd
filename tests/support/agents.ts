import type { AgentFolders } from "../../lib/domain/settings.ts";

/** Claude Code's folders, as the program is told of them. */
export function claudeCode(...roots: string[]): AgentFolders[] {
  return [{ agent: "claude-code", roots }];
}
