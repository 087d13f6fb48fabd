import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { CommitHash, RepositoryKey } from "../../lib/domain/ids.ts";
import type { Database } from "../../lib/store/database.ts";
import { findCommit } from "../../lib/store/read/commit_detail.ts";
import { getSession } from "../../lib/store/read/session_detail.ts";
import { listSessions } from "../../lib/store/read/session_list.ts";
import { writtenLines } from "../../lib/store/read/written_lines.ts";
import { hashOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";

describe("what pages ask the store about one thing", () => {
  let db: Database;

  beforeEach(() => {
    db = seedStore({ sessions: 20, commits: 60 });
  });
  afterEach(() => db[Symbol.dispose]());

  /** Puts events into a session of their own, one a second. */
  function tell(session: number, events: [kind: string, data: object][]): void {
    db.run("DELETE FROM session_events WHERE session_id = ?", session);
    events.forEach(([kind, data], i) =>
      db.run(
        "INSERT INTO session_events (session_id, source_id, at, kind, message, data) VALUES (?, ?, ?, ?, ?, ?)",
        ...[session, session, 1_000 * i, kind, i, JSON.stringify(data)],
      )
    );
  }

  describe("getSession", () => {
    it("counts the work that follows each prompt, and what came before the first", () => {
      tell(3, [
        ["edit", { path: "/a.ts" }],
        ["prompt", { text: "one" }],
        ["edit", { path: "/a.ts" }],
        ["edit", { path: "/a.ts" }],
        ["edit", { path: "/b.ts" }],
        ["command", { command: "git commit -m x" }],
        ["failure", { reason: "denied", exitCode: null }],
        ["skill", { skill: "commit" }],
        ["commit", { hash: "abc1234" }],
        ["prompt", { text: "two" }],
      ]);
      const { workBefore, prompts, nextPrompts } = getSession(db, sessionIdOf(3))!;
      const none = { edits: 0, files: 0, commands: 0, commits: 0, skills: [], failures: 0 };
      assertEquals(workBefore, { ...none, edits: 1, files: 1 });
      assertEquals(prompts.map(({ text }) => text), ["one", "two"]);
      assertEquals(prompts[0].work, {
        edits: 3,
        files: 2,
        commands: 1,
        commits: 1,
        skills: ["commit"],
        failures: 1,
      });
      assertEquals(prompts[1].work, none);
      assertEquals(nextPrompts, null);
    });

    it("gives hundreds of prompts in parts, each once", () => {
      tell(3, Array.from({ length: 450 }, (_, i) => ["prompt", { text: `${i}` }]));
      const texts: string[] = [];
      let skipPrompts: number | null = 0;
      while (skipPrompts !== null) {
        const session: ReturnType<typeof getSession> = getSession(db, sessionIdOf(3), {
          skipPrompts,
        });
        texts.push(...session!.prompts.map(({ text }) => text));
        skipPrompts = session!.nextPrompts;
      }
      assertEquals(texts, Array.from({ length: 450 }, (_, i) => `${i}`));
    });

    it("cuts a prompt that is very long, and says so", () => {
      tell(3, [["prompt", { text: "x".repeat(10_000) }]]);
      const [prompt] = getSession(db, sessionIdOf(3))!.prompts;
      assert(prompt.cut && prompt.text.length === 4_000);
    });

    it("names the sessions that were at work in the same project at the same time", () => {
      db.exec(`
      UPDATE sessions SET project_id = 1 WHERE id <= 4;
      DELETE FROM activities;
      UPDATE sessions SET started_at = 0, ended_at = 100;
      INSERT INTO activities VALUES (1, 0, 10), (1, 90, 100), (2, 5, 20), (3, 40, 50), (4, 100, 100);
    `);
      const { openAtTheTime } = getSession(db, sessionIdOf(1))!;
      assertEquals(
        openAtTheTime.map(({ sessionId }) => sessionId as string),
        [sessionIdOf(2), sessionIdOf(4)],
      );
    });
  });

  describe("listSessions", () => {
    it("puts sessions without a dated message last, whatever the order", () => {
      db.run("UPDATE sessions SET started_at = NULL, ended_at = NULL WHERE id IN (2, 5)");
      for (const order of ["asc", "desc"] as const) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: ReturnType<typeof listSessions> = listSessions(db, {
            sort: "started",
            order,
            limit: 3,
            cursor,
          });
          seen.push(...page.items.map(({ sessionId }) => sessionId));
          cursor = page.cursor;
        } while (cursor !== null);
        assertEquals(new Set(seen).size, 20);
        assertEquals(seen.slice(-2).toSorted(), [sessionIdOf(2), sessionIdOf(5)]);
      }
    });
  });

  describe("findCommit", () => {
    function copyTo(repository: number, hash: string): void {
      db.run(
        `INSERT INTO commits (repository_id, hash, parents, author_at, committer_at, author_name, author_email,
        committer_email, subject) VALUES (?, ?, '', 0, 0, '', '', '', 'copy')`,
        ...[repository, hash],
      );
    }

    it("finds the same commit in each of the repositories that hold it", () => {
      const [row] = db.all<{ repository_id: number }>(
        "SELECT repository_id FROM commits WHERE hash = ?",
        hashOf(5),
      );
      const other = row.repository_id === 1 ? 2 : 1;
      copyTo(other, hashOf(5));
      const found = findCommit(db, hashOf(5).toUpperCase(), {
        repositoryKey: other as RepositoryKey,
      });
      assert(found.kind === "found");
      assertEquals(found.commit.subject, "copy");
      assertEquals(found.commit.alsoIn.map(({ id }) => id), [repositoryIdOf(row.repository_id)]);
    });

    it("says which commits a start is of where there are several", () => {
      copyTo(1, `abcdef${"0".repeat(34)}`);
      copyTo(1, `abcdef${"1".repeat(34)}`);
      const found = findCommit(db, "abcdef");
      assert(found.kind === "ambiguous");
      assertEquals(found.candidates.length, 2);
    });

    it("finds nothing by what is no hash", () => {
      for (const hash of ["", "abc", "xyz12345", "%", "a".repeat(65)]) {
        assertEquals(findCommit(db, hash).kind, "notFound");
      }
    });

    it("names parents, and their subjects where they are stored", () => {
      db.run("UPDATE commits SET parents = ? WHERE hash = ?", `${"f".repeat(40)}`, hashOf(5));
      const found = findCommit(db, hashOf(5));
      assert(found.kind === "found");
      assertEquals(found.commit.parents, [{ hash: "f".repeat(40) as CommitHash, subject: null }]);
    });
  });

  describe("writtenLines", () => {
    it("gives each range the prompt that came before its edit", () => {
      tell(3, [
        ["prompt", { text: "one" }],
        ["edit", { path: "/a.ts" }],
        ["prompt", { text: "two" }],
        ["prompt", { text: "to a subagent", subagent: "a1" }],
        ["edit", { path: "/a.ts" }],
      ]);
      const edits = db.all<{ id: number }>(
        "SELECT id FROM session_events WHERE session_id = 3 AND kind = 'edit' ORDER BY at",
      );
      const commit = db.get<{ id: number; repository_id: RepositoryKey }>(
        "SELECT id, repository_id FROM commits WHERE hash = ?",
        hashOf(5),
      )!;
      db.run("DELETE FROM line_ranges WHERE commit_id = ?", commit.id);
      const add = (line: number, event: number | null) =>
        db.run(
          "INSERT INTO line_ranges VALUES (?, 'a.ts', ?, ?, 3, ?)",
          commit.id,
          line,
          line,
          event,
        );
      add(1, edits[0].id);
      add(2, edits[1].id);
      add(3, null);
      const ranges = writtenLines(db, commit.repository_id, { hashes: [hashOf(5)], path: "a.ts" })
        .get(hashOf(5) as CommitHash)!;
      assertEquals(ranges.map(({ firstLine, prompt }) => [firstLine, prompt?.text]), [
        [1, "one"],
        [2, "two"],
        [3, undefined],
      ]);
    });
  });
});
