import { agentsIn } from "../support/agents.ts";
import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { LOCK_FILE } from "../../lib/fs/lock_file.ts";
import { databasePath } from "../../lib/store/open.ts";
import { openDatabase } from "../../lib/store/database.ts";
import { startCli } from "../cli/run_cli.ts";
import { Workspace } from "../support/workspace.ts";
import { canonicalDump, type Dump, firstDifference } from "../support/canonical_dump.ts";
import { checkSound, readShown } from "../support/shown.ts";
import { copyFolder, type Scenario, SCENARIOS } from "./crash/start_states.ts";
import { FULL, report, scaled, SEED, seededRandom } from "../support/harness.ts";

/** How many times a process is killed in all, in full. */
const KILLS = 210;
/** How often a killed one is killed again before it may come to its end; a tenth is one chain of kills a scenario. */
const AGAIN = FULL ? 0.6 : 1;

/** How long opening and migrating may take, with time to spare. */
const OPENING_MS = 40;

describe("crashes", () => {
  let workspace: Workspace;
  /** How long the program takes to begin, in milliseconds. */
  let startMs: number;
  beforeAll(async () => {
    workspace = await Workspace.withSample();
    startMs = await timeOf(["version"], workspace.dataDir);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  function start(args: readonly string[], dataDir: string): Deno.ChildProcess {
    return startCli([...args], {
      ...agentsIn("/nonexistent"),
      CLAUDE_CONFIG_DIR: workspace.claudeDir,
      ASCRIBE_DATA_DIR: dataDir,
    });
  }

  /** Runs a command to its end. */
  async function finish(args: readonly string[], dataDir: string): Promise<void> {
    const { code, stderr } = await start(args, dataDir).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  }

  async function timeOf(args: readonly string[], dataDir: string): Promise<number> {
    const since = performance.now();
    await finish(args, dataDir);
    return performance.now() - since;
  }

  function dumpOf(dataDir: string): Dump {
    using db = openDatabase(databasePath(dataDir), "inspect");
    return canonicalDump(db);
  }

  /** The moment at which a process has made a new data folder its own, and is about to open the database. */
  async function owned(dataDir: string): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (performance.now() < deadline) {
      try {
        Deno.statSync(join(dataDir, LOCK_FILE));
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  }

  /** Kills a command at a moment, unless it has ended. */
  async function killAfter(
    ms: number,
    { args, opening }: Scenario,
    dataDir: string,
  ) {
    const child = start(args, dataDir);
    const since = performance.now();
    let endedAfter: number | null = null;
    const output = child.output().then(() => endedAfter = performance.now() - since);
    if (opening) await owned(dataDir);
    await new Promise((resolve) => setTimeout(resolve, ms));
    const shown = readShown(dataDir);
    let hit = endedAfter === null;
    try {
      if (hit) child.kill("SIGKILL");
    } catch {
      // It ended while that was looked at.
      hit = false;
    }
    const tookMs = await output;
    return { shown, hit, tookMs };
  }

  interface Tally {
    kills: number;
    late: number;
    completed: number;
  }

  /** Kills a scenario's process so many times, over as many runs as that takes. */
  async function torment(scenario: Scenario, kills: number): Promise<Tally> {
    const random = seededRandom(`crash ${scenario.name}`);
    const fresh = join(workspace.folder, `${scenario.name} start`);
    const expectedDir = join(workspace.folder, `${scenario.name} expected`);
    await scenario.prepare?.(workspace, fresh);
    if (scenario.prepare !== null) await copyFolder(fresh, expectedDir);
    const undisturbed = scenario.args[0] === "serve" ? ["sync"] : scenario.args;
    const totalMs = await timeOf(undisturbed, expectedDir);
    if (undisturbed[0] === "index") await finish(["sync"], expectedDir);
    const expected = dumpOf(expectedDir);
    const first = scenario.opening ? 0 : startMs * 0.7;
    let last = scenario.opening ? OPENING_MS : totalMs;

    const tally: Tally = { kills: 0, late: 0, completed: 0 };
    for (let run = 0; tally.kills < kills; run++) {
      const dataDir = join(workspace.folder, `${scenario.name} ${run}`);
      if (scenario.prepare !== null) await copyFolder(fresh, dataDir);
      let shown = readShown(dataDir);
      do {
        const ms = first + (last - first) * random();
        const at = `${scenario.name}, run ${run}, killed after ${Math.round(ms)} ms, seed ${SEED}`;
        const killed = await killAfter(ms, scenario, dataDir);
        for (const line of shown) assert(killed.shown.has(line), `${at}: ${line} is not shown`);
        shown = killed.shown;
        if (killed.hit) tally.kills++;
        else {
          tally.late++;
          // How long it takes depends on what else the machine does.
          last = (last + Math.max(first * 1.1, killed.tookMs)) / 2;
        }
        try {
          checkSound(dataDir);
        } catch (error) {
          throw new Error(`${at}: ${error}`);
        }
        const left = readShown(dataDir);
        for (const line of shown) assert(left.has(line), `${at}: ${line} is lost`);
      } while (!scenario.opening && tally.kills < kills && random() < AGAIN);
      await finish(["sync"], dataDir);
      tally.completed++;
      assertEquals(
        firstDifference(expected, dumpOf(dataDir)),
        null,
        `${scenario.name}, run ${run}, seed ${SEED}`,
      );
      assert(
        ![...Deno.readDirSync(dataDir)].some(({ name }) => name.startsWith("ascribe-damaged")),
        "a killed process damages nothing",
      );
      await Deno.remove(dataDir, { recursive: true });
    }
    return tally;
  }

  describe("a process that is killed", () => {
    for (const scenario of SCENARIOS) {
      it(`loses nothing that was shown: ${scenario.name}`, async () => {
        const { kills, late, completed } = await torment(
          scenario,
          scaled(KILLS / SCENARIOS.length),
        );
        report(
          `crash: ${scenario.name}: ${kills} kills (${late} came too late), ${completed} runs ended as an undisturbed one`,
        );
      });
    }
  });
});
