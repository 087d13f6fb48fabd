import { assert, assertEquals, assertRejects } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import type { GitFailure, GitOutcome, GitRunner } from "../../lib/git/run/runner.ts";
import { Database } from "../../lib/store/database.ts";
import { openStore } from "../../lib/store/open.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { canonicalDump, type Dump, firstDifference } from "../support/canonical_dump.ts";
import { checkSound, readShown } from "../support/shown.ts";
import { tell } from "../links/support/story.ts";
import { World } from "../links/support/world.ts";
import { claudeCode } from "../support/agents.ts";
import { FULL, report } from "../support/harness.ts";
import { copyFolder } from "../support/sample.ts";

/** At how many writes a sync is cut short, at most: in full, at every one. */
const TRIED = FULL ? Infinity : 30;

/** Two repositories in which two sessions and a person have worked. */
const STORY = `
  session A edits a.ts
  session A commits all as "first"
  session B edits b.ts
  hand commits all as "second"
  repository lib
  session B edits lib:c.ts
  session B commits lib:c.ts as "third" in lib
  hand edits a.ts
  session A amends as "first, again"
`;

/** The process's end, as far as the code that it takes by surprise can tell. */
class Killed extends Error {}

/** Counts the writes to any database and, at one of them, ends all that is done to any. */
class WriteFaults implements Disposable {
  writes = 0;
  readonly #at: number;
  readonly #originals = { ...methodsOf(Database.prototype) };

  /** @param at The write that fails, counted from 1. @default none */
  constructor(at = Infinity) {
    this.#at = at;
    for (const name of METHODS) {
      const original = this.#originals[name] as (...args: unknown[]) => unknown;
      const note = (isWrite: boolean) => this.#note(isWrite);
      Database.prototype[name] = function (this: Database, ...args: unknown[]) {
        note(name === "run" || name === "exec");
        return original.apply(this, args);
      } as never;
    }
  }

  #note(isWrite: boolean): void {
    if (isWrite) this.writes++;
    if (this.writes >= this.#at) throw new Killed(`at write ${this.#at}`);
  }

  [Symbol.dispose](): void {
    Object.assign(Database.prototype, this.#originals);
  }
}

const METHODS = ["run", "exec", "get", "all"] as const;

function methodsOf(prototype: Database): Pick<Database, typeof METHODS[number]> {
  const { run, exec, get, all } = prototype;
  return { run, exec, get, all };
}

/** A runner that asks git once for each thing: the repositories stay as they are. */
function remembering(git: GitRunner): GitRunner {
  const runs = new Map<string, Promise<GitOutcome>>();
  const keyOf = (args: readonly string[], { cwd, input }: { cwd?: string; input?: unknown } = {}) =>
    typeof input === "object" ? null : JSON.stringify([args, cwd, input]);
  const remember = (key: string | null, ask: () => Promise<GitOutcome>) => {
    if (key === null) return ask();
    const known = runs.get(key) ?? ask();
    runs.set(key, known);
    return known;
  };
  return {
    run: (args, options) => remember(keyOf(args, options), () => git.run(args, options)),
    stream: (args, options) => {
      const { signal: _, ...rest } = options ?? {};
      const whole = remember(keyOf(args, options), async () => {
        const stream = git.stream(args, rest);
        const chunks = await Array.fromAsync(stream);
        const ended = await stream.ended;
        return ended.kind === "ok"
          ? { ...ended, stdout: await new Blob(chunks as BlobPart[]).bytes() }
          : ended;
      });
      return {
        ended: whole.then((outcome) =>
          outcome.kind === "ok" ? { kind: "ok", stderr: outcome.stderr } : outcome
        ),
        async *[Symbol.asyncIterator]() {
          const outcome = await whole;
          if (outcome.kind === "ok" && outcome.stdout.length > 0) yield outcome.stdout;
        },
      };
    },
  };
}

/** A runner of which one call takes too long, counted from 1. */
function failing(git: GitRunner, at: number): GitRunner & { calls: number } {
  const failure: GitFailure = { kind: "timeout" };
  const runner = {
    calls: 0,
    run: (...args: Parameters<GitRunner["run"]>) =>
      ++runner.calls === at ? Promise.resolve(failure) : git.run(...args),
    stream: (...args: Parameters<GitRunner["stream"]>) =>
      ++runner.calls === at
        ? { ended: Promise.resolve(failure), async *[Symbol.asyncIterator]() {} }
        : git.stream(...args),
  };
  return runner;
}

describe("a sync that something cuts short", () => {
  let world: World;
  let git: GitRunner;
  /** What a sync that nothing cuts short comes to. */
  let expected: Dump;
  /** A data folder after one. */
  let synced: string;

  const place = (name: string) => join(world.root, `data ${name}`);

  beforeAll(async () => {
    world = new World();
    await tell(world, STORY);
    world.writeTranscripts();
    git = remembering(world.runGit);
    synced = place("synced");
    Deno.mkdirSync(synced);
    await sync(synced);
    expected = dumpOf(synced);
    assert(expected.session_commits.length > 3, "there are links");
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function sync(
    dataDir: string,
    { runGit = git, rebuild = false }: { runGit?: GitRunner; rebuild?: boolean } = {},
  ) {
    const opened = openStore(dataDir, "write");
    if (opened.kind !== "opened") throw new Error(opened.message);
    using db = opened.db;
    const deps = { db, agents: claudeCode(world.claudeDir), runGit, now: () => world.now };
    return await runGitSync(deps, { onProgress: () => {}, rebuild });
  }

  function dumpOf(dataDir: string): Dump {
    const opened = openStore(dataDir, "read");
    if (opened.kind !== "opened") throw new Error(opened.kind);
    using db = opened.db;
    return canonicalDump(db);
  }

  /** A data folder that nobody else uses, as another one is or empty. */
  function fresh(name: string, from?: string): string {
    const dataDir = place(name);
    if (from === undefined) Deno.mkdirSync(dataDir);
    else copyFolder(from, dataDir);
    return dataDir;
  }

  const scenarios = [
    { name: "the first one", from: () => undefined, rebuild: false },
    { name: "a rebuild", from: () => synced, rebuild: true },
  ];
  for (const { name, from, rebuild } of scenarios) {
    it(`at any write loses nothing that was shown, and the next one comes to the same: ${name}`, async () => {
      let total: number;
      {
        const dataDir = fresh(name, from());
        using faults = new WriteFaults();
        await sync(dataDir, { rebuild });
        total = faults.writes;
      }
      assert(total > 5, `${total} writes`);
      const stride = Math.max(1, Math.ceil(total / TRIED));
      for (let at = 1; at <= total; at += stride) {
        const dataDir = fresh(`${name} ${at}`, from());
        const before = readShown(dataDir);
        {
          using _faults = new WriteFaults(at);
          await assertRejects(() => sync(dataDir, { rebuild }));
        }
        checkSound(dataDir);
        const left = readShown(dataDir);
        for (const line of before) assert(left.has(line), `write ${at}: ${line} is lost`);
        await sync(dataDir);
        assertEquals(firstDifference(expected, dumpOf(dataDir)), null, `write ${at}`);
        Deno.removeSync(dataDir, { recursive: true });
      }
      report(`faults: ${name}: ${Math.ceil(total / stride)} of ${total} writes failed`);
    });
  }

  it("at any call of git comes to the same the next time", async () => {
    const counting = failing(git, Infinity);
    await sync(fresh("calls"), { runGit: counting });
    assert(counting.calls > 5, `${counting.calls} calls`);
    for (let at = 1; at <= counting.calls; at++) {
      const dataDir = fresh(`call ${at}`);
      await sync(dataDir, { runGit: failing(git, at) });
      checkSound(dataDir);
      await sync(dataDir);
      assertEquals(firstDifference(expected, dumpOf(dataDir)), null, `call ${at}`);
      Deno.removeSync(dataDir, { recursive: true });
    }
  });
});
