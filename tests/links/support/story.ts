import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { COMMIT_STEPS } from "./commit_steps.ts";
import { HAND_STEPS } from "./hand_steps.ts";
import { SESSION_STEPS } from "./session_steps.ts";
import { type Step, World } from "./world.ts";

/** Every sentence that a story may hold. */
const STEPS: readonly Step[] = [...SESSION_STEPS, ...COMMIT_STEPS, ...HAND_STEPS];

/**
 * A test that is told: one step a line, each a minute after the one before, and what must hold of the links.
 *
 *     session A edits a.ts
 *     session B edits b.ts
 *     hand commits all as "both"
 *     "both" is by A and B
 *
 * The steps build real repositories and transcripts (`*_steps.ts` list them); the first line about a commit runs a sync.
 */
export function story(name: string, text: string): void {
  it(name, async () => {
    await using world = new World();
    await tell(world, text);
  });
}

/** Lets a story happen in a world. */
export async function tell(world: World, text: string): Promise<void> {
  if (!world.hasBegun && !text.includes("repository app")) await world.begin();
  let synced = false;
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one !== "")) {
    const told = /^(?:the (first|last) )?"(.+)" is (.+)$/.exec(line);
    if (told !== null) {
      if (!synced) await world.sync();
      synced = true;
      check(world, { which: told[1], subject: told[2], claim: told[3], line });
      continue;
    }
    synced = false;
    if (line !== "a sync runs") world.later(60_000);
    await perform(world, line);
  }
}

async function perform(world: World, line: string): Promise<void> {
  for (const [pattern, step] of STEPS) {
    const match = pattern.exec(line);
    if (match !== null) return await step(world, match.slice(1));
  }
  throw new Error(`No step is told like this: ${line}`);
}

function check(
  world: World,
  { which, subject, claim, line }: {
    /** Of several commits with the subject, the one that was made first or last; undefined for all. */
    which: string | undefined;
    subject: string;
    claim: string;
    line: string;
  },
): void {
  const all = world.db.all<{ id: number; by_others: number }>(
    "SELECT id, by_others FROM commits WHERE subject = ? ORDER BY committer_at, id",
    subject,
  );
  const commits = which === undefined ? all : which === "first" ? all.slice(0, 1) : all.slice(-1);
  if (claim === "not scanned") return assertEquals(commits, [], line);
  if (commits.length === 0) throw new Error(`No commit was scanned: ${line}`);
  if (claim === "elsewhere") {
    assertEquals(commits.map(({ by_others }) => by_others), commits.map(() => 1), line);
    return;
  }
  const expected = claim === "by nobody" ? [] : claim.replace(/^by /, "").split(/, | and /).sort();
  const links = world.links().filter((link) => link.subject === subject);
  for (const { id } of commits) {
    const found = world.db.all<{ session: string }>(
      `SELECT s.session_id AS session FROM session_commits l JOIN sessions s ON s.id = l.session_id
       WHERE l.commit_id = ?`,
      id,
    ).map(({ session }) => world.nameOf(session)).sort();
    assertEquals(found, expected, `${line}\n${JSON.stringify(links, null, 1)}`);
  }
}
