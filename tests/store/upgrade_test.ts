import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../lib/store/database.ts";
import { loadEvents } from "../../lib/store/write/session_events.ts";
import { partsOfSessions } from "../../lib/store/write/session_parts.ts";
import { listSources } from "../../lib/store/write/sources.ts";

const SCHEMA_0_1_0 = fileURLToPath(new URL("../fixtures/schema_0_1_0.sql", import.meta.url));
const SESSION = "0b0ba5e5-0000-4000-8000-000000000001";

/** A database of 0.1.0, in which the transcript of a session is gone. */
function writeOld(path: string): void {
  using db = new DatabaseSync(path);
  db.exec(Deno.readTextFileSync(SCHEMA_0_1_0));
  db.exec(`
    INSERT INTO transcript_files (id, path, inode, size, mtime_ms, offset, tail_hash, parser_version, lines, gone_at)
      VALUES (1, '/gone.jsonl', 7, 100, 5, 100, 1, 1, 3, 9), (2, '/there.jsonl', 8, 50, 6, 50, 1, 1, 2, NULL);
    INSERT INTO projects (id, path, name) VALUES (1, '/home/me/app', 'app');
    INSERT INTO sessions (id, session_id, project_id, title, bridge_id, message_count, settled)
      VALUES (1, '${SESSION}', 1, 'Kept', '01Ab', 1, 1);
    INSERT INTO session_parts (file_id, session_id, first_at, last_at, facts, messages)
      VALUES (1, 1, 1, 2, '{"session":"${SESSION}","aiTitle":"Kept","bridgeId":"01Ab","cwds":{"/home/me/app":1}}', x'');
    INSERT INTO session_events (id, session_id, file_id, at, kind, message, cwd, data, lines) VALUES
      (1, 1, 1, 1, 'prompt', 3, NULL, '{"toolUse":null,"agent":null,"text":"Do it"}', NULL),
      (2, 1, 1, 2, 'edit', 4, NULL, '{"toolUse":"t","agent":"a1","tool":"Shell","path":"/a"}', x'0100000005000000'),
      (3, 1, 1, 3, 'commit', 5, NULL,
        '{"toolUse":"t","agent":null,"hash":"abc1","branch":null,"subject":null,"amend":false,"source":"gitOperation"}', NULL),
      (4, 1, 1, 4, 'failure', 6, NULL, '{"toolUse":"t","agent":null,"rejected":true}', NULL);
    INSERT INTO repositories (id, common_dir, path, name, state) VALUES (1, '/r/.git', '/r', 'r', 'repository');
    INSERT INTO repository_aliases VALUES ('/old', '/new');
    INSERT INTO commits (id, repository_id, hash, parents, author_at, committer_at, author_name, author_email,
      committer_email, subject, elsewhere) VALUES (1, 1, 'abc1', '', 1, 1, 'A', 'a@x', 'a@x', 'One', 1);
    INSERT INTO session_commits VALUES (1, 1, 1, 0.9, 1, '[]');
    INSERT INTO written_files (session_id, repository_id, path, first_at, last_at, written, landed, superseded, uncounted)
      VALUES (1, 1, 'a', 1, 2, 5, 2, 1, 0);
    INSERT INTO settings VALUES ('gitSyncIntervalSecs', '120');
    INSERT INTO sync_runs (id, kind, started_at, outcome) VALUES (4, 'user', 1, 'completed');
  `);
}

describe("a database of 0.1.0", () => {
  it("becomes one of today without losing a session, an alias, a setting or a link", () => {
    const path = Deno.makeTempFileSync({ suffix: ".db" });
    try {
      writeOld(path);
      using db = openDatabase(path);
      const [session] = db.all(
        `SELECT agent, session_id, title, external_ids, link_count, lines_written, lines_landed, lines_undone, stale
         FROM sessions`,
      );
      assertEquals(session, {
        agent: "claude-code",
        session_id: SESSION,
        title: "Kept",
        external_ids: '["01Ab"]',
        link_count: 1,
        lines_written: 5,
        lines_landed: 2,
        lines_undone: 1,
        stale: 0,
      });
      assertEquals(
        listSources(db, "claude-code").map((
          { key, goneAt, readerVersion },
        ) => [key, goneAt, readerVersion]),
        [["/gone.jsonl", 9, 0], ["/there.jsonl", null, 0]],
      );
      const [{ part }] = partsOfSessions(db, [1]);
      assertEquals([part.generatedTitle, part.externalIds], ["Kept", ["01Ab"]]);
      const [prompt, edit, commit, failure] = loadEvents(db, 1);
      assertEquals(prompt.kind === "prompt" && prompt.text, "Do it");
      assertEquals(edit.kind === "edit" && [edit.by, edit.call, edit.subagent, [...edit.added]], [
        "command",
        "t",
        "a1",
        [5],
      ]);
      assertEquals(commit.kind === "commit" && commit.source, "structured");
      assertEquals(failure.kind === "failure" && failure.reason, "denied");
      assertEquals(db.all("SELECT old_path, new_path FROM repository_aliases"), [
        { old_path: "/old", new_path: "/new" },
      ]);
      assertEquals(db.all("SELECT value FROM settings"), [{ value: "120" }]);
      assertEquals(db.all("SELECT by_others FROM commits"), [{ by_others: 1 }]);
      assertEquals(db.all("SELECT id FROM sync_runs"), [{ id: 4 }]);
    } finally {
      Deno.removeSync(path);
    }
  });

  it("has the schema that a new database has", () => {
    const path = Deno.makeTempFileSync({ suffix: ".db" });
    try {
      writeOld(path);
      using old = openDatabase(path);
      using fresh = openDatabase(":memory:");
      const schemaOf = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
      assertEquals(old.all(schemaOf), fresh.all(schemaOf));
      assertEquals(old.all("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
      assertEquals(old.all("PRAGMA foreign_key_check"), []);
    } finally {
      Deno.removeSync(path);
    }
  });
});
