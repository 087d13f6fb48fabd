import { basename, dirname, join, sep } from "node:path";
import type { SessionId } from "../../domain/ids.ts";
import { sessionIdOf } from "../message_hash.ts";
import { findFiles } from "../find_files.ts";
import type { Discovery } from "../reader.ts";

const LOG = ".jsonl";
const DOCUMENT = ".json";

/** What the path of a session's file says of it. */
export interface SessionFile {
  /** The folder of the project, such as `~/.gemini/tmp/demo`. */
  project: string;
  /** The session that started it as a subagent, or null. */
  parent: SessionId | null;
  /** The subagent's id, or null. */
  subagent: string | null;
  /** It is one JSON document, as before April 2026. */
  isDocument: boolean;
}

/** Finds the files `tmp/PROJECT/chats/session-*` and `tmp/PROJECT/chats/PARENT/*`. */
export function discoverSessions(roots: readonly string[]): Discovery {
  const folders = roots.map((root) => join(root, "tmp"));
  const depthOf = (folder: string) => {
    const tmp = folders.find((tmp) => folder === tmp || folder.startsWith(tmp + sep)) ?? "";
    return folder.slice(tmp.length).split(sep).length - 1;
  };
  return findFiles(folders, {
    accepts: (name, folder) => {
      if (!name.endsWith(LOG) && !name.endsWith(DOCUMENT)) return false;
      const depth = depthOf(folder);
      return depth === 3 || depth === 2 && name.startsWith("session-");
    },
    enters: (name, folder) => {
      const depth = depthOf(folder);
      return depth === 0 || depth === 1 && name === "chats" || depth === 2;
    },
  });
}

/** What the path of a session's file says of it. */
export function sessionFileOf(path: string): SessionFile {
  const isDocument = path.endsWith(DOCUMENT);
  const folder = dirname(path);
  if (basename(folder) === "chats" && basename(path).startsWith("session-")) {
    return { project: dirname(folder), parent: null, subagent: null, isDocument };
  }
  const id = basename(path, isDocument ? DOCUMENT : LOG);
  const project = dirname(dirname(folder));
  return { project, parent: sessionIdOf(basename(folder)), subagent: id, isDocument };
}
