import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import type { GitSyncProgress } from "../../lib/sync/events.ts";
import { linkSessions } from "../../lib/sync/link_step.ts";

const T = Date.UTC(2026, 0, 5, 12);
const MADE = "a".repeat(40);
const OTHER = "b".repeat(40);

describe("linkSessions", () => {
  let db: Database;
  let seen: GitSyncProgress[];

  beforeEach(() => {
    db = openDatabase(":memory:");
    seen = [];
    db.exec(`
      INSERT INTO transcript_files (id, path, inode, size, mtime_ms, offset, tail_hash, parser_version)
        VALUES (1, '/t', 1, 1, 1, 1, 1, 1);
      INSERT INTO repositories (id, common_dir, path, name, state) VALUES
        (1, '/r/.git', '/r', 'r', 'ready'), (2, '/empty/.git', '/empty', 'empty', 'ready');
      INSERT INTO sessions (id, session_id, cwds) VALUES (1, 's1', '["/r"]'), (2, 's2', '["/empty"]');
      INSERT INTO activities VALUES (1, ${T}, ${T + 600_000}), (2, ${T}, ${T + 600_000});
    `);
    const event = (session: number, kind: string, cwd: string, data: object) =>
      db.run(
        `INSERT INTO session_events (session_id, file_id, at, kind, message, cwd, data)
         VALUES (?, 1, ?, ?, 1, ?, ?)`,
        session,
        T + 1000,
        kind,
        cwd,
        JSON.stringify({ toolUse: "t1", agent: null, ...data }),
      );
    event(1, "command", "/r", { command: "git commit -m 'made'", background: false });
    event(1, "commit", "/r", {
      hash: MADE.slice(0, 8),
      branch: "main",
      subject: "made",
      amend: false,
      source: "output",
    });
    event(2, "prompt", "/empty", { text: "hello" });
    for (const [hash, at] of [[MADE, T + 1000], [OTHER, T + 86_400_000]] as const) {
      db.run(
        `INSERT INTO commits (repository_id, hash, parents, author_at, committer_at, author_name, author_email,
           committer_email, subject) VALUES (1, ?, '', ?, ?, 'A', 'a@x', 'a@x', 'made')`,
        hash,
        at,
        at,
      );
    }
  });
  afterEach(() => db[Symbol.dispose]());

  function link() {
    return linkSessions({ db, now: () => T }, { onProgress: (event) => seen.push(event) });
  }

  it("links a session with the commit that its output shows, and counts it on the commit", async () => {
    assertEquals((await link()).linksCreated, 1);
    const rows = db.all<{ session_id: number; tier: number; hash: string; link_count: number }>(
      `SELECT l.session_id, l.tier, c.hash, c.link_count FROM session_commits l JOIN commits c ON c.id = l.commit_id`,
    );
    assertEquals(rows.map((row) => ({ ...row })), [
      { session_id: 1, tier: 1, hash: MADE, link_count: 1 },
    ]);
  });

  it("counts only sessions whose repository has commits, and reaches the total", async () => {
    await link();
    assertEquals(seen, [
      { type: "correlatingStarted", totalCorrelatableSessions: 1 },
      {
        type: "sessionCorrelated",
        sessionsDone: 1,
        totalCorrelatableSessions: 1,
        linksInSession: 1,
      },
    ]);
  });

  it("does nothing when nothing changed", async () => {
    await link();
    seen = [];
    const before = db.get("SELECT total_changes() AS n");
    assertEquals((await link()).linksCreated, 0);
    assertEquals(seen, [{ type: "correlatingStarted", totalCorrelatableSessions: 0 }]);
    assertEquals(db.get("SELECT total_changes() AS n"), before);
  });
});
