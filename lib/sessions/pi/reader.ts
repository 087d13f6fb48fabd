import { basename, dirname, join } from "node:path";
import type { SessionId } from "../../domain/ids.ts";
import { findFiles } from "../find_files.ts";
import { type LogCheckpoint, openAppendLog, readRecords } from "../jsonl/append_log.ts";
import { readLogPage } from "../jsonl/log_page.ts";
import { sessionIdOf } from "../message_hash.ts";
import type { AgentReader } from "../reader.ts";
import { messageOf } from "./conversation.ts";
import { PiEntries, type PiState } from "./events.ts";

/** Reads the sessions of pi, which it keeps a file each under `sessions` in its folder. */
export const piReader: AgentReader<LogCheckpoint<PiState>> = {
  id: "pi",
  title: "pi",
  version: 1,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: false,
    tokens: true,
  },
  roots: {
    flag: "pi-dir",
    variables: ["PI_CODING_AGENT_DIR"],
    resolve(env, home) {
      const folder = env("PI_CODING_AGENT_DIR") || join(home, ".pi", "agent");
      return [folder.replace(/^~(?=$|[\\/])/, () => home)];
    },
  },
  discover(roots) {
    return findFiles(roots.map(sessionsIn), { accepts: (name) => name.endsWith(".jsonl") });
  },
  watch(roots) {
    return roots.map((root) => ({ path: sessionsIn(root), recursive: true }));
  },
  open({ path }, known) {
    return openAppendLog(
      path,
      known,
      (log, state) => new PiEntries(log, state, (parent) => readParent(parent, path)),
    );
  },
  messages({ path }, session, at, limit) {
    if (readHeaderId(path) !== session) return { messages: [], next: null };
    return readLogPage(path, at, limit, messageOf);
  },
  resumeCommand: (session) => ["pi", "--session", session],
};

function sessionsIn(root: string): string {
  return join(root, "sessions");
}

/**
 * The id of the session whose file another one names as its parent. Only files beside that one and in its folder's
 * neighbours are looked at: the name may be of another machine, or point anywhere.
 */
function readParent(parent: string, path: string): SessionId | null {
  const [file = "", folder = ""] = parent.split(/[\\/]/).reverse();
  const beside = join(dirname(path), basename(file));
  const near = join(dirname(dirname(path)), basename(folder), basename(file));
  return readHeaderId(beside) ?? readHeaderId(near) ??
    sessionIdOf(/_([\da-f-]{36})\.jsonl$/.exec(file)?.[1]);
}

/** The id in the header of a session's file; null if there is no such file, or no header at its beginning. */
function readHeaderId(path: string): SessionId | null {
  let id: SessionId | null = null;
  try {
    readRecords(path, 0, (record) => {
      if (record.type === "session") id = sessionIdOf(record.id);
      return false;
    });
  } catch {
    return null;
  }
  return id;
}
