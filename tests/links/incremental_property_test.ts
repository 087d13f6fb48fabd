import { claudeCode } from "../support/agents.ts";
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { saveAlias } from "../../lib/store/write/repository_aliases.ts";
import { canonicalDump, type Dump, firstDifference } from "../support/canonical_dump.ts";
import { fc, FULL, report, scaled, SEED } from "../support/harness.ts";
import { syncInto } from "./support/sync_into.ts";
import { tell } from "./support/story.ts";
import { World } from "./support/world.ts";

/** Something that happens in a story, as far as it can. */
interface Happening {
  kind: typeof KINDS[number];
  /** Who does it, and in which file. */
  who: number;
  where: number;
  /** Whether a full sync is compared at once, and not only at the end. */
  compared: boolean;
}

const KINDS = [
  "edit",
  "edit",
  "edit",
  "takeAway",
  "talk",
  "sessionCommits",
  "sessionCommits",
  "handCommits",
  "amend",
  "rebase",
  "squash",
  "abandon",
  "revert",
  "fork",
  "delete",
  "alias",
] as const;
const SESSIONS = ["A", "B", "C"];
const FILES = ["a.ts", "b.ts", "src/c.ts"];

/** What linking stores. */
const TABLES = [
  "session_commits",
  "link_considerations",
  "line_ranges",
  "written_files",
  "commit_copies",
  "commits",
  "sessions",
];

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    who: fc.nat({ max: SESSIONS.length - 1 }),
    where: fc.nat({ max: FILES.length - 1 }),
    compared: fc.nat({ max: 3 }).map((n) => n === 0),
  }),
  { minLength: 5, maxLength: 14 },
);

/** A story that random happenings make up, synced after each. */
class Story {
  readonly #world: World;
  #count = 0;
  /** Sessions whose transcript was deleted go on under another name. */
  readonly #names = [...SESSIONS];

  constructor(world: World) {
    this.#world = world;
  }

  /** Lets something happen, and brings the store up to date. */
  async go({ kind, who, where }: Happening): Promise<void> {
    const session = this.#names[who];
    const file = FILES[where];
    const text = await this.#told(kind, { session, file, who });
    await tell(this.#world, text);
    await this.#world.sync();
  }

  async #told(
    kind: Happening["kind"],
    { session, file, who }: { session: string; file: string; who: number },
  ): Promise<string> {
    const n = ++this.#count;
    const all = `hand commits all as "everything ${n}"`;
    const branch = `
      ${all}
      hand switches to new branch work${n}
      session ${session} edits new${n}.ts
      session ${session} commits all as "branch work ${n}"
    `;
    switch (kind) {
      case "edit":
        return `session ${session} edits ${file}`;
      case "takeAway":
        return this.#isThere(file) ? `session ${session} takes the lines of ${file} away` : "";
      case "talk":
        return `session ${session} talks`;
      case "sessionCommits":
        return await this.#isDirty() ? `session ${session} commits all as "work ${n}"` : "";
      case "handCommits":
        return all;
      case "amend":
        return `hand amends as "amended ${n}"`;
      case "rebase":
        return `${branch}
          hand switches to main
          session ${session} edits ${file}
          hand commits all as "meanwhile ${n}"
          hand switches to work${n}
          hand rebases onto main
          a sync runs
          hand switches to main
          hand merges work${n}`;
      case "squash":
        return `${branch}
          a sync runs
          hand switches to main
          hand squashes work${n} as "squashed ${n}"
          hand deletes branch work${n}`;
      case "abandon":
        return `${branch}
          a sync runs
          hand switches to main
          hand deletes branch work${n}`;
      case "revert":
        return `${all}
          session ${session} edits new${n}.ts
          session ${session} commits all as "to be undone ${n}"
          hand reverts "to be undone ${n}"`;
      case "fork":
        return this.#world.sessions.has(session) ? `session ${session} forks as F${n}` : "";
      case "delete":
        if (this.#world.sessions.has(session)) {
          this.#world.deleteTranscript(session);
          this.#names[who] = `${session}${n}`;
        }
        return "";
      case "alias":
        return `session ${session} edits ${file} spelled ROOT/old${n}/${file}
          a sync runs
          the user says that old${n} is now app`;
      default:
        return kind satisfies never;
    }
  }

  async #isDirty(): Promise<boolean> {
    return (await this.#world.git(["status", "--porcelain"])) !== "";
  }

  #isThere(file: string): boolean {
    try {
      return Deno.statSync(`${this.#world.repository()}/${file}`).size > 0;
    } catch {
      return false;
    }
  }
}

/** What linking would store if everything were read and linked for the first time. */
async function fullDump(world: World): Promise<Dump> {
  using db = openDatabase(":memory:");
  for (const alias of aliasesOf(world.db)) saveAlias(db, alias);
  await syncInto(db, {
    runGit: world.runGit,
    agents: claudeCode(world.claudeDir, world.deletedDir),
    now: () => world.now,
  });
  return linked(db);
}

function aliasesOf(db: Database): { oldPath: string; newPath: string }[] {
  return db.all("SELECT old_path AS oldPath, new_path AS newPath FROM repository_aliases");
}

function linked(db: Database): Dump {
  const dump = canonicalDump(db);
  return Object.fromEntries(TABLES.map((table) => [table, dump[table]]));
}

describe("an incremental sync", () => {
  it("stores what a full one does, whatever happened in between", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(happenings, async (happened) => {
        await using world = new World();
        await world.begin();
        const story = new Story(world);
        for (const [i, happening] of happened.entries()) {
          await story.go(happening);
          if (!happening.compared && i < happened.length - 1) continue;
          assertEquals(firstDifference(await fullDump(world), linked(world.db)), null);
          compared++;
        }
      }),
      { numRuns: scaled(100), seed: SEED, endOnFailure: !FULL },
    );
    report(`incremental syncs: ${compared} compared with full ones`);
  });
});
