import type { FileDiff } from "../git/read/queries.ts";
import { textOf } from "../highlight/code_line.ts";
import type { WrittenRange } from "../store/shapes.ts";
import { findCommit } from "./commits.ts";
import { indexWritten, sameWriter } from "./line_writers.ts";
import { defineQuery } from "./query.ts";
import { gitError, locationOf, readingOf } from "./repository_reading.ts";
import { findRepository } from "./repositories.ts";
import type { DiffFile } from "./schemas.ts";

/** Neighbouring lines of a hunk that belong together: unchanged ones, or those of one writer. */
export type DiffChunk = DiffFile["hunks"][number]["chunks"][number];

/** What a commit changes, line by line, and which lines sessions wrote. */
export const diff = defineQuery("diff", async (context, input) => {
  const { hash, parents, repository, writtenLines } = await findCommit(context, input);
  const place = locationOf(await findRepository(context, repository.id));
  const answer = await readingOf(context)
    .ask({ ask: "diff", repository: place, hash, parents: parents.length });
  if (answer.kind === "error") throw gitError(answer);
  const { against, cut, files } = answer.value;
  return {
    hash,
    against,
    cut,
    files: files.map(({ hunks, ...file }) => ({
      ...file,
      hunks: hunks.map(({ lines, ...hunk }) => ({
        ...hunk,
        lines: lines.map(({ code, ...line }) => ({ ...line, text: textOf(code) })),
      })),
      writtenLines: writtenLines.filter(({ path }) => path === file.path),
    })),
  };
});

/** A commit's message, branches and diff, with who wrote which lines. */
export const changes = defineQuery("changes", async (context, input) => {
  const { git } = context;
  if (git === null) return { message: null, refs: null, diff: null };
  const { hash, parents, writtenLines, ...commit } = await findCommit(context, input);
  const repository = locationOf(await findRepository(context, commit.repository.id));
  const [message, answer, refs] = await Promise.all([
    git.ask({ ask: "message", repository, hash }),
    git.ask({ ask: "diff", repository, hash, parents: parents.length }),
    git.ask({ ask: "refs", repository, holding: hash }),
  ]);
  return {
    message: message.kind === "ok" ? message.value : null,
    refs: refs.kind === "ok" ? refs.value : null,
    diff: answer.kind === "error"
      ? { kind: "error", message: answer.message }
      : { ...answer.value, kind: "ok", files: viewDiff(answer.value.files, writtenLines) },
  };
});

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
