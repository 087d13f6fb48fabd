import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { explainWeight } from "../../lib/links/explain.ts";
import { findCommit } from "../../lib/store/read/commit_detail.ts";
import { explanationOf } from "../../lib/queries/explanation.ts";
import type { Explanation } from "../../lib/queries/schemas.ts";
import { tell } from "./support/story.ts";
import { World } from "./support/world.ts";

describe("explanations", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  async function explain(subject: string): Promise<Explanation> {
    await world.sync();
    const { hash } = world.db.get<{ hash: string }>(
      "SELECT hash FROM commits WHERE subject = ? AND reachable = 1",
      subject,
    )!;
    const found = findCommit(world.db, hash);
    assert(found.kind === "found");
    return explanationOf(found.commit);
  }

  it("say what was seen, what it weighed, and who lost to whom", async () => {
    await tell(
      world,
      `
      session A talks
      session B edits b.ts
      session B commits all as "of b"
      session A talks
    `,
    );
    const { sessions, notes } = await explain("of b");
    assertEquals(notes, []);
    const [won, lost] = sessions;
    assertEquals([world.nameOf(won.sessionId), won.linked], ["B", true]);
    assert(
      /^Linked: recorded, 100% sure, with 100% of the commit's lines\.$/.test(won.verdict),
      won.verdict,
    );
    const [seen] = won.evidence;
    assert(
      /^A tool of the session reported making commit [0-9a-f]{7} at 2026-/.test(seen.sentence),
      seen.sentence,
    );
    assertEquals(seen.weighed, "By itself this makes the link 99% likely.");
    assertEquals([world.nameOf(lost.sessionId), lost.linked, lost.reason], [
      "A",
      false,
      "outweighed",
    ]);
    assertEquals(world.nameOf(lost.by!.sessionId), "B");
    assert(
      lost.verdict.startsWith(`Not linked. The evidence for ${won.sessionId} explains the commit`),
      lost.verdict,
    );
    assert(/while the session was at work, from 2026-/.test(lost.evidence[0].sentence));
  });

  it("name the copy of a commit whose hash is gone", async () => {
    await tell(
      world,
      `
      hand switches to new branch topic
      session A talks
      hand edits a.ts
      session A commits all as "rebased and forgotten"
      hand switches to main
      hand edits m.ts
      hand commits all as "main goes on"
      hand switches to topic
      hand rebases onto main
      hand forgets what no branch holds
    `,
    );
    const { sessions } = await explain("rebased and forgotten");
    const output = sessions[0].evidence.find(({ rule }) => rule === "commit_output")!;
    assert(output.sentence.includes("That hash is gone"), output.sentence);
  });

  it("say of merges, reverts and other people's commits what they are", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A commits all as "wrong"
      hand reverts "wrong"
      teammate commits t.ts as "theirs"
      hand switches to new branch topic
      hand edits t2.ts
      hand commits all as "topic"
      hand switches to main
      hand merges topic
    `,
    );
    assert((await explain('Revert "wrong"')).notes[0].startsWith("It undoes another commit"));
    assert((await explain("theirs")).notes[0].startsWith("Its author does not work here"));
    assert((await explain("Merge branch 'topic'")).notes[0].startsWith("It is a merge"));
  });

  it("call nothing certain that is not, and nothing impossible", () => {
    const likely = (strength: number) =>
      explainWeight({ rule: "files", strength }).match(/\d+%/)![0];
    assertEquals([0.001, 0.3, 0.999, 1].map(likely), ["1%", "30%", "99%", "100%"]);
  });

  it("count lines and files", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      hand edits b.ts
      2 hours later
      hand commits all as "half of it"
    `,
    );
    const [{ evidence, verdict }] = (await explain("half of it")).sessions;
    assert(verdict.endsWith("with 50% of the commit's lines."), verdict);
    assertEquals(
      evidence.find(({ rule }) => rule === "content")!.sentence,
      "5 lines of the commit (50% of the distinctive lines) were written by the session earlier, in a.ts.",
    );
    const files = evidence.find(({ rule }) => rule === "files")!.sentence;
    assert(
      /^The session had edited a\.ts, 1 of the commit's 2 files, last at .*; no other commit had touched them since\. Lines that it wrote last are in the commit\.$/
        .test(files),
      files,
    );
  });

  it("say whose lines a commit goes on with, and why the web is nobody's checkout", async () => {
    await tell(
      world,
      `
      session A edits a.ts with "export const door = openDoor(front);\\nexport const cellar = lock(key);"
      session A commits all as "by the session"
      2 hours later
      hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
      hand commits all as "corrected"
      hand replaces "lock(key)" by "lock(nothing)" in a.ts
      hand commits a.ts on the web as "Update a.ts"
    `,
    );
    const [{ evidence }] = (await explain("corrected")).sessions;
    assert(
      evidence[0].sentence.endsWith(
        "another commit touched them in between. The change removes or changes 1 line and is next to 1 line the session wrote.",
      ),
      evidence[0].sentence,
    );
    const [{ linked, verdict }] = (await explain("Update a.ts")).sessions;
    assert(!linked && verdict.includes("made on the web"), verdict);
  });
});
