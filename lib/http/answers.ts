import type { CommitDiff, GitError } from "../git/read/queries.ts";
import { textOf } from "../highlight/code_line.ts";
import type { BlameView } from "../queries/blame.ts";
import type { Database } from "../store/database.ts";
import { type CommitDetail, findCommit } from "../store/read/commit_detail.ts";
import type { WrittenRange } from "../store/read/written_lines.ts";
import { errorResponse } from "./errors.ts";
import { answer, repositoryParam } from "./params.ts";

/** Answers with what `shape` makes of the commit whose hash starts with `hash`: 404 for none, 409 for several. */
export function answerForCommit(
  store: Database,
  { hash, params }: { hash: string; params: URLSearchParams },
  shape: (commit: CommitDetail) => unknown,
): Response {
  return answer(() => {
    const found = findCommit(store, hash, { repositoryId: repositoryParam(params) });
    switch (found.kind) {
      case "found":
        return shape(found.commit);
      case "ambiguous": {
        const candidates = found.candidates.map((commit) => commit.hash.slice(0, 12)).join(", ");
        return errorResponse(
          409,
          `Several commits start with this: ${candidates}. Give more of the hash.`,
          { code: "ambiguous" },
        );
      }
      case "notFound":
        return errorResponse(
          404,
          "No commit has this hash. Give its first 4 digits at least; GET /api/commits lists them.",
        );
      default:
        return found satisfies never;
    }
  });
}

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
export function gitErrorResponse({ code, message }: GitError): Response {
  return code === "notFound"
    ? errorResponse(404, message)
    : errorResponse(503, message, { code: `repository${code[0].toUpperCase()}${code.slice(1)}` });
}
