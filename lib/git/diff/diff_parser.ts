import { hashRange } from "../../domain/line_hashes.ts";
import type { CommitChange, FileChange } from "../../domain/link_facts.ts";

/** The most lines that are kept of one file of one commit: more were not written by hand. */
const MAX_LINES = 20_000;
/** The most files that are kept of one commit. */
const MAX_FILES = 5_000;

const PLUS = 43;
const MINUS = 45;
const SPACE = 32;
const BACKSLASH = 92;

/** One commit's difference as read. */
export interface ParsedChange {
  hash: string;
  change: CommitChange;
}

/**
 * Reads what `git diff-tree --stdin -p -U3 -c` prints, piece by piece, into line hashes.
 *
 * In a merge, only lines that none of its parents has count as added.
 */
export class DiffParser {
  #rest = "";
  #decoder = new TextDecoder();
  #hash: string | null = null;
  #files: FileChange[] = [];
  #file: OpenFile | null = null;
  #parents = 1;
  #newPlace = 0;
  #oldLeft: number[] = [0];
  #newLeft = 0;
  #inHunk = false;

  /** The commit whose difference is being read. */
  get current(): string | null {
    return this.#hash;
  }

  /** Takes a piece of output and gives the commits that it completes. */
  push(chunk: Uint8Array): ParsedChange[] {
    return this.#read(this.#rest + this.#decoder.decode(chunk, { stream: true }), false);
  }

  /** Takes the end of the output and gives the last commit. */
  end(): ParsedChange[] {
    const done = this.#read(this.#rest + this.#decoder.decode(), true);
    const last = this.#finish();
    if (last !== null) done.push(last);
    return done;
  }

  #read(text: string, whole: boolean): ParsedChange[] {
    const done: ParsedChange[] = [];
    let start = 0;
    while (true) {
      let end = text.indexOf("\n", start);
      if (end === -1) {
        if (!whole || start >= text.length) break;
        end = text.length;
      }
      const finished = this.#line(text, start, end);
      if (finished !== null) done.push(finished);
      start = end + 1;
    }
    this.#rest = text.slice(start);
    return done;
  }

  #line(text: string, start: number, end: number): ParsedChange | null {
    if (this.#inHunk) {
      if (this.#hunkLine(text, start, end)) return null;
      this.#inHunk = false;
    }
    const first = text.charCodeAt(start);
    if (first === 64) this.#hunkHeader(text.slice(start, end));
    else if (first === PLUS || first === MINUS) this.#side(text.slice(start, end));
    else if (first === 100 && text.startsWith("diff --", start)) {
      this.#openFile(text.slice(start, end));
    } else if (first === 114 && text.startsWith("rename ", start)) {
      this.#rename(text.slice(start, end));
    } else if (isHash(text, start, end)) {
      const finished = this.#finish();
      this.#hash = text.slice(start, end);
      return finished;
    }
    return null;
  }

  #openFile(line: string): void {
    this.#closeFile();
    this.#parents = 1;
    this.#file = {
      path: headerPath(line),
      oldPath: null,
      added: [],
      places: [],
      removed: [],
      around: [],
    };
  }

  #rename(line: string): void {
    if (this.#file === null) return;
    if (line.startsWith("rename from ")) this.#file.oldPath = unquote(line.slice(12));
    else if (line.startsWith("rename to ")) this.#file.path = unquote(line.slice(10));
  }

  /** Reads `--- a/x` and `+++ b/x`. */
  #side(line: string): void {
    if (this.#file === null) return;
    const path = sidePath(line.slice(4));
    if (path === null) return;
    if (line.startsWith("+++ ")) this.#file.path = path;
    else if (line.startsWith("--- ") && this.#file.path === "") this.#file.path = path;
  }

  #hunkHeader(line: string): void {
    const header = /^(@{2,}) (.+?) @{2,}/.exec(line);
    if (header === null || this.#file === null) return;
    this.#parents = header[1].length - 1;
    const ranges = header[2].split(" ").map((range) => {
      const [first, count] = range.slice(1).split(",");
      return { first: Number(first), count: count === undefined ? 1 : Number(count) };
    });
    const added = ranges.at(-1)!;
    this.#newPlace = added.first;
    this.#newLeft = added.count;
    this.#oldLeft = ranges.slice(0, -1).map(({ count }) => count);
    this.#inHunk = this.#newLeft > 0 || this.#oldLeft.some((count) => count > 0);
  }

  /** Takes a line of a hunk; false where the hunk is over and the line is none of its own. */
  #hunkLine(text: string, start: number, end: number): boolean {
    const first = text.charCodeAt(start);
    if (first === BACKSLASH) return true;
    if (this.#newLeft <= 0 && this.#oldLeft.every((count) => count <= 0)) return false;
    if (first !== PLUS && first !== MINUS && first !== SPACE) return false;
    const file = this.#file!;
    let plus = 0;
    let minus = 0;
    for (let parent = 0; parent < this.#parents; parent++) {
      const mark = text.charCodeAt(start + parent);
      if (mark === PLUS) plus++;
      else if (mark === MINUS) minus++;
      if (mark === MINUS || (mark === SPACE && !this.#isRemoved(text, start))) {
        this.#oldLeft[parent]--;
      }
    }
    if (minus === 0) {
      if (plus === this.#parents && file.added.length < MAX_LINES) {
        file.added.push(hashRange(text, { start: start + this.#parents, end }));
        file.places.push(this.#newPlace);
      } else if (plus === 0 && file.around.length < MAX_LINES) {
        file.around.push(hashRange(text, { start: start + this.#parents, end }));
      }
      this.#newPlace++;
      this.#newLeft--;
    } else if (minus === this.#parents && file.removed.length < MAX_LINES) {
      file.removed.push(hashRange(text, { start: start + this.#parents, end }));
    }
    return true;
  }

  /** Tells whether a combined line was removed from some parent: a blank then means that this parent never had it. */
  #isRemoved(text: string, start: number): boolean {
    for (let parent = 0; parent < this.#parents; parent++) {
      if (text.charCodeAt(start + parent) === MINUS) return true;
    }
    return false;
  }

  #closeFile(): void {
    const file = this.#file;
    this.#file = null;
    if (file === null || file.path === "" || this.#files.length >= MAX_FILES) return;
    this.#files.push({
      path: file.path,
      oldPath: file.oldPath === file.path ? null : file.oldPath,
      added: Uint32Array.from(file.added),
      places: Uint32Array.from(file.places),
      removed: Uint32Array.from(file.removed),
      around: Uint32Array.from(file.around),
    });
  }

  #finish(): ParsedChange | null {
    this.#closeFile();
    if (this.#hash === null) return null;
    const finished = { hash: this.#hash, change: { files: this.#files } };
    this.#hash = null;
    this.#files = [];
    return finished;
  }
}

interface OpenFile {
  path: string;
  oldPath: string | null;
  added: number[];
  places: number[];
  removed: number[];
  around: number[];
}

function isHash(text: string, start: number, end: number): boolean {
  const length = end - start;
  return (length === 40 || length === 64) && /^[0-9a-f]+$/.test(text.slice(start, end));
}

/** The path of `diff --git a/x b/x` where both sides are the same, or of `diff --cc x`; "" where it cannot be told. */
export function headerPath(line: string): string {
  if (COMBINED.test(line)) return new TextDecoder().decode(combinedPath(line));
  const rest = line.slice("diff --git ".length);
  if (rest.startsWith('"')) return sidePath(/^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0] ?? "") ?? "";
  const half = (rest.length - 1) / 2;
  return rest.slice(2, half) === rest.slice(half + 3) ? rest.slice(2, half) : "";
}

const COMBINED = /^diff --(?:cc|combined) (.*)$/;

/** The bytes of a path as the head of a merge's file has it; none in any other line. */
export function combinedPath(line: string): Uint8Array {
  return unquotedBytes(COMBINED.exec(line)?.[1] ?? "");
}

/** The path of one side of a file's header, its `a/` or `b/` cut off; null for `/dev/null`. */
function sidePath(side: string): string | null {
  const path = unquote(side.replace(/\t$/, ""));
  return path === "/dev/null" || path === "" ? null : path.slice(2);
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/** Undoes git's quoting of unusual paths: `"a\tb"`. */
export function unquote(path: string): string {
  return isQuoted(path) ? new TextDecoder().decode(unquotedBytes(path)) : path;
}

function isQuoted(path: string): boolean {
  return path.startsWith('"') && path.endsWith('"') && path.length >= 2;
}

function unquotedBytes(path: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!isQuoted(path)) return encoder.encode(path);
  const bytes: number[] = [];
  for (const [part, octal, escaped] of path.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(parseInt(octal, 8));
    else if (escaped !== undefined) bytes.push(ESCAPES[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(...encoder.encode(part));
  }
  return Uint8Array.from(bytes);
}
