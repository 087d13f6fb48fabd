import type { DiffLine, FileDiff } from "../git/read/queries.ts";
import type { WrittenRange } from "../store/read/written_lines.ts";
import { indexWritten, sameWriter, type Writer } from "./line_writers.ts";

/** Neighbouring lines of a hunk that belong together: unchanged ones, or those of one writer. */
export interface DiffChunk {
  /** `written` and `added` are added lines, of a session and of nobody known; `removed` may stand between them. */
  kind: "context" | "written" | "added" | "removed";
  /** Who wrote the added lines, where that is known. */
  writer: Writer | null;
  lines: DiffLine[];
}

/** A file of a diff as a page shows it. */
export interface DiffFile extends Omit<FileDiff, "hunks"> {
  hunks: { oldStart: number; newStart: number; heading: string; chunks: DiffChunk[] }[];
  /** How many lines are shown. */
  shown: number;
  /** How many of them sessions are known to have written. */
  written: number;
}

/** Marks each added line of a diff with the session and prompt that wrote it. */
export function viewDiff(
  files: readonly FileDiff[],
  ranges: readonly WrittenRange[],
): DiffFile[] {
  const writerOf = indexWritten(ranges);
  return files.map((file) => {
    let written = 0;
    let shown = 0;
    const hunks = file.hunks.map(({ lines, ...hunk }) => {
      const chunks: DiffChunk[] = [];
      shown += lines.length;
      for (const line of lines) {
        const writer = line.kind === "added" ? writerOf(file.path, line.newLine!) : null;
        if (writer !== null) written++;
        const kind = line.kind === "added" ? writer === null ? "added" : "written" : line.kind;
        const last = chunks.at(-1);
        if (last?.kind === kind && sameWriter(last.writer, writer)) last.lines.push(line);
        else chunks.push({ kind, writer, lines: [line] });
      }
      return { ...hunk, chunks };
    });
    return { ...file, hunks, shown, written };
  });
}
