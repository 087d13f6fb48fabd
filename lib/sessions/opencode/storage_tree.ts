import { basename, dirname, join } from "node:path";
import { type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseMilliseconds } from "../../time/iso_time.ts";
import { readFile } from "../json_document.ts";
import type { SkipReason } from "../reader.ts";
import { Assembly } from "./parts.ts";
import {
  type Archive,
  byTime,
  type MessageRecord,
  type MessageRef,
  parseRecord,
  type RecordUse,
  type SessionRecord,
} from "./records.ts";

const JSON_FILE = ".json";
/** How deep subagents may start subagents. */
const MAX_DEPTH = 64;
const decoder = new TextDecoder();

/** The folder of an OpenCode before 1.2 in which a session's file stands: `storage/session/PROJECT/ID.json`. */
export function storageOf(sessionFile: string): string {
  return dirname(dirname(dirname(sessionFile)));
}

/** The id of the record that a file holds: its name. */
export function recordId(file: string): string {
  return basename(file, JSON_FILE);
}

/**
 * A session in OpenCode's former storage, where every session, message and part has a file: ids are names of files and
 * folders, whatever the files say.
 */
export class StorageTree implements Archive {
  readonly #file: string;
  readonly #session: JsonObject | SkipReason;

  /** @throws {Error} If the session's file cannot be opened. */
  constructor(sessionFile: string) {
    this.#file = sessionFile;
    const bytes = readFile(sessionFile);
    this.#session = bytes instanceof Uint8Array ? parseRecord(decoder.decode(bytes)) : "tooLong";
  }

  /** Why the session's file cannot be used, or null: it may be one that is being written. */
  get fault(): SkipReason | null {
    return typeof this.#session === "string" ? this.#session : null;
  }

  sessions(): SessionRecord[] {
    const session = this.#session;
    if (typeof session === "string") return [];
    return [{
      id: recordId(this.#file),
      parent: this.#rootAbove(session),
      directory: path(session.directory),
      title: text(session.title),
      version: name(session.version),
      createdAt: parseMilliseconds(object(session.time).created),
    }];
  }

  messagesOf(session: string): MessageRef[] {
    const folder = join(storageOf(this.#file), "message", session);
    return jsonFiles(folder).map((file): MessageRef => {
      const parsed = parseRecord(readText(join(folder, file)) ?? "");
      const created = typeof parsed === "string" ? null : object(parsed.time).created;
      return { id: recordId(file), at: parseMilliseconds(created) ?? 0 };
    }).sort(byTime);
  }

  load(refs: readonly MessageRef[], use: RecordUse): MessageRecord[] {
    const storage = storageOf(this.#file);
    const session = recordId(this.#file);
    const assembly = new Assembly(refs, use);
    for (const { id } of refs) {
      assembly.addMessage(id, readText(join(storage, "message", session, `${id}${JSON_FILE}`)));
      const parts = join(storage, "part", id);
      for (const file of jsonFiles(parts)) {
        assembly.addPart(id, readText(join(parts, file)));
      }
    }
    return assembly.records;
  }

  [Symbol.dispose](): void {}

  /** The session that began all, whose subagent's subagent this one may be. */
  #rootAbove(session: JsonObject): string | null {
    let parent: string | null = null;
    let at = session;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const above = name(at.parentID);
      if (above === null || basename(above) !== above) return parent;
      parent = above;
      const said = readText(join(dirname(this.#file), `${above}${JSON_FILE}`));
      const parsed = said === null ? {} : parseRecord(said);
      at = typeof parsed === "string" ? {} : parsed;
    }
    return parent;
  }
}

/** The names of a folder's documents, in their order; none if there is no such folder. */
export function jsonFiles(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(JSON_FILE)).sort();
  } catch {
    return [];
  }
}

/** A file's text; null if it is gone or too long. */
function readText(file: string): string | null {
  try {
    const bytes = readFile(file);
    return bytes instanceof Uint8Array ? decoder.decode(bytes) : null;
  } catch {
    return null;
  }
}
