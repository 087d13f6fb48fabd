import type { AgentId } from "./ids.ts";
/** How much is logged: each level says what the ones before it say, and more. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Where a setting's value came from, for messages and the settings page. */
export type ConfigSource = "flag" | "environment" | "default";

/** An agent and the folders in which its sessions are. */
export interface AgentFolders {
  agent: AgentId;
  roots: readonly string[];
}

/** Where an agent's sessions are looked for, and who said so. */
export interface AgentSetting extends AgentFolders {
  /** The agent's own name. */
  title: string;
  /** The option that sets its folders, and the environment variables that may stand in for it. */
  flag: string;
  variables: readonly string[];
  source: ConfigSource;
}

/** What the program runs with. */
export interface Config {
  port: number;
  host: string;
  /** What every request has to show; null on this machine's own addresses, unless one is set. */
  token: string | null;
  /** Where the database and its lock are. */
  dataDir: string;
  /** Where each agent's sessions are looked for. */
  agents: AgentSetting[];
  logLevel: LogLevel;
  /** Where each of them came from. */
  sources: Record<ConfigKey, ConfigSource>;
}

/** A setting that has a flag. */
export type ConfigKey = "port" | "host" | "dataDir" | "logLevel";

/** The flag of each setting, and the variable that may stand in for it. */
export const CONFIG_OPTIONS = {
  port: { flag: "--port", variable: "ASCRIBE_PORT" },
  host: { flag: "--host", variable: null },
  dataDir: { flag: "--data-dir", variable: "ASCRIBE_DATA_DIR" },
  logLevel: { flag: "--log-level", variable: null },
} as const;
