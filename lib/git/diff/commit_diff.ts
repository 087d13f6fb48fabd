import type { CommitHash } from "../../domain/ids.ts";
import type { CodeLine } from "../../highlight/code_line.ts";
import { highlightLines } from "../../highlight/highlight.ts";
import type {
  CommitDiff,
  CommitSize,
  FileDiff,
  FileStatus,
  GitError,
  GitResult,
  Hunk,
} from "../read/queries.ts";
import { gitError } from "../run/failure.ts";
import type { GitDir, GitEnd, GitFailure, GitRunner } from "../run/runner.ts";

import { spellPath } from "../tree.ts";
import { combinedPath, headerPath } from "./diff_parser.ts";

/** A file as `git diff-tree --raw --numstat -z` lists it. */
export interface ListedFile {
  path: string;
  /** See `spellPath`. */
  spelledPath: string;
  oldPath: string | null;
  status: FileStatus;
  oldMode: string | null;
  newMode: string | null;
  /** null for what is not text. */
  added: number | null;
  removed: number | null;
}

const STATUS: Readonly<Record<string, FileStatus>> = {
  A: "added",
  C: "copied",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "typeChanged",
};

/** Reads what `git diff-tree --raw --numstat -z` prints: every file twice, in the same order. */
function parseFileList(bytes: Uint8Array): ListedFile[] {
  const fields = fieldsOf(bytes);
  const files: ListedFile[] = [];
  let at = 0;
  while (fields[at]?.[0] === COLON) {
    const [oldMode, newMode, , , status] = textOf(fields[at++]).slice(1).split(" ");
    const kind = STATUS[status[0]] ?? "modified";
    const oldPath = kind === "renamed" || kind === "copied" ? textOf(fields[at++]) : null;
    const path = fields[at++];
    files.push({
      path: textOf(path),
      spelledPath: spellPath(path),
      oldPath,
      status: kind,
      oldMode: /^0+$/.test(oldMode) ? null : oldMode,
      newMode: /^0+$/.test(newMode) ? null : newMode,
      added: null,
      removed: null,
    });
  }
  for (const file of files) {
    const counts = fields[at++];
    const [added, removed, path] = counts === undefined ? [] : textOf(counts).split("\t");
    // After an empty path come the two of a rename.
    if (path === "") at += 2;
    if (added === undefined || added === "-") continue;
    file.added = Number(added);
    file.removed = Number(removed);
  }
  return files;
}

const COLON = 58;

function fieldsOf(bytes: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0, end; (end = bytes.indexOf(0, start)) >= 0; start = end + 1) {
    fields.push(bytes.subarray(start, end));
  }
  return fields;
}

/** A name may begin with what is a byte order mark elsewhere. */
function textOf(field: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(field);
}

/** A line of a patch as git has it. Numbers are null on the side that does not have it. */
export interface PatchLine {
  kind: "context" | "added" | "removed";
  oldLine: number | null;
  newLine: number | null;
  text: string;
}

/** A hunk of a patch as git has it. */
export interface PatchHunk {
  oldStart: number;
  newStart: number;
  heading: string;
  lines: PatchLine[];
}

/** What stands under one `diff --git` or `diff --cc`. */
export interface PatchSection {
  /** Only to be relied on for a merge's: elsewhere the listing of files knows better. */
  path: string;
  /** See `spellPath`; git quotes names that are not ASCII. Only for a merge's section. */
  spelledPath: string;
  header: string[];
  binary: boolean;
  added: number;
  removed: number;
  hunks: PatchHunk[];
  /** Whether lines were left out. */
  cut: boolean;
}

/** How much of a patch is kept. Lines that are left out are still counted. */
export interface PatchLimits {
  linesOfFile: number;
  lines: number;
  lineLength: number;
}

/** What a page can show. */
const PATCH_LIMITS: PatchLimits = { linesOfFile: 3_000, lines: 12_000, lineLength: 2_000 };

const MOST_HEADERS = 12;

/**
 * Reads what `git diff-tree -p` prints, of merges too (`--cc`), piece by piece.
 *
 * What lines say is never taken for git's own words: a hunk has as many lines as its head announces.
 */
class PatchParser {
  readonly sections: PatchSection[] = [];
  readonly #limits: PatchLimits;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #hunk: PatchHunk | null = null;
  #parents = 1;
  #oldLeft: number[] = [];
  #newLeft = 0;
  #oldLine = 0;
  #newLine = 0;
  #keptOfFile = 0;
  #kept = 0;

  constructor(limits: PatchLimits = PATCH_LIMITS) {
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  end(): void {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = "";
    if (rest !== "") this.#line(rest);
  }

  #line(line: string): void {
    if (this.#newLeft > 0 || this.#oldLeft.some((left) => left > 0)) this.#hunkLine(line);
    else if (/^diff --(?:git|cc|combined) /.test(line)) this.#open(line);
    else if (line.startsWith("@@")) this.#openHunk(line);
    else if (!line.startsWith("\\")) this.#header(line);
  }

  #open(line: string): void {
    this.#hunk = null;
    this.#keptOfFile = 0;
    this.sections.push({
      path: headerPath(line),
      spelledPath: spellPath(combinedPath(line)),
      header: [],
      binary: false,
      added: 0,
      removed: 0,
      hunks: [],
      cut: false,
    });
  }

  #header(line: string): void {
    const section = this.sections.at(-1);
    if (section === undefined || section.hunks.length > 0) return;
    if (line.startsWith("Binary files ")) section.binary = true;
    if (section.header.length < MOST_HEADERS) section.header.push(line);
  }

  #openHunk(line: string): void {
    const head = /^(@{2,}) (.+?) \1 ?(.*)$/.exec(line);
    const section = this.sections.at(-1);
    if (head === null || section === undefined) return;
    const ranges = head[2].split(" ").map((range) => {
      const [start, count = "1"] = range.slice(1).split(",");
      return { start: Number(start), count: Number(count) };
    });
    const after = ranges.pop()!;
    this.#parents = ranges.length;
    this.#oldLeft = ranges.map(({ count }) => count);
    this.#newLeft = after.count;
    this.#oldLine = ranges[0]?.start ?? 0;
    this.#newLine = after.start;
    this.#hunk = {
      oldStart: this.#oldLine,
      newStart: after.start,
      heading: head[3].trim().slice(0, 200),
      lines: [],
    };
    if (this.#hasRoom()) section.hunks.push(this.#hunk);
  }

  #hunkLine(line: string): void {
    if (line.startsWith("\\")) return;
    const section = this.sections.at(-1)!;
    // `diff.suppressBlankEmpty` leaves out the blank before an empty line.
    const marks = line.slice(0, this.#parents).padEnd(this.#parents);
    const isRemoved = marks.includes("-");
    const isAdded = !isRemoved && !marks.includes(" ");
    for (let parent = 0; parent < this.#parents; parent++) {
      if (marks[parent] === "-" || (marks[parent] === " " && !isRemoved)) this.#oldLeft[parent]--;
    }
    if (!isRemoved) this.#newLeft--;
    if (isAdded) section.added++;
    if (isRemoved) section.removed++;
    if (this.#hasRoom()) {
      this.#kept++;
      this.#keptOfFile++;
      const isSimple = this.#parents === 1;
      this.#hunk!.lines.push({
        kind: isAdded ? "added" : isRemoved ? "removed" : "context",
        oldLine: isSimple && !isAdded ? this.#oldLine : null,
        newLine: isRemoved ? null : this.#newLine,
        text: this.#shortened(line.slice(this.#parents)),
      });
    } else section.cut = true;
    if (!isAdded) this.#oldLine++;
    if (!isRemoved) this.#newLine++;
  }

  #shortened(text: string): string {
    const { lineLength } = this.#limits;
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    return whole.length <= lineLength ? whole : `${whole.slice(0, lineLength)}…`;
  }

  #hasRoom(): boolean {
    return this.#keptOfFile < this.#limits.linesOfFile && this.#kept < this.#limits.lines;
  }
}

/** The most of a patch that is read; what is longer was not written by hand. */
const MOST_BYTES = 6 * 1_048_576;
const LONGEST_MS = 20_000;
/** The most files that are listed. */
const MOST_FILES = 1_000;
/** The most code that is highlighted in one diff, in characters. */
const MOST_HIGHLIGHTED = 400_000;

const OPTIONS = [
  "-c",
  "core.quotePath=true",
  "-c",
  "diff.renameLimit=1000",
  "diff-tree",
  "--no-commit-id",
  "--root",
  "-r",
  "-M",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--submodule=short",
];

/** Which commit is compared, in which repository. */
export interface CommitDiffOptions {
  place: GitDir;
  hash: CommitHash;
  /** How many parents it has. */
  parents: number;
  signal?: AbortSignal;
}

/**
 * Reads what a commit changes: compared with its parent, or with nothing if it is the first. For a merge, only what it
 * has from none of its parents counts: everything else is the work of other commits.
 */
export async function readCommitDiff(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitResult<"diff">> {
  return options.parents > 1 ? await readMerge(git, options) : await readChange(git, options);
}

async function readMerge(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitResult<"diff">> {
  const { sections, end, cut } = await readPatch(git, { ...options, mode: "--cc" });
  if (end.kind !== "ok") return troubleWith(end, options);
  const files = sections.slice(0, MOST_FILES).map((section): FileDiff => ({
    path: section.path,
    spelledPath: section.spelledPath,
    oldPath: null,
    status: mergedStatus(section),
    oldMode: null,
    newMode: null,
    binary: section.binary,
    added: section.added,
    removed: section.removed,
    hunks: plainHunks(section),
    cut: section.cut,
  }));
  return await finished("parents", files, cut || sections.length > MOST_FILES);
}

async function readChange(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitResult<"diff">> {
  const { place, hash, parents, signal } = options;
  const [listing, patch] = await Promise.all([
    git.run([...OPTIONS, "--raw", "--numstat", "-z", hash], {
      ...place,
      signal,
      timeoutMs: LONGEST_MS,
      maxBytes: 16 * 1_048_576,
    }),
    readPatch(git, { ...options, mode: "-p" }),
  ]);
  if (listing.kind !== "ok") return troubleWith(listing, options);
  if (patch.end.kind !== "ok") return troubleWith(patch.end, options);
  const listed = parseFileList(listing.stdout);
  const { sections } = patch;
  let at = 0;
  const files = listed.slice(0, MOST_FILES).map((file): FileDiff => {
    // A change of type, as from a file to a link, is patched as one file less and one more.
    const own = sections.slice(at, at += file.status === "typeChanged" ? 2 : 1);
    return {
      ...file,
      binary: file.added === null,
      added: file.added ?? 0,
      removed: file.removed ?? 0,
      hunks: own.flatMap(plainHunks),
      // git was stopped within the last section, or before there was one.
      cut: own.some((section) => section.cut) ||
        (patch.cut && at >= sections.length && file.added !== null),
    };
  });
  const cut = patch.cut || listed.length > MOST_FILES;
  return await finished(parents === 0 ? "nothing" : "parent", files, cut);
}

/** A commit that no ref holds is there until git tidies up, and stays in the store after that. */
function troubleWith(outcome: GitFailure, { place, hash }: CommitDiffOptions): GitError {
  const isGone = outcome.kind === "failed" &&
    new RegExp(`(bad object|unable to read|ambiguous argument) '?${hash}`).test(outcome.stderr);
  if (!isGone) return gitError(outcome, place.cwd);
  const message = "The repository no longer has this commit: " +
    "no branch or tag held it any more, and git has removed it.";
  return { kind: "error", code: "notFound", message };
}

async function readPatch(
  git: GitRunner,
  { place, hash, signal, mode }: CommitDiffOptions & { mode: "-p" | "--cc" },
): Promise<{ sections: PatchSection[]; end: GitEnd; cut: boolean }> {
  const parser = new PatchParser();
  let size = 0;
  const stream = git.stream(
    [...OPTIONS, mode, "-U3", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", hash],
    { ...place, signal, timeoutMs: LONGEST_MS, idleMs: LONGEST_MS },
  );
  for await (const chunk of stream) {
    parser.push(chunk);
    size += chunk.byteLength;
    if (size > MOST_BYTES) break;
  }
  const ended = await stream.ended;
  const cut = size > MOST_BYTES;
  if (!cut) parser.end();
  const end: GitEnd = cut && ended.kind === "aborted" ? { kind: "ok", stderr: "" } : ended;
  return { sections: parser.sections, end, cut };
}

function mergedStatus({ header }: PatchSection): FileStatus {
  if (header.some((line) => line.startsWith("new file mode "))) return "added";
  if (header.some((line) => line.startsWith("deleted file mode "))) return "deleted";
  return "modified";
}

function plainHunks(section: PatchSection): Hunk[] {
  return section.hunks.map((hunk) => ({
    ...hunk,
    lines: hunk.lines.map(({ text, ...line }) => ({ ...line, code: [text] })),
  }));
}

async function finished(
  against: CommitDiff["against"],
  files: FileDiff[],
  cut: boolean,
): Promise<GitResult<"diff">> {
  let left = MOST_HIGHLIGHTED;
  for (const { path, hunks } of files) {
    for (const hunk of hunks) {
      left -= hunk.lines.reduce((sum, { code }) => sum + code[0].length, 0);
      if (left < 0) break;
      await highlightHunk(hunk, path);
    }
  }
  const isCut = cut || files.some((file) => file.cut);
  return { kind: "ok", value: { against, files, cut: isCut } };
}

/** Reads both sides as code of their own, since removed and added lines do not follow each other. */
async function highlightHunk({ lines }: Hunk, path: string): Promise<void> {
  const shown = new Map<number, CodeLine>();
  for (const other of ["added", "removed"]) {
    const places = lines.flatMap(({ kind }, i) => kind === other ? [] : [i]);
    const code = await highlightLines(places.map((i) => lines[i].code[0] as string), path);
    places.forEach((place, i) => shown.set(place, code[i]));
  }
  for (const [i, code] of shown) lines[i] = { ...lines[i], code };
}

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const COUNTS = /^(\d+|-)\t(\d+|-)\t/;

/** Counts files and lines that commits change, all of them in one process. Merges are left out. */
export async function readCommitSizes(
  git: GitRunner,
  { place, hashes, signal }: {
    place: GitDir;
    hashes: readonly CommitHash[];
    signal?: AbortSignal;
  },
): Promise<GitResult<"sizes">> {
  const outcome = await git.run(
    ["diff-tree", "--stdin", "--root", "-r", "-M", "--numstat", "--no-ext-diff", "--no-textconv"],
    {
      ...place,
      input: `${hashes.join("\n")}\n`,
      signal,
      timeoutMs: 10_000,
      maxBytes: 8_388_608,
    },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const sizes: Record<string, CommitSize> = {};
  let current: CommitSize | null = null;
  for (const line of new TextDecoder().decode(outcome.stdout).split("\n")) {
    if (HASH.test(line)) {
      current = sizes[line] = { files: 0, added: 0, removed: 0 };
      continue;
    }
    const counts = COUNTS.exec(line);
    if (counts === null || current === null) continue;
    current.files++;
    current.added += Number(counts[1]) || 0;
    current.removed += Number(counts[2]) || 0;
  }
  return { kind: "ok", value: { sizes } };
}

/** The most of a message that is given, in UTF-16 units. */
const MOST = 20_000;

/** Reads what a commit's message says below its subject. */
export async function readCommitMessage(
  git: GitRunner,
  { place, hash, signal }: { place: GitDir; hash: CommitHash; signal?: AbortSignal },
): Promise<GitResult<"message">> {
  const outcome = await git.run(
    [
      "log",
      "-1",
      "--no-patch",
      "--no-notes",
      "--no-show-signature",
      "--no-color",
      "--encoding=UTF-8",
      "--format=%b",
      hash,
      "--",
    ],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 16 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const body = new TextDecoder().decode(outcome.stdout).trimEnd();
  return { kind: "ok", value: { body: body.slice(0, MOST), cut: body.length > MOST } };
}
