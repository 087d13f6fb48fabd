import type { AgentId } from "./ids.ts";

/** How pages name an agent. */
export interface AgentName {
  /** The agent's own name. */
  title: string;
  /** Two letters that stand for it where its name does not fit. */
  mark: string;
}

/** The name of every agent whose sessions are read, in the order in which pages list them. */
export const AGENT_NAMES: Readonly<Record<AgentId, AgentName>> = {
  "claude-code": { title: "Claude Code", mark: "CC" },
  codex: { title: "Codex", mark: "Cx" },
  opencode: { title: "OpenCode", mark: "OC" },
  copilot: { title: "Copilot CLI", mark: "Cp" },
  gemini: { title: "Gemini CLI", mark: "Ge" },
  qwen: { title: "Qwen Code", mark: "Qw" },
  pi: { title: "pi", mark: "pi" },
  cline: { title: "Cline", mark: "Cl" },
};

/** Every agent, for those who parse one. */
export const AGENT_IDS = Object.keys(AGENT_NAMES) as AgentId[];
