import type { GitQuery, GitResult, GitResults } from "../../lib/git/read/queries.ts";
import type { GitReading } from "../../lib/git/read/reading.ts";
import type { CommitHash } from "../../lib/domain/ids.ts";

/** A reading that knows one commit, of one file with two lines, whatever it is asked. */
export function cannedGit(commit: string): GitReading {
  const hash = commit as CommitHash;
  const answers: GitResults = {
    sizes: { sizes: {} },
    message: { body: "Because it was missing.", cut: false },
    revision: { hash },
    refs: { refs: [{ kind: "branch", name: "main" }], cut: false },
    path: { kind: "file", size: 12, mode: "100644" },
    range: {
      mergeBase: hash,
      cut: false,
      commits: [{
        hash,
        authorName: "Ada",
        authorAt: Date.UTC(2026, 2, 1),
        subject: "Add it",
        merge: false,
        files: [{ path: "src/a.ts", added: 1, removed: 1, binary: false }],
      }],
    },
    blame: {
      kind: "text",
      lineCount: 2,
      from: 1,
      lines: [["one"], [["two", "keyword"]]],
      groups: [{
        line: 1,
        count: 2,
        hash,
        originalLine: 1,
        originalPath: "src/a.ts",
        authorName: "Ada",
        authorAt: Date.UTC(2026, 2, 1),
        subject: "Add it",
        previous: null,
      }],
    },
    diff: {
      against: "parent",
      cut: false,
      files: [{
        path: "src/a.ts",
        spelledPath: "src/a.ts",
        oldPath: null,
        status: "modified",
        oldMode: "100644",
        newMode: "100644",
        binary: false,
        added: 1,
        removed: 1,
        cut: false,
        hunks: [{
          oldStart: 1,
          newStart: 1,
          heading: "",
          lines: [
            { kind: "removed", oldLine: 1, newLine: null, code: ["1"] },
            { kind: "added", oldLine: null, newLine: 1, code: ["one"] },
          ],
        }],
      }],
    },
  };
  return {
    ask<Ask extends keyof GitResults>(question: GitQuery & { ask: Ask }) {
      return Promise.resolve(
        { kind: "ok", value: answers[question.ask] } as GitResult<Ask>,
      );
    },
  };
}
