import type { CommitDiff, GitTrouble } from "../git/questions.ts";
import { textOf } from "../highlight/code_line.ts";
import type { BlameView } from "../pages/blame_view.ts";
import type { WrittenRange } from "../store/views/written_lines.ts";
import { errorResponse } from "./errors.ts";

/** What `GET /api/commits/:hash/diff` gives: the diff as text, and which of its lines sessions wrote. */
export function diffAnswer(hash: string, diff: CommitDiff, written: readonly WrittenRange[]) {
  return {
    hash,
    against: diff.against,
    cut: diff.cut,
    files: diff.files.map(({ hunks, ...file }) => ({
      ...file,
      hunks: hunks.map(({ lines, ...hunk }) => ({
        ...hunk,
        lines: lines.map(({ code, ...line }) => ({ ...line, text: textOf(code) })),
      })),
      writtenLines: written.filter(({ path }) => path === file.path),
    })),
  };
}

/** What `GET /api/repositories/:id/blame` gives: lines by who wrote them. */
export function blameAnswer(
  { hash, path, view }: { hash: string; path: string; view: BlameView },
) {
  const { lineCount, from, to, counts } = view;
  return {
    path,
    hash,
    lineCount,
    firstLine: from,
    lastLine: to,
    counts,
    groups: view.chunks.map(({ commit, source, first, lines }) => ({
      firstLine: first,
      lines: lines.map(textOf),
      commit,
      source: source.kind,
      session: source.kind === "session"
        ? source.writer.session
        : source.kind === "commit"
        ? source.session
        : null,
      prompt: source.kind === "session" ? source.writer.prompt : null,
    })),
  };
}

/** The answer where git gave none. */
export function troubleResponse({ code, message }: GitTrouble): Response {
  return code === "notFound"
    ? errorResponse(404, message)
    : errorResponse(503, message, { code: `repository${code[0].toUpperCase()}${code.slice(1)}` });
}
