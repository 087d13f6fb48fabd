import type { PatchFile, PatchLine } from "../git/patch.ts";
import type { WrittenRange } from "../store/views/written_lines.ts";
import { type CodePiece, highlightLines } from "./highlight.ts";
import { indexWritten, sameWriter, type Writer } from "./written.ts";

/** A line of a diff as a page shows it. */
export interface DiffLine extends Omit<PatchLine, "text"> {
  pieces: CodePiece[];
  /** Who wrote it, where it is an added line and that is known. */
  writer: Writer | null;
  /** Whether the line above comes from somebody else: the writer's name goes above this one. */
  isFirst: boolean;
}

/** A file of a diff as a page shows it. */
export interface DiffFile extends Omit<PatchFile, "hunks"> {
  hunks: { heading: string; lines: DiffLine[] }[];
  /** How many of its added lines sessions are known to have written. */
  written: number;
}

/** Marks each added line of a patch with the session and prompt that wrote it. */
export async function viewDiff(
  files: readonly PatchFile[],
  ranges: readonly WrittenRange[],
): Promise<DiffFile[]> {
  const writerOf = indexWritten(ranges);
  const isTold = ranges.length > 0;
  return await Promise.all(files.map(async (file) => {
    const pieces = await piecesOf(file);
    let written = 0;
    const hunks = file.hunks.map(({ heading, lines }) => {
      let last: Writer | null | undefined;
      return {
        heading,
        lines: lines.map((line): DiffLine => {
          const { text: _, ...rest } = line;
          const writer = line.mark === "+" ? writerOf(file.path, line.after!) : null;
          if (writer !== null) written++;
          const isFirst = isTold && line.mark === "+" &&
            (last === undefined ? writer !== null : !sameWriter(last, writer));
          if (line.mark === "+") last = writer;
          return { ...rest, pieces: pieces.get(line)!, writer, isFirst };
        }),
      };
    });
    return { ...file, hunks, written };
  }));
}

/** Both sides are read as code of their own, since removed and added lines do not follow each other. */
async function piecesOf(file: PatchFile): Promise<Map<PatchLine, CodePiece[]>> {
  const lines = file.hunks.flatMap((hunk) => hunk.lines);
  const pieces = new Map<PatchLine, CodePiece[]>();
  for (const hidden of ["+", "-"]) {
    const side = lines.filter(({ mark }) => mark !== hidden);
    const shown = await highlightLines(side.map(({ text }) => text), file.path);
    side.forEach((line, i) => pieces.set(line, shown[i] ?? [{ text: line.text, kind: null }]));
  }
  return pieces;
}
