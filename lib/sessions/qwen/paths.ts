import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import type { SessionId } from "../../domain/ids.ts";
import { sessionIdOf } from "../message_hash.ts";
import { name, object } from "../../text/json.ts";
import { findFiles } from "../find_files.ts";
import type { Discovery } from "../reader.ts";

const LOG = ".jsonl";
const SUBAGENT = "agent-";
/** The most bytes that are read of what is kept beside a subagent's file. */
const MAX_META = 1 << 16;

/** What the path of a session's file says of it. */
export interface SessionFile {
  /** The session that lines belong to which do not name one. */
  session: SessionId | null;
  /** The subagent's id, or null. */
  subagent: string | null;
}

/** Finds the files `projects/PROJECT/chats/*`, `…/chats/archive/*` and `…/subagents/SESSION/agent-*`. */
export function discoverSessions(roots: readonly string[]): Discovery {
  const folders = roots.map((root) => join(root, "projects"));
  const below = (folder: string) => {
    const projects = folders.find((it) => folder === it || folder.startsWith(it + sep)) ?? "";
    return folder.slice(projects.length).split(sep).slice(1);
  };
  return findFiles(folders, {
    accepts(name, folder) {
      if (!name.endsWith(LOG) || name.startsWith(".")) return false;
      const [, kind, ...deeper] = below(folder);
      if (kind === "chats") return deeper.length === 0 || deeper.join() === "archive";
      return kind === "subagents" && deeper.length > 0 && name.startsWith(SUBAGENT);
    },
    enters(name, folder) {
      const [project, kind, ...deeper] = [...below(folder), name];
      if (project === undefined || kind === undefined) return true;
      if (kind === "chats") return deeper.length === 0 || deeper.join() === "archive";
      return kind === "subagents";
    },
  });
}

/** What the path of a session's file says of it. */
export function sessionFileOf(path: string): SessionFile {
  const id = basename(path, LOG);
  const folder = dirname(path);
  if (!id.startsWith(SUBAGENT) || !/[\\/]subagents[\\/]/.test(folder)) {
    return { session: sessionIdOf(id), subagent: null };
  }
  return { session: sessionIdOf(basename(folder)), subagent: id.slice(SUBAGENT.length) };
}

/** The model that a subagent was started with, which stands beside its file only. */
export function modelOfSubagent(path: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(`${path.slice(0, -LOG.length)}.meta.json`, "r");
    const bytes = new Uint8Array(Math.min(MAX_META, fstatSync(fd).size));
    const meta = JSON.parse(new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes))));
    return name(object(object(meta).persistedCliFlags).model);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
