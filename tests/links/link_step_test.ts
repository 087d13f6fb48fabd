import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { linkSessions } from "../../lib/sync/steps/link.ts";
import { tell } from "./support/story.ts";
import { World } from "./support/world.ts";

const DIFFS = ["diff-tree"];

describe("linkSessions", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it("counts links and the best tier on the commit", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "counted"
    `,
    );
    const { linksCreated } = await world.sync();
    assertEquals(linksCreated, 1);
    const row = world.db.get<{ link_count: number; best_tier: number }>(
      "SELECT link_count, best_tier FROM commits WHERE subject = 'counted'",
    );
    assertEquals({ ...row }, { link_count: 1, best_tier: 1 });
  });

  it("counts only sessions whose repository has commits, and reaches the total", async () => {
    await tell(
      world,
      `
      repository app
      session A edits a.ts
      session A commits all as "one"
      session B edits b.ts
      session B commits all as "two"
      hand initialises empty
      session C begins in empty
      session D begins in scratch
    `,
    );
    await world.sync();
    assertEquals(world.progress, [
      { type: "correlatingStarted", totalCorrelatableSessions: 2 },
      {
        type: "sessionCorrelated",
        sessionsDone: 1,
        totalCorrelatableSessions: 2,
        linksInSession: 1,
      },
      {
        type: "sessionCorrelated",
        sessionsDone: 2,
        totalCorrelatableSessions: 2,
        linksInSession: 1,
      },
    ]);
  });

  it("counts a session in two repositories once, with its links in both", async () => {
    await tell(
      world,
      `
      repository app
      repository lib
      session A edits a.ts
      session A commits a.ts as "one" in app
      session A edits lib:l.ts
      session A commits lib:l.ts as "two" in lib
    `,
    );
    await world.sync();
    assertEquals(world.progress.slice(1), [
      {
        type: "sessionCorrelated",
        sessionsDone: 1,
        totalCorrelatableSessions: 1,
        linksInSession: 2,
      },
    ]);
  });

  it("changes no row, reads no diff and creates no link when nothing changed", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session B edits b.ts
      hand commits all as "both"
      "both" is by A and B
    `,
    );
    const changes = () => world.db.get<{ n: number }>("SELECT total_changes() AS n")!.n;
    const before = changes();
    const seen: unknown[] = [];
    world.asked.length = 0;
    const { db, runGit } = world;
    const { linksCreated } = await linkSessions({ db, runGit, now: () => world.now }, {
      onProgress: (progress) => seen.push(progress),
    });
    assertEquals(linksCreated, 0);
    assertEquals(seen, [{ type: "correlatingStarted", totalCorrelatableSessions: 0 }]);
    assertEquals(world.asked, []);
    assertEquals(changes(), before);
  });

  it("makes the same links again from stored diffs when everything is linked anew", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "first"
      session B edits b.ts
      hand commits all as "second"
      "second" is by B
    `,
    );
    const before = world.links();
    world.db.run("UPDATE repositories SET links_fingerprint = NULL");
    world.asked.length = 0;
    assertEquals((await world.sync()).linksCreated, 0);
    assertEquals(world.links(), before);
    assertEquals(world.asked.filter((verb) => DIFFS.includes(verb)), []);
  });

  it("reads the diffs of new commits alone", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "first"
      "first" is by A
      session A edits a.ts
      session A commits all as "second"
    `,
    );
    world.asked.length = 0;
    const lines = world.db.get<{ n: number }>("SELECT count(*) AS n FROM commit_changes")!.n;
    assertEquals((await world.sync()).linksCreated, 1);
    const after = world.db.get<{ n: number }>("SELECT count(*) AS n FROM commit_changes")!.n;
    assertEquals(after - lines, 1);
  });

  it("links without a rule that is left out, and with it again afterwards", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      2 hours later
      hand commits all as "by lines alone"
      "by lines alone" is by A
    `,
    );
    await world.sync({ withoutRules: ["content", "files"] });
    assertEquals(world.links(), []);
    await world.sync();
    assertEquals(world.links().length, 1);
  });

  it("keeps which edit wrote which lines of a commit", async () => {
    await tell(
      world,
      `
      hand edits a.ts with "by hand"
      hand commits all as "begun"
      session A edits a.ts
      hand commits all as "ranged"
    `,
    );
    await world.sync();
    const ranges = world.db.all<{ path: string; first: number; last: number; kind: string }>(
      `SELECT l.path, l.first_line AS first, l.last_line AS last, e.kind FROM line_ranges l
       JOIN commits c ON c.id = l.commit_id JOIN session_events e ON e.id = l.event_id
       WHERE c.subject = 'ranged'`,
    );
    assertEquals(ranges.map((range) => ({ ...range })), [
      { path: "a.ts", first: 2, last: 6, kind: "edit" },
    ]);
  });

  it("keeps the sessions that were considered, and why they lost", async () => {
    await tell(
      world,
      `
      session A talks
      session B edits b.ts
      session B commits all as "of b"
      session A talks
    `,
    );
    await world.sync();
    const { considered } = world.db.get<{ considered: string }>(
      `SELECT considered FROM link_considerations x JOIN commits c ON c.id = x.commit_id
       WHERE c.subject = 'of b'`,
    )!;
    const [lost] = JSON.parse(considered);
    assertEquals(world.nameOf(lost.sessionId), "A");
    assertEquals(world.nameOf(lost.by), "B");
    assertEquals(lost.reason, "outweighed");
    assertEquals(lost.evidence.map(({ rule }: { rule: string }) => rule), ["during_session"]);
  });

  it("ends when its signal is aborted, and links everything at the next run", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "one"
      a sync runs
      session A edits a.ts
      session A commits all as "two"
    `,
    );
    world.db.run("UPDATE repositories SET links_fingerprint = NULL");
    world.db.run("DELETE FROM session_commits");
    const deps = { db: world.db, runGit: world.runGit, now: () => world.now };
    let failed = false;
    await linkSessions(deps, { onProgress: () => {}, signal: AbortSignal.abort() }).catch(() => {
      failed = true;
    });
    assert(failed);
    await world.sync();
    assertEquals(world.links().map(({ subject }) => subject), ["one", "two"]);
  });

  it("gives the same after syncs in between as after one at the end", async () => {
    const parts = [
      `session A edits a.ts
       session A commits all as "first"`,
      `session B edits b.ts
       session A edits c.ts
       hand commits all as "both"`,
      `hand switches to new branch topic
       session B edits b.ts
       session B commits all as "on a branch"
       hand switches to main
       hand edits m.ts
       hand commits all as "main goes on"`,
      `hand switches to topic
       hand rebases onto main
       2 days later
       hand switches to main
       hand squashes topic as "squashed (#1)"`,
      `session A edits late.ts
       teammate commits a.ts as "theirs"
       session C talks`,
      `hand switches to new branch names
       session C edits draft.ts
       session C commits all as "a draft"`,
      `hand renames draft.ts to final.ts
       hand commits all as "a better name"`,
      `hand switches to main
       hand squashes names as "renamed (#2)" listing "a draft, a better name"`,
      `session D edits one.ts`,
      `hand writes two.ts like one.ts
       hand commits two.ts as "under another name"`,
      `session D edits plan.svg
       hand commits all as "by a slow clock" by a clock that is 3 hours slow`,
    ];
    await using other = new World();
    await tell(world, parts.join("\n"));
    await world.sync();
    await tell(other, parts.join("\na sync runs\n"));
    await other.sync();
    assertEquals(stored(other), stored(world));
  });
});

/** Links, considered sessions and line ranges without what differs by chance: row numbers and hashes. */
function stored({ db, root }: World): unknown {
  const rows = (sql: string) =>
    db.all<Record<string, string>>(sql).map((row) =>
      JSON.stringify(row).replaceAll(root, "").replace(/\\"event\\":\d+/g, "")
    );
  return [
    rows(
      `SELECT s.session_id, c.hash, l.tier, l.confidence, l.share, l.evidence FROM session_commits l
       JOIN sessions s ON s.id = l.session_id JOIN commits c ON c.id = l.commit_id ORDER BY 1, 2`,
    ),
    rows(
      `SELECT c.hash, x.considered FROM link_considerations x JOIN commits c ON c.id = x.commit_id ORDER BY 1`,
    ),
    rows(
      `SELECT c.hash, l.path, l.first_line, l.last_line, s.session_id FROM line_ranges l
       JOIN commits c ON c.id = l.commit_id JOIN sessions s ON s.id = l.session_id ORDER BY 1, 2, 3`,
    ),
    rows("SELECT hash, by_others, link_count, best_tier FROM commits ORDER BY 1"),
  ];
}
