import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { listEdits } from "../../lib/store/read/edit_list.ts";
import { listSessions } from "../../lib/store/read/session_list.ts";
import { tell } from "./support/story.ts";
import { World } from "./support/world.ts";

describe("lines that sessions wrote", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  /** What came of each session's lines of each file: `A a.ts: 5 written, 5 landed`. */
  async function outcome(text: string): Promise<string[]> {
    await tell(world, text);
    await world.sync();
    return listEdits(world.db).items.map((edit) => {
      const counts = [
        [edit.linesWritten, "written"],
        [edit.linesLanded, "landed"],
        [edit.linesSuperseded, "taken back"],
        [edit.linesNotLanded, "not landed"],
        [edit.linesUncounted, "uncounted"],
      ] as const;
      const told = counts.filter(([count]) => count > 0).map((count) => count.join(" "));
      return `${world.nameOf(edit.session.sessionId)} ${edit.path}: ${told.join(", ")}`;
    }).sort();
  }

  it("have landed once a commit has them", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        session A edits b.ts
        session A commits a.ts as "one of two"
      `),
      ["A a.ts: 5 written, 5 landed", "A b.ts: 5 written, 5 not landed"],
    );
  });

  it("have landed whoever committed them, and whichever session wrote them too", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        session B writes b.ts like a.ts
        hand commits all as "both"
      `),
      ["A a.ts: 5 written, 5 landed", "B b.ts: 5 written, 5 landed"],
    );
  });

  it("never landed where a repository has no commit since", async () => {
    assertEquals(await outcome("session A edits a.ts"), ["A a.ts: 5 written, 5 not landed"]);
    await tell(world, `hand commits all as "late"`);
    assertEquals(await outcome(""), ["A a.ts: 5 written, 5 landed"]);
  });

  it("are taken back where their session removed them before any commit", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        session A takes the lines of a.ts away
        session A edits a.ts with "export const keptInTheEnd = 1;"
        hand commits all as "the rest"
      `),
      ["A a.ts: 6 written, 1 landed, 5 taken back"],
    );
  });

  it("did not land where another hand took them away before the commit", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        hand takes the last 2 lines of a.ts away
        hand commits all as "some of it"
      `),
      ["A a.ts: 5 written, 3 landed, 2 not landed"],
    );
  });

  it("stay landed when a commit is amended or rebased, and not when no branch holds it any more", async () => {
    assertEquals(
      await outcome(`
        hand switches to new branch work
        session A edits a.ts
        session A commits all as "on a branch"
        hand amends as "on a branch, reworded"
      `),
      ["A a.ts: 5 written, 5 landed"],
    );
    await tell(
      world,
      `
      hand switches to main
      hand deletes branch work
    `,
    );
    assertEquals(await outcome(""), ["A a.ts: 5 written, 5 not landed"]);
  });

  it("follow a file that is renamed before it is committed", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        hand commits all as "the file"
        session A edits a.ts
        hand renames a.ts to c.ts
        hand commits all as "renamed"
      `),
      ["A a.ts: 10 written, 10 landed"],
    );
  });

  it("count once, and not where they say too little", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts with "export const twice = again();\\nexport const twice = again();\\n}\\n"
        session A edits plan.svg
        hand commits a.ts as "short"
      `),
      ["A a.ts: 1 written, 1 landed, 1 uncounted", "A plan.svg: 5 written, 5 not landed"],
    );
  });

  it("are not called lost where git cannot read the commits that followed", async () => {
    assertEquals(
      await outcome(`
        session A edits a.ts
        hand commits all as "unreadable"
        the blob of a.ts is lost
        session A edits a.ts
      `),
      ["A a.ts: 5 written, 5 not landed, 5 uncounted"],
    );
  });

  it("add up for each session, which can be filtered by them", async () => {
    await outcome(`
      session A edits a.ts
      session B edits b.ts
      session B edits c.ts
      session C edits d.ts
      hand commits a.ts b.ts as "A and half of B"
    `);
    const names = (landed: "missing" | "none" | "some" | "all") =>
      listSessions(world.db, { landed }).items.map((one) => world.nameOf(one.sessionId)).sort();
    assertEquals(names("all"), ["A"]);
    assertEquals(names("some"), ["B"]);
    assertEquals(names("none"), ["C"]);
    assertEquals(names("missing"), ["B", "C"]);
    const { linesWritten, linesLanded, linesNotLanded } = listSessions(world.db, {
      landed: "some",
    }).items[0];
    assertEquals([linesWritten, linesLanded, linesNotLanded], [10, 5, 5]);
  });
});
