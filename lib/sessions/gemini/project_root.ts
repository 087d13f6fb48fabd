import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isObject, type JsonObject, object, path, text } from "../../text/json.ts";

/** The most bytes that are read of a file beside the sessions. */
const MAX_BYTES = 1 << 20;
/** How many folders are hashed for one source. */
const MAX_TRIED = 4_096;
/** Arguments of tools that name files and folders. */
const PATHS = ["file_path", "absolute_path", "dir_path", "directory", "path"];
const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/**
 * The folder in which a project's sessions were started. Their files do not say: `.project_root` beside them does, or
 * `projects.json`, by the name of the project's folder, which was the path's hash in older versions.
 *
 * @param projectFolder Such as `~/.gemini/tmp/demo`.
 */
export function findProjectRoot(projectFolder: string): string | null {
  const written = path(readSmall(join(projectFolder, ".project_root"))?.trim());
  if (written !== null && ABSOLUTE.test(written)) return written;
  const name = resolve(projectFolder).split(/[\\/]/).at(-1)!;
  const { projects } = object(parse(readSmall(join(projectFolder, "..", "..", "projects.json"))));
  for (const [root, slug] of Object.entries(object(projects))) {
    if (slug === name || hashOf(root) === name) return path(root);
  }
  return null;
}

/** Finds a project's folder by its SHA-256 among the parent folders of the paths that its tools were called with. */
export class RootByHash {
  readonly #tried = new Set<string>();

  /** The folder, if it holds one of the paths among the arguments. */
  find(projectHash: string, args: JsonObject): string | null {
    for (const key of PATHS) {
      let folder = text(args[key]);
      if (folder === null || !ABSOLUTE.test(folder)) continue;
      for (let above = ""; folder !== above; folder = dirname(above = folder)) {
        if (this.#tried.has(folder) || this.#tried.size >= MAX_TRIED) break;
        this.#tried.add(folder);
        if (hashOf(folder) === projectHash) return path(folder);
      }
    }
    return null;
  }
}

function hashOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex");
}

/** A small file's text, or null if it cannot be read. */
function readSmall(file: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(file, "r");
    const bytes = new Uint8Array(Math.min(MAX_BYTES, fstatSync(fd).size));
    return new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes)));
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function parse(json: string | null): unknown {
  try {
    const value = json === null ? null : JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
