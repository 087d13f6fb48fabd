import { failure, inPath, type Operation, query, read } from "./operation.ts";
import {
  arrayOf,
  COUNT,
  FLAG,
  nullable,
  object,
  oneOf,
  ref,
  type Schema,
  TEXT,
  TIME,
} from "./schema.ts";

const LINE: Schema = { type: "integer", minimum: 1 };
const HASH = TEXT;

/** Addresses that read repositories themselves. */
export const GIT_PATHS: Record<string, { get: Operation }> = {
  "/api/commits/{hash}/diff": {
    get: withTrouble(
      read("What a commit changes, line by line, and which lines sessions wrote.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("Diff"),
        missing: "No commit has this hash.",
      }).get,
      { "409": failure("Several commits start with this.") },
    ),
  },
  "/api/repositories/{id}/blame": {
    get: withTrouble(
      read("Who wrote each line of a file, and what had been asked for.", {
        parameters: [
          inPath("id", COUNT, "The repository's number."),
          {
            ...query("path", TEXT, "The file, from the repository's topmost folder."),
            required: true,
          },
          query("rev", TEXT, "A branch, a tag, a commit's hash or HEAD, which is the default."),
          query("from", LINE, "The first line. Default 1."),
          query("count", { ...LINE, maximum: 1_000 }, "How many lines. Default 1000."),
        ],
        gives: ref("Blame"),
        missing: "There is no such repository, revision or text file.",
      }).get,
    ),
  },
};

/** Shapes of what is read from repositories, by name. */
export const GIT_SCHEMAS: Record<string, Schema> = {
  Diff: {
    ...object({
      hash: HASH,
      against: oneOf("parent", "parents", "nothing"),
      cut: FLAG,
      files: arrayOf(object({
        path: TEXT,
        spelledPath: TEXT,
        oldPath: nullable(TEXT),
        status: oneOf("added", "deleted", "modified", "renamed", "copied", "typeChanged"),
        oldMode: nullable(TEXT),
        newMode: nullable(TEXT),
        binary: FLAG,
        added: COUNT,
        removed: COUNT,
        cut: FLAG,
        hunks: arrayOf(object({
          oldStart: COUNT,
          newStart: COUNT,
          heading: TEXT,
          lines: arrayOf(object({
            kind: oneOf("context", "added", "removed"),
            oldLine: nullable(LINE),
            newLine: nullable(LINE),
            text: TEXT,
          })),
        })),
        writtenLines: arrayOf(ref("WrittenRange")),
      })),
    }),
    description:
      "Of a merge, what it has from none of its parents. `cut` says that there is more than is given. " +
      "`spelledPath` is what `path` is for a blame: in quotes, with `\\351` for a byte, where the name is not UTF-8.",
  },
  WrittenRange: object({
    path: TEXT,
    firstLine: COUNT,
    lastLine: COUNT,
    session: ref("SessionRef"),
    prompt: nullable(object({ id: COUNT, at: TIME, text: TEXT })),
  }),
  Blame: {
    ...object({
      path: TEXT,
      hash: HASH,
      lineCount: COUNT,
      firstLine: LINE,
      lastLine: COUNT,
      counts: object({
        session: COUNT,
        commit: COUNT,
        nobody: COUNT,
        elsewhere: COUNT,
        unknown: COUNT,
      }),
      groups: arrayOf(object({
        firstLine: LINE,
        lines: arrayOf(TEXT),
        commit: object({
          hash: HASH,
          subject: TEXT,
          authorName: TEXT,
          authoredAt: TIME,
          stored: FLAG,
        }),
        source: oneOf("session", "commit", "nobody", "elsewhere", "unknown"),
        session: nullable(ref("SessionRef")),
        prompt: nullable(object({ id: COUNT, at: TIME, text: TEXT })),
      })),
    }),
    description:
      "`source` says what tells whose a group of lines is: an edit of a session (session), the " +
      "commit's link (commit), nothing (nobody), that others made the commit (elsewhere), or that it is " +
      "older than what is stored (unknown).",
  },
};

function withTrouble(operation: Operation, more: Operation["responses"] = {}): Operation {
  return {
    ...operation,
    responses: {
      ...operation.responses,
      ...more,
      "503": failure("git cannot read the repository; the message says why and what to do."),
    },
  };
}
