import { join } from "node:path";
import type { AgentFolders } from "../../lib/domain/settings.ts";
import { READERS } from "../../lib/sessions/registry.ts";

/** Claude Code's folders, as the program is told of them. */
export function claudeCode(...roots: string[]): AgentFolders[] {
  return [{ agent: "claude-code", roots }];
}

/**
 * An environment in which every agent keeps its sessions below a folder: Claude Code's in `claude`, the others' nowhere. Every
 * variable of an agent is set, for one that is left out may lead to the home folder beside those that are.
 */
export function agentsIn(folder: string): Record<string, string> {
  return Object.fromEntries(READERS.flatMap(({ id, roots }) => {
    const root = id === "claude-code" ? join(folder, "claude") : join(folder, "no-sessions", id);
    return roots.variables.map((name) => [name, root]);
  }));
}
