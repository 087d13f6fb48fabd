import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { sessionKey } from "../../lib/store/read/refs.ts";
import { countSurvivingLines } from "../../lib/store/read/surviving_counts.ts";
import { countLines } from "../../lib/sync/steps/count_lines.ts";
import { tell } from "../links/support/story.ts";
import { sessionIdOf, World } from "../links/support/world.ts";

const NEVER = new AbortController().signal;

describe("countLines", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const count = () => countLines(world, { signal: NEVER });
  const lines = (session?: string) => {
    const key = session === undefined ? undefined : sessionKey(world.db, sessionIdOf(session));
    const { written, standing, uncounted, failures } = countSurvivingLines(world.db, {
      session: key,
    });
    return { written, standing, uncounted, failures };
  };
  const path = (file: string) => `${world.repository()}/${file}`;
  const commit = async (subject: string) => {
    world.later(60_000);
    await world.git(["add", "-A"]);
    await world.git(["commit", "-q", "-m", subject]);
    await world.sync();
  };
  const twoSessions = async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "by A"
      session B edits b.ts
      session B commits all as "by B"
    `,
    );
    await world.sync();
  };

  it("counts what sessions wrote as standing until it is changed or removed", async () => {
    await twoSessions();
    assertEquals(lines(), { written: 0, standing: 0, uncounted: 1, failures: [] });
    assertEquals(await count(), true);
    const all = lines();
    assert(all.written > 0);
    assertEquals(all, { ...all, standing: all.written, uncounted: 0 });
    const ofA = lines("A");
    assertEquals(ofA.written + lines("B").written, all.written);

    const kept = Deno.readTextFileSync(path("a.ts")).split("\n");
    Deno.writeTextFileSync(path("a.ts"), ["// by hand", ...kept.slice(1)].join("\n"));
    await commit("by hand");
    assertEquals(
      lines().uncounted,
      1,
      "before it is counted anew, the old count is said to be old",
    );
    assertEquals(await count(), true);
    assertEquals(lines("A"), { ...ofA, standing: ofA.standing - 1 });

    Deno.removeSync(path("a.ts"));
    await commit("gone");
    await count();
    assertEquals(lines("A"), { ...ofA, standing: 0 });
    assertEquals(lines("B").standing, lines("B").written);
  });

  it("follows lines into files that were renamed, more than once", async () => {
    await twoSessions();
    await count();
    const before = lines();
    Deno.renameSync(path("a.ts"), path("c.ts"));
    await commit("moved");
    Deno.mkdirSync(path("deep"));
    Deno.renameSync(path("c.ts"), path("deep/d.ts"));
    await commit("moved again");
    await count();
    assertEquals(lines(), before);
  });

  it("counts the version checked out, and only commits of its history", async () => {
    await twoSessions();
    await count();
    const both = lines();
    await world.git(["checkout", "-q", "-b", "older", "HEAD~1"]);
    await world.sync();
    await count();
    const { written, standing } = lines();
    assertEquals(written, standing);
    assert(0 < written && written < both.written);
    assertEquals(lines("B").written, 0);
    await world.git(["checkout", "-q", "-"]);
    await world.sync();
    await count();
    assertEquals(lines(), both);
  });

  it("blames a file once: again only where its content or its history is another", async () => {
    await twoSessions();
    const blames = () => world.asked.filter((name) => name === "blame").length;
    await count();
    assertEquals(blames(), 2);
    assertEquals(await count(), false);
    assertEquals(blames(), 2, "nothing changed, nothing is asked");
    Deno.writeTextFileSync(path("b.ts"), "const other = 1;\n");
    await commit("b alone");
    await count();
    assertEquals(blames(), 3);

    const before = lines();
    await world.git(["commit", "-q", "--amend", "-m", "b, said better"]);
    await world.sync();
    await count();
    assertEquals(blames(), 4, "the same content came with another commit");
    assertEquals(lines(), before);
  });

  it("stops between files when it is told to, keeps what it has, and goes on from there", async () => {
    await twoSessions();
    await countLines(world, { signal: NEVER, longestMs: 0 });
    assertEquals(lines().uncounted, 1);
    assertEquals(await countLines(world, { signal: AbortSignal.abort() }), false);
    assertEquals(lines().uncounted, 1);
    await count();
    assertEquals(lines().uncounted, 0);
  });

  it("says why a repository cannot be counted, counts the others, and keeps the old count", async () => {
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
    Deno.renameSync(path(".git/HEAD"), path(".git/HEAD.gone"));
    await count();
    const { written, standing, uncounted, failures } = lines();
    assert(written > 0 && written === standing, "lib is counted");
    assertEquals(uncounted, 0);
    assertEquals(failures.length, 1);
    Deno.renameSync(path(".git/HEAD.gone"), path(".git/HEAD"));
    Deno.writeTextFileSync(path("more.ts"), "more\n");
    await commit("more");
    await count();
    assertEquals(lines().failures, []);
    assert(lines().written > written);
  });

  it("says which files it passed over, and why, and looks again once they change", async () => {
    await twoSessions();
    const { runGit } = world;
    const tooSlow: typeof runGit = {
      ...runGit,
      run: async (args, options) =>
        args.includes("blame") && args.includes("a.ts")
          ? { kind: "timeout" }
          : await runGit.run(args, options),
    };
    const skipped = (session?: string) => {
      const key = session === undefined ? undefined : sessionKey(world.db, sessionIdOf(session));
      return countSurvivingLines(world.db, { session: key }).skippedFiles;
    };
    const none = { large: 0, name: 0, slow: 0 };
    assertEquals(await countLines({ db: world.db, runGit: tooSlow }, { signal: NEVER }), true);
    assertEquals(skipped(), { ...none, slow: 1 });
    assertEquals([skipped("A"), skipped("B")], [{ ...none, slow: 1 }, none]);
    assertEquals([lines("A").standing, lines("B").standing], [0, lines("B").written]);

    const text = Deno.readTextFileSync(path("a.ts"));
    Deno.writeTextFileSync(path("a.ts"), `${text}// by hand\n`);
    await commit("changed");
    await count();
    assertEquals(skipped(), none);
    assertEquals(lines("A").standing, lines("A").written);

    Deno.writeTextFileSync(path("a.ts"), `${text}// ${"-".repeat(4 << 20)}\n`);
    await commit("large");
    await count();
    assertEquals(skipped("A"), { ...none, large: 1 });
    assertEquals(lines("A").standing, 0);
  });

  it("takes what was aborted for no failure, and tries again what failed", async () => {
    await twoSessions();
    const { runGit } = world;
    const failing = (outcome: Awaited<ReturnType<typeof runGit.run>>) =>
      countLines({ db: world.db, runGit: { ...runGit, run: () => Promise.resolve(outcome) } }, {
        signal: NEVER,
      });
    await failing({ kind: "aborted" });
    assertEquals([lines().uncounted, lines().failures], [1, []]);
    await failing({ kind: "failed", code: 128, stderr: "fatal: not now" });
    assertEquals([lines().uncounted, lines().failures.length], [0, 1]);
    await count();
    assertEquals([lines().uncounted, lines().failures], [0, []]);
    assert(lines().standing > 0);
  });
});
