/** How much is logged: each level says what the ones before it say, and more. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Where a setting's value came from, for messages and the settings page. */
export type ConfigSource = "flag" | "environment" | "default";

/** What the program runs with. */
export interface Config {
  port: number;
  host: string;
  /** What every request has to show; null on this machine's own addresses, unless one is set. */
  token: string | null;
  /** Where the database and its lock are. */
  dataDir: string;
  /** The folders of Claude Code; transcripts are in `projects/` of each. */
  claudeDirs: string[];
  logLevel: LogLevel;
  /** Where each of them came from. */
  sources: Record<ConfigKey, ConfigSource>;
}

/** A setting that has a flag. */
export type ConfigKey = "port" | "host" | "dataDir" | "claudeDirs" | "logLevel";

/** The flag of each setting, and the variable that may stand in for it. */
export const CONFIG_OPTIONS = {
  port: { flag: "--port", variable: "ASCRIBE_PORT" },
  host: { flag: "--host", variable: null },
  dataDir: { flag: "--data-dir", variable: "ASCRIBE_DATA_DIR" },
  claudeDirs: { flag: "--claude-dir", variable: "CLAUDE_CONFIG_DIR" },
  logLevel: { flag: "--log-level", variable: null },
} as const;
