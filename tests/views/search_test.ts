import { assert, assertEquals } from "@std/assert";
import { fc } from "../support/harness.ts";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { listCommits } from "../../lib/store/read/commit_list.ts";
import { promptId } from "../../lib/store/read/refs.ts";
import { excerpt, search } from "../../lib/store/read/search.ts";
import { listSessions } from "../../lib/store/read/session_list.ts";
import { matchQuery } from "../../lib/store/read/text_filter.ts";
import { markOf, refreshSearch } from "../../lib/store/write/search_index.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";

describe("search", () => {
  let db: Database;

  beforeEach(async () => {
    db = seedStore({ sessions: 20, commits: 120 });
    await refreshSearch(db);
  });
  afterEach(() => db[Symbol.dispose]());

  function retitle(id: number, title: string): void {
    db.run("UPDATE sessions SET title = ? WHERE id = ?", title, id);
  }

  it("never fails, whatever is typed", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom('"', "*", "(", "NEAR", "AND", ":", "-", "^", "a", " ", "\0"),
      }),
    );
    fc.assert(fc.property(text, (query) => {
      search(db, query);
      listCommits(db, { text: query, author: query });
      listSessions(db, { text: query });
    }));
  });

  it("takes each word as the start of one, in any order and case, without accents", () => {
    retitle(1, "Révise le métronome");
    for (const query of ["metronome", "MÉTRO", "metro rev", "  metro,  révi "]) {
      assertEquals(search(db, query).sessions.map((hit) => hit.sessionId), [sessionIdOf(1)]);
    }
    assertEquals(search(db, "etronome").sessions, []);
  });

  it("ranks a title that says the word more densely first", () => {
    retitle(1, "metronome among very many other words that have nothing to do with it at all");
    retitle(2, "metronome, metronome");
    assertEquals(
      search(db, "metronome").sessions.map((hit) => hit.sessionId),
      [sessionIdOf(2), sessionIdOf(1)],
    );
  });

  it("follows a title that changes, and a session that goes", () => {
    retitle(1, "metronome");
    retitle(1, "pendulum");
    assertEquals(search(db, "metronome").sessions, []);
    assertEquals(search(db, "pendulum").sessions.length, 1);
    db.run("DELETE FROM sessions WHERE id = 1");
    assertEquals(search(db, "pendulum").sessions, []);
  });

  it("tells where an edited file is in its repository, and who edited it last", () => {
    const [hit] = search(db, "src").files;
    assert(hit.repository !== null);
    assertEquals(hit.path, `${hit.repository.path}/${hit.pathInRepository}`);
    assert(hit.session !== null);
  });

  it("leaves out prompts that a fork copied", async () => {
    db.run("UPDATE session_events SET data = ?, owned = 1 WHERE id = 1", '{"text":"metronome"}');
    db.run("UPDATE session_events SET data = ?, owned = 0 WHERE id = 3", '{"text":"metronome"}');
    db.run("UPDATE search_marks SET last_id = 0");
    await refreshSearch(db);
    const event = db.get<{ message: number; at: number }>(
      "SELECT message, at FROM session_events WHERE id = 1",
    )!;
    assertEquals(search(db, "metronome").prompts.map((hit) => hit.id), [promptId(event)]);
  });
});

describe("refreshSearch", () => {
  it("takes in what is new, and lets go of what is deleted, even where ids are given anew", async () => {
    using db = seedStore({ sessions: 5, commits: 30 });
    await refreshSearch(db);
    db.run("DELETE FROM commits WHERE id > 20");
    db.run("UPDATE commits SET subject = 'unseen' WHERE id = 20");
    db.run(
      `INSERT INTO commits (repository_id, hash, parents, author_at, committer_at, author_name, author_email,
        committer_email, subject) VALUES (1, 'ab', '', 0, 0, 'a', 'b', 'c', 'metronome')`,
    );
    assertEquals(markOf(db, "commits"), 20);
    await refreshSearch(db);
    assertEquals(search(db, "metronome").commits.map((hit) => hit.hash as string), ["ab"]);
  });

  it("changes nothing where nothing is new", async () => {
    using db = seedStore({ sessions: 5, commits: 30 });
    await refreshSearch(db);
    const before = db.changes;
    await refreshSearch(db);
    assertEquals(db.changes, before);
  });

  it("stops at the next batch once aborted", async () => {
    using db = seedStore({ sessions: 1, commits: 5_000 });
    const controller = new AbortController();
    await refreshSearch(db, {
      signal: controller.signal,
      pause: () => Promise.resolve(controller.abort()),
    });
    assert(markOf(db, "commits") < 5_000);
  });
});

describe("text filters of lists", () => {
  it("find commits that the index does not hold yet", () => {
    using db = seedStore({ sessions: 5, commits: 30 });
    db.run("UPDATE commits SET subject = 'wind the metronome' WHERE id = 7");
    const hashes = listCommits(db, { text: "metronome wind" }).items.map((item) => item.hash);
    assertEquals(hashes as string[], [hashOf(7)]);
  });

  it("find nothing by a text without a word", () => {
    using db = seedStore({ sessions: 5, commits: 30 });
    assertEquals(listCommits(db, { text: "--- ***" }).total, 0);
    assertEquals(matchQuery("--- ***"), null);
  });
});

describe("excerpt", () => {
  it("marks each word where it begins", () => {
    const { text, marks } = excerpt("Fix the loom, refix looms", "loom fix");
    assertEquals(marks.map(([from, to]) => text.slice(from, to)), ["Fix", "loom", "loom"]);
  });

  it("cuts a long text down to where the first word is", () => {
    const { text, marks } = excerpt(`${"x ".repeat(500)}loom${" y".repeat(500)}`, "loom");
    assert(text.length < 170);
    assertEquals(text.slice(...marks[0]), "loom");
  });

  it("keeps marks inside any text, and the text well-formed", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string(), (from, query) => {
      const { text, marks } = excerpt(from, query);
      assert(text.isWellFormed());
      let end = 0;
      for (const [first, last] of marks) {
        assert(end <= first && first < last && last <= text.length);
        end = last;
      }
    }));
  });
});
