import type { BlameGroup } from "../../lib/domain/blame.ts";
import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { Blame } from "../../lib/git/read/queries.ts";
import type { CommitHash, RepositoryKey } from "../../lib/domain/ids.ts";
import { viewBlame } from "../../lib/queries/blame.ts";
import { viewDiff } from "../../lib/queries/diff.ts";
import { writerHref } from "../../lib/queries/line_writers.ts";
import type { Database } from "../../lib/store/database.ts";
import { promptId } from "../../lib/store/read/refs.ts";
import { sqliteReads } from "../../lib/store/read/sqlite_reads.ts";
import { writtenLines } from "../../lib/store/read/written_lines.ts";
import { hashOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";

const REPOSITORY = repositoryIdOf(1);
const REPOSITORY_KEY = 1 as RepositoryKey;

function group(line: number, count: number, rest: Partial<BlameGroup>): BlameGroup {
  return {
    line,
    count,
    hash: hashOf(1) as CommitHash,
    originalLine: line,
    originalPath: "now.ts",
    authorName: "Ada",
    authorAt: 0,
    subject: "as git says",
    previous: null,
    ...rest,
  };
}

function blameOf(
  lines: string[],
  groups: BlameGroup[],
  from = 1,
): Extract<Blame, { kind: "text" }> {
  return { kind: "text", lineCount: 90, from, lines: lines.map((text) => [text]), groups };
}

describe("whose lines are", () => {
  let db: Database;

  beforeEach(() => {
    db = seedStore({ sessions: 3, commits: 4, repositories: 1 });
    db.run("DELETE FROM session_commits");
    db.run("DELETE FROM line_ranges");
    db.run("UPDATE commits SET by_others = 0, best_tier = NULL");
    db.run("UPDATE commits SET by_others = 1 WHERE id = 3");
    db.run("UPDATE commits SET best_tier = 2 WHERE id IN (1, 2)");
    db.run(
      `INSERT INTO session_commits (session_id, commit_id, tier, confidence, evidence)
      VALUES (2, 1, 2, 0.5, '[]'), (2, 2, 2, 0.5, '[]')`,
    );
    // The second prompt of session 2 and the edit after it.
    db.run(
      `INSERT INTO line_ranges (commit_id, path, first_line, last_line, session_id, event_id)
      SELECT 1, 'then.ts', 11, 13, 2, id FROM session_events
      WHERE session_id = 2 AND kind = 'edit' ORDER BY at LIMIT 1 OFFSET 1`,
    );
  });

  afterEach(() => db[Symbol.dispose]());

  it("is told by the number and path that a line had in its commit", async () => {
    const groups = [group(1, 4, { originalLine: 10, originalPath: "then.ts" })];
    const view = await viewBlame(
      sqliteReads(db),
      blameOf(["a", "b", "c", "d"], groups),
      REPOSITORY,
    );
    assertEquals(
      view.chunks.map(({ source, first, lines }) => [source.kind, first, lines.length]),
      [
        ["commit", 1, 1],
        ["session", 2, 3],
      ],
    );
    const [{ prompt, session, lines, first }] = view.writers;
    assertEquals([session.sessionId, lines, first], [sessionIdOf(2), 3, 2]);
    const second = db.all<{ message: number; at: number }>(
      "SELECT message, at FROM session_events WHERE session_id = 2 AND kind = 'prompt' ORDER BY at",
    )[1];
    const id = promptId(second);
    assertEquals(prompt?.id, id);
    assertEquals(
      writerHref(view.writers[0]),
      `/sessions/${sessionIdOf(2)}?prompt=${id}#prompt-${id}`,
    );
  });

  it("is nobody's where the same lines stand under another name", async () => {
    const groups = [group(1, 1, { originalLine: 11, originalPath: "now.ts" })];
    const { chunks } = await viewBlame(sqliteReads(db), blameOf(["a"], groups), REPOSITORY);
    assertEquals(chunks[0].source.kind, "commit");
  });

  it("is said plainly where nothing tells: by hand, by others, before everything stored", async () => {
    const strange = "f".repeat(40) as CommitHash;
    const groups = [
      group(5, 1, { hash: hashOf(2) as CommitHash }),
      group(6, 1, { hash: hashOf(4) as CommitHash }),
      group(7, 1, { hash: hashOf(3) as CommitHash }),
      group(8, 1, { hash: strange, authorAt: 9e300 }),
    ];
    const view = await viewBlame(
      sqliteReads(db),
      blameOf(["a", "b", "c", "d"], groups, 5),
      REPOSITORY,
    );
    assertEquals(view.chunks.map(({ source }) => source.kind), [
      "commit",
      "nobody",
      "elsewhere",
      "unknown",
    ]);
    assertEquals(view.counts, { session: 0, commit: 1, nobody: 1, elsewhere: 1, unknown: 1 });
    assertEquals([view.from, view.to, view.lineCount], [5, 8, 90]);
    assertEquals(view.chunks[3].commit.stored, false);
    assertEquals(view.chunks[3].commit.subject, "as git says");
  });

  it("leaves a blank line with the line above it, if both are of one commit", async () => {
    const groups = [group(1, 3, { originalLine: 13, originalPath: "then.ts" })];
    const view = await viewBlame(sqliteReads(db), blameOf(["a", "  ", "c"], groups), REPOSITORY);
    assertEquals(view.chunks.map(({ source, lines }) => [source.kind, lines.length]), [
      ["session", 2],
      ["commit", 1],
    ]);
  });

  it("is told in a diff by the lines after the commit", () => {
    const ranges = writtenLines(db, REPOSITORY_KEY, { hashes: [hashOf(1)] }).get(
      hashOf(1) as CommitHash,
    )!;
    const line = (kind: "added" | "removed", newLine: number | null) => ({
      kind,
      oldLine: null,
      newLine,
      code: ["x"],
    });
    const [file] = viewDiff([{
      path: "then.ts",
      spelledPath: "then.ts",
      oldPath: null,
      status: "modified",
      oldMode: null,
      newMode: null,
      binary: false,
      added: 3,
      removed: 1,
      cut: false,
      hunks: [{
        oldStart: 1,
        newStart: 1,
        heading: "",
        lines: [line("added", 10), line("removed", null), line("added", 11), line("added", 12)],
      }],
    }], ranges);
    assertEquals(file.hunks[0].chunks.map(({ kind, lines }) => [kind, lines.length]), [
      ["added", 1],
      ["removed", 1],
      ["written", 2],
    ]);
    assertEquals([file.written, file.shown], [2, 4]);
  });
});
