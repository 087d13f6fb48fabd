import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { findCommit } from "../../lib/store/read/commit_detail.ts";
import { explanationOf } from "../../lib/queries/explanation.ts";
import type { CommitDetail } from "../../lib/store/shapes.ts";
import { tell } from "./support/story.ts";
import { World } from "./support/world.ts";

describe("copies of commits", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  /** Every commit with a subject, the oldest by committer time first, as its page shows it. */
  async function commitsOf(subject: string, text: string): Promise<CommitDetail[]> {
    await tell(world, text);
    await world.sync();
    return world.db.all<{ hash: string }>(
      "SELECT hash FROM commits WHERE subject = ? ORDER BY committer_at",
      subject,
    ).map(({ hash }) => {
      const found = findCommit(world.db, hash);
      assert(found.kind === "found");
      return found.commit;
    });
  }

  const rebase = `
    hand switches to new branch work
    session A edits a.ts
    session A commits all as "work on a"
    a sync runs
    hand switches to main
    hand commits all as "meanwhile"
    hand switches to work
    hand rebases onto main
  `;

  it("are named on both commits of a rebase, with the reason", async () => {
    const [before, after] = await commitsOf("work on a", rebase);
    assertEquals(before.reachable, false);
    assertEquals(before.copies.map(({ hash, reachable, reason }) => [hash, reachable, reason]), [
      [after.hash, true, "sameAuthorship"],
    ]);
    assertEquals(after.copies.map(({ hash, reachable, reason }) => [hash, reachable, reason]), [
      [before.hash, false, "sameAuthorship"],
    ]);
  });

  it("are told in the explanation of each", async () => {
    const [before, after] = await commitsOf("work on a", rebase);
    for (const [commit, other] of [[before, after], [after, before]]) {
      const { notes, copies } = explanationOf(commit);
      assertEquals(copies.map(({ hash }) => hash), [other.hash]);
      assertEquals(notes, [
        `It is the same change as ${
          other.hash.slice(0, 10)
        }: same author, author time and subject. Evidence for the one made first is evidence for the other.`,
      ]);
    }
  });

  it("are known by what they change where author time and subject differ", async () => {
    const [before] = await commitsOf(
      "as it was",
      `
      session A edits a.ts
      session A commits all as "as it was"
      a sync runs
      hand amends as "as it is"
      hand amends with a new author time
    `,
    );
    const [after] = await commitsOf("as it is", "a sync runs");
    assert(
      before.copies.some(({ hash, reason }) => hash === after.hash && reason === "sameChange"),
    );
    assert(
      after.copies.some(({ hash, reason }) => hash === before.hash && reason === "sameChange"),
    );
  });

  it("are none where one commit leads to the other", async () => {
    const again = await commitsOf(
      "twice",
      `
      session A edits a.ts
      session A commits all as "twice"
      session A edits b.ts
      session A commits all as "twice"
    `,
    );
    assertEquals(again.map(({ copies }) => copies), [[], []]);
  });
});
