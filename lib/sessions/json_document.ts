import * as fs from "node:fs";
import type { SessionId } from "../domain/ids.ts";
import { isObject, type JsonObject } from "../text/json.ts";
import type { KnownSource, SkipCounts, SkipReason, SourceDelta, SourceReading } from "./reader.ts";
import { SessionBuilder } from "./session_builder.ts";
import { hashBytes } from "../text/fnv.ts";

/** The largest document that is read, in bytes. */
const MAX_DOCUMENT = 64 << 20;

/** By what a document is known to be the one that was read. JSON. */
export interface DocumentCheckpoint {
  /** Sizes and hashes of its files. */
  fingerprint: string;
}

/** What the interpreter of documents works with. */
export interface DocumentContext {
  /** The session, which the source holds from now on. */
  session(id: SessionId): SessionBuilder;
  /** Counts a record that is not used. */
  skip(reason: SkipReason): void;
}

/**
 * Makes facts and events of a source's documents, in the order of their paths; null stands for one that is not there.
 *
 * @returns How many records there were.
 */
export type InterpretDocuments = (
  documents: readonly [JsonObject, ...(JsonObject | null)[]],
  context: DocumentContext,
) => number;

/**
 * Opens a source that its agent writes anew as a whole: some JSON documents, of which all but the first may be missing.
 * It is read in one step. Where one of them is broken, it is being written, and what was known before stays.
 *
 * @throws {Error} If the first cannot be opened.
 */
export function openDocuments(
  paths: readonly [string, ...string[]],
  known: KnownSource<DocumentCheckpoint> | null,
  interpret: InterpretDocuments,
): SourceReading<DocumentCheckpoint> {
  const [first, ...others] = paths;
  const files = [readFile(first), ...others.map(readFileIfThere)];
  return new DocumentReading(files, known?.checkpoint ?? null, interpret);
}

/**
 * Reads a JSON document.
 *
 * @returns The document; null if the file holds none.
 * @throws {Error} If it cannot be opened.
 */
export function readDocument(path: string): JsonObject | null {
  const parsed = parseDocument(readFile(path));
  return typeof parsed === "string" ? null : parsed;
}

/** A file's bytes; null if it is not there; "tooLong" if it is not read. */
export type FileBytes = Uint8Array | null | "tooLong";

class DocumentReading implements SourceReading<DocumentCheckpoint>, DocumentContext {
  readonly #files: readonly FileBytes[];
  readonly #interpret: InterpretDocuments;
  readonly #known: boolean;
  readonly #isUnchanged: boolean;
  readonly #checkpoint: DocumentCheckpoint;
  readonly #sessions = new Map<SessionId, SessionBuilder>();
  #mode: "append" | "replace" = "append";
  #skipped: SkipCounts = {};
  #records = 0;
  #bytes = 0;

  constructor(
    files: readonly FileBytes[],
    checkpoint: DocumentCheckpoint | null,
    interpret: InterpretDocuments,
  ) {
    this.#files = files;
    this.#interpret = interpret;
    this.#known = checkpoint !== null;
    this.#checkpoint = { fingerprint: files.map(fingerprintOf).join(" ") };
    this.#isUnchanged = checkpoint?.fingerprint === this.#checkpoint.fingerprint;
  }

  get waiting(): { bytes: number; events: number } {
    let events = 0;
    for (const session of this.#sessions.values()) events += session.waiting;
    return { bytes: this.#bytes, events };
  }

  session(id: SessionId): SessionBuilder {
    let session = this.#sessions.get(id);
    if (session === undefined) this.#sessions.set(id, session = new SessionBuilder(id));
    return session;
  }

  skip(reason: SkipReason): void {
    this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
  }

  step(): boolean {
    if (this.#isUnchanged) return false;
    const documents = this.#files.map((file) => file === null ? null : parseDocument(file));
    const broken = documents.filter((document) => typeof document === "string");
    for (const reason of broken) this.skip(reason);
    const [first, ...others] = documents.map((one) => typeof one === "string" ? null : one);
    for (const file of this.#files) this.#bytes += file instanceof Uint8Array ? file.length : 0;
    if (broken.length > 0 && this.#known) return false;
    this.#mode = "replace";
    if (first !== null) this.#records += this.#interpret([first, ...others], this);
    return false;
  }

  take(): SourceDelta<DocumentCheckpoint> {
    const delta: SourceDelta<DocumentCheckpoint> = {
      mode: this.#mode,
      sessions: [...this.#sessions.values()].flatMap((session) => session.take() ?? []),
      skipped: this.#skipped,
      records: this.#records,
      bytes: this.#bytes,
      checkpoint: this.#checkpoint,
    };
    this.#mode = "append";
    this.#skipped = {};
    this.#records = this.#bytes = 0;
    return delta;
  }

  [Symbol.dispose](): void {
    this.#sessions.clear();
  }
}

/**
 * Reads a file of which it is not known what it is.
 *
 * @throws {Error} If it cannot be opened, or is no file.
 */
export function readFile(path: string): FileBytes {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error("it is not a file");
    return stat.size > MAX_DOCUMENT ? "tooLong" : fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function readFileIfThere(path: string): FileBytes {
  try {
    return readFile(path);
  } catch {
    return null;
  }
}

function fingerprintOf(file: FileBytes): string {
  return file instanceof Uint8Array ? `${file.length}:${hashBytes(file)}` : `${file}`;
}

function parseDocument(file: FileBytes): JsonObject | SkipReason {
  if (!(file instanceof Uint8Array)) return file ?? "notJson";
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(file));
    return isObject(value) ? value : "notAnObject";
  } catch {
    return "notJson";
  }
}
