import { isAbsolute, join, resolve as resolvePath } from "node:path";
import type { AgentId } from "./domain/ids.ts";
import {
  type AgentSetting,
  type Config,
  CONFIG_OPTIONS,
  type ConfigKey,
  type ConfigSource,
  LOG_LEVELS,
  type LogLevel,
} from "./domain/settings.ts";
import { GIT_ENVIRONMENT, type GitEnvironment } from "./git/run/environment.ts";
import { READERS } from "./sessions/registry.ts";

/** Values of flags as the user typed them. A folder given several times is joined with commas. */
export interface ConfigFlags extends Partial<Record<ConfigKey, string>> {
  agents?: Partial<Record<AgentId, string>>;
}

/** A config, or the one line that says what is wrong with a value. */
export type ConfigOutcome =
  | { kind: "config"; config: Config }
  | { kind: "invalid"; message: string };

/** Every environment variable that settings come from; git's are {@linkcode GIT_ENVIRONMENT}. */
export const ENVIRONMENT_VARIABLES: readonly string[] = [
  ...new Set([
    "ASCRIBE_PORT",
    "ASCRIBE_DATA_DIR",
    "ASCRIBE_TOKEN",
    "HOME",
    "USERPROFILE",
    "XDG_DATA_HOME",
    "LOCALAPPDATA",
    ...READERS.flatMap(({ roots }) => roots.variables),
  ]),
];

/** The environment as far as it is read. */
export type Environment = Partial<Record<string, string>>;

/** @default {47892} */
const DEFAULT_PORT = 47892;
/** @default {"127.0.0.1"} */
const DEFAULT_HOST = "127.0.0.1";

/** Reads the environment that settings come from. */
function readEnvironment(): Environment {
  const environment: Environment = {};
  for (const name of ENVIRONMENT_VARIABLES) {
    const value = Deno.env.get(name);
    if (value !== undefined && value !== "") environment[name] = value;
  }
  return environment;
}

/** The part of the process's environment that git sees. */
export function readGitEnvironment(): GitEnvironment {
  const environment: GitEnvironment = {};
  for (const name of GIT_ENVIRONMENT) {
    const value = Deno.env.get(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/**
 * Settles every setting: a flag beats the environment, which beats the default.
 *
 * @param options.environment @default {readEnvironment()}
 * @param options.os Whose folders the defaults follow. @default {Deno.build.os}
 */
export function readConfig(
  flags: ConfigFlags,
  options: { environment?: Environment; os?: typeof Deno.build.os } = {},
): ConfigOutcome {
  const { environment = readEnvironment(), os = Deno.build.os } = options;
  const sources = {} as Record<ConfigKey, ConfigSource>;
  const given = (key: ConfigKey): { value: string; name: string } | null => {
    const { flag, variable } = CONFIG_OPTIONS[key];
    const typed = flags[key];
    if (typed !== undefined) {
      sources[key] = "flag";
      return { value: typed, name: flag };
    }
    const set = variable === null ? undefined : environment[variable];
    sources[key] = set === undefined ? "default" : "environment";
    return set === undefined ? null : { value: set, name: variable! };
  };

  try {
    const home = environment.HOME ?? environment.USERPROFILE ?? null;
    const token = parseToken(environment.ASCRIBE_TOKEN);
    const config: Config = {
      port: parsePort(given("port")),
      host: parseHost(given("host"), token),
      token,
      dataDir: parseDataDir(given("dataDir"), home) ?? defaultDataDir({ environment, home, os }) ??
        homeless(),
      agents: agentSettings(flags.agents ?? {}, { environment, home, os }),
      logLevel: parseLogLevel(given("logLevel")),
      sources,
    };
    return { kind: "config", config };
  } catch (error) {
    if (error instanceof InvalidValue) return { kind: "invalid", message: error.message };
    throw error;
  }
}

class InvalidValue extends Error {}

type Given = { value: string; name: string } | null;

function parsePort(given: Given): number {
  if (given === null) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(given.value) ? Number(given.value) : NaN;
  if (port <= 65535) return port;
  throw new InvalidValue(
    `${given.name} must be a number from 0 to 65535 (0 picks a free port), not ${quote(given)}`,
  );
}

function parseHost(given: Given, token: string | null): string {
  if (given === null) return DEFAULT_HOST;
  const host = given.value.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (host === "localhost" || host === "::1" || host === "127.0.0.1") return host;
  if (host !== "0.0.0.0" && host !== "::") {
    throw new InvalidValue(
      `${given.name} must be 127.0.0.1, localhost or ::1 for this machine alone, or 0.0.0.0 or :: for the network, not ${
        quote(given)
      }`,
    );
  }
  if (token !== null) return host;
  throw new InvalidValue(
    `${given.name} ${host} lets every machine of the network in, and Ascribe shows your work to whoever reaches it: ` +
      "set ASCRIBE_TOKEN to a secret that it then asks for, or leave --host out",
  );
}

/** A variable and no flag: every user of a machine can read the command lines of the others. */
function parseToken(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^[\x21-\x7e]{16,256}$/.test(value)) return value;
  throw new InvalidValue(
    "ASCRIBE_TOKEN must be 16 to 256 letters, digits or signs without spaces, so that nobody guesses it",
  );
}

function parseDataDir(given: Given, home: string | null): string | null {
  if (given === null) return null;
  if (given.value.trim() === "" || given.value.includes("\0")) {
    throw new InvalidValue(`${given.name} must name a folder, not ${quote(given)}`);
  }
  return resolvePath(withHome(given.value, home));
}

function homeless(): never {
  throw new InvalidValue("No home folder is known: say with --data-dir where to keep the database");
}

/** Where each agent's sessions are: where its flag says, else its own variables, else where it keeps them by default. */
function agentSettings(
  flags: Partial<Record<AgentId, string>>,
  { environment, home, os }: {
    environment: Environment;
    home: string | null;
    os: typeof Deno.build.os;
  },
): AgentSetting[] {
  const env = (name: string) => environment[name];
  const system = os === "windows" || os === "darwin" ? os : "linux";
  const settings = READERS.map(({ id, title, roots: { flag, variables, resolve } }) => {
    const typed = flags[id];
    const isSet = variables.some((name) => environment[name] !== undefined);
    const folders = typed !== undefined
      ? parseFolders({ value: typed, name: `--${flag}` })
      : home !== null || isSet
      ? resolve(env, home ?? "", system)
      : [];
    const source: ConfigSource = typed !== undefined ? "flag" : isSet ? "environment" : "default";
    const roots = [...new Set(folders.map((folder) => resolvePath(withHome(folder, home))))];
    return { agent: id, title, flag: `--${flag}`, variables, roots, source };
  });
  if (settings.some(({ roots }) => roots.length > 0)) return settings;
  throw new InvalidValue("No home folder is known: say with --claude-dir where .claude is");
}

function parseFolders(given: { value: string; name: string }): string[] {
  const folders = given.value.split(",").map((folder) => folder.trim()).filter((f) => f !== "");
  if (folders.length > 0 && !given.value.includes("\0")) return folders;
  throw new InvalidValue(
    `${given.name} must name one or more folders, separated by commas, not ${quote(given)}`,
  );
}

function parseLogLevel(given: Given): LogLevel {
  if (given === null) return "info";
  const level = LOG_LEVELS.find((known) => known === given.value);
  if (level !== undefined) return level;
  throw new InvalidValue(
    `${given.name} must be one of ${LOG_LEVELS.join(", ")}, not ${quote(given)}`,
  );
}

/** The folder where the platform keeps a program's data, or null where no home folder is known. */
function defaultDataDir(
  { environment, home, os }: {
    environment: Environment;
    home: string | null;
    os: typeof Deno.build.os;
  },
): string | null {
  if (os === "windows") {
    const local = environment.LOCALAPPDATA ?? (home === null ? null : join(home, "AppData/Local"));
    return local === null ? null : join(local, "ascribe");
  }
  if (os === "darwin") {
    return home === null ? null : join(home, "Library/Application Support/ascribe");
  }
  const shared = environment.XDG_DATA_HOME;
  // The XDG specification says that a relative path is to be ignored.
  if (shared !== undefined && isAbsolute(shared)) return join(shared, "ascribe");
  return home === null ? null : join(home, ".local/share/ascribe");
}

/** A shell expands `~` at a word's start alone, so neither behind a comma nor in quotes. */
function withHome(folder: string, home: string | null): string {
  if (home === null) return folder;
  return folder === "~" || folder.startsWith("~/") ? join(home, folder.slice(1)) : folder;
}

function quote(given: { value: string }): string {
  return JSON.stringify(given.value.length > 80 ? `${given.value.slice(0, 80)}…` : given.value);
}
