import { basename, dirname, join } from "node:path";
import type { SessionId } from "../../domain/ids.ts";
import { findFiles } from "../find_files.ts";
import { type LogCheckpoint, openAppendLog, readRecords } from "../jsonl/append_log.ts";
import { readLogPage } from "../jsonl/log_page.ts";
import { readFile } from "../json_document.ts";
import { sessionIdOf } from "../message_hash.ts";
import type { AgentReader, Discovery } from "../reader.ts";
import { messageOf } from "./conversation.ts";
import { CopilotEvents, type CopilotState, type Title } from "./events.ts";

const LOG = "events.jsonl";
const WORKSPACE = "workspace.yaml";
const SESSIONS = "session-state";

/**
 * Reads the sessions of Copilot CLI: a folder each, with a log that holds subagents' records too, or, of older versions,
 * the bare log.
 */
export const copilotReader: AgentReader<LogCheckpoint<CopilotState>> = {
  id: "copilot",
  title: "Copilot CLI",
  version: 1,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: true,
    tokens: true,
  },
  roots: {
    flag: "copilot-dir",
    variables: ["COPILOT_HOME"],
    resolve: (env, home) => [env("COPILOT_HOME") || join(home, ".copilot")],
  },
  discover(roots) {
    const found = findFiles(roots.map(sessionsIn), {
      accepts: (name, folder) =>
        name === LOG || name === WORKSPACE || basename(folder) === SESSIONS && isBare(name),
      enters: (name, folder) => basename(folder) === SESSIONS && !name.startsWith("."),
    });
    return withWorkspaceStamps(found);
  },
  watch(roots) {
    return roots.map((root) => ({ path: sessionsIn(root), recursive: true }));
  },
  open({ path }, known) {
    const of = { fallback: idByName(path), title: readTitle(path) };
    return openAppendLog(path, known, (log, state) => new CopilotEvents(log, state, of));
  },
  messages({ path }, session, at, limit) {
    if (readSessionId(path) !== session) return { messages: [], next: null };
    return readLogPage(path, at, limit, messageOf);
  },
  resumeCommand: (session) => ["copilot", "--resume", session],
};

function sessionsIn(root: string): string {
  return join(root, SESSIONS);
}

function isBare(name: string): boolean {
  return name.endsWith(".jsonl");
}

function idByName(path: string): SessionId | null {
  const file = basename(path);
  return sessionIdOf(file === LOG ? basename(dirname(path)) : file.slice(0, -".jsonl".length));
}

/** The session that a log is of, by its first record or else by its name. */
function readSessionId(path: string): SessionId | null {
  let id: SessionId | null = null;
  readRecords(path, 0, ({ type, data }) => {
    if (type === "session.start") id = sessionIdOf((data as { sessionId?: unknown })?.sessionId);
    return false;
  });
  return id ?? idByName(path);
}

/** Sources are the logs, which change with what their folders say of them. */
function withWorkspaceStamps(found: Discovery): Discovery {
  const about = new Map(found.sources.map((source) => [source.path, source]));
  const sources = found.sources.filter(({ path }) => isBare(path)).map((source) => {
    const workspace = about.get(join(dirname(source.path), WORKSPACE));
    if (workspace === undefined || basename(source.path) !== LOG) return source;
    const modifiedAt = Math.max(source.modifiedAt, workspace.modifiedAt);
    return { ...source, stamp: `${source.stamp} ${workspace.stamp}`, modifiedAt };
  });
  return { ...found, sources };
}

/** The name that a session's folder says it has; null if it says none. */
function readTitle(log: string): Title | null {
  if (basename(log) !== LOG) return null;
  let said: string;
  try {
    const bytes = readFile(join(dirname(log), WORKSPACE));
    said = bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "";
  } catch {
    return null;
  }
  const name = /^name: *(.*\S)\s*$/m.exec(said)?.[1];
  if (name === undefined || /^[|>]/.test(name)) return null;
  return { name: unquoted(name), custom: /^user_named: *true\s*$/m.test(said) };
}

/** A scalar of YAML that stands in one line. */
function unquoted(scalar: string): string {
  if (/^'.*'$/.test(scalar)) return scalar.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(scalar)) return scalar;
  try {
    return String(JSON.parse(scalar));
  } catch {
    return scalar.slice(1, -1);
  }
}
