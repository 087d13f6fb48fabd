import { combinedPath, headerPath } from "./diff_parser.ts";
import { spellPath } from "./tree_path.ts";

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
  /** See `spellPath`; git quotes names that are not ASCII. Of a merge's section alone. */
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
export const PATCH_LIMITS: PatchLimits = { linesOfFile: 3_000, lines: 12_000, lineLength: 2_000 };

const MOST_HEADERS = 12;

/**
 * Reads what `git diff-tree -p` prints, of merges too (`--cc`), piece by piece.
 *
 * What lines say is never taken for git's own words: a hunk has as many lines as its head announces.
 */
export class PatchParser {
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
