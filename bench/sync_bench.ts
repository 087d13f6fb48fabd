import { claudeCode } from "../tests/support/agents.ts";
import { END, TranscriptWriter } from "./support/corpus.ts";
import { makeCorpusApart } from "./support/make_corpus.ts";
import { createGitRunner, type GitRunner } from "../lib/git/run/runner.ts";
import { openDatabase } from "../lib/store/database.ts";
import { runGitSync } from "../lib/sync/pipeline.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { git } from "./support/git.ts";
import { measure, median, type Took } from "./support/measure.ts";

const ROUNDS = 15;
const WARM_UP = 15;
/** git's file times must be older than this for a fingerprint to be relied on. */
const SETTLE_MS = 2_200;

/** What a sync costs when nothing changed, and when little did. */
export const bench: Bench = {
  name: "sync",
  async run({ folder, seed, scale }: BenchOptions): Promise<Figure[]> {
    const sessions = Math.round(1_000 * scale);
    const repositories = Math.round(100 * scale);
    const corpus = await makeCorpusApart({
      folder,
      seed,
      sessions,
      repositories,
      commits: sessions * 5,
    });
    const spawned = new MetricHelp(folder);
    using db = openDatabase(`${folder}/ascribe.db`);
    const deps = {
      db,
      agents: claudeCode(corpus.claudeDir),
      runGit: spawned.runGit,
      now: Date.now,
    };
    let opened = 0;
    const sync = () =>
      runGitSync(deps, {
        kind: "background",
        onProgress: () => {},
        onIndexing: ({ phase, bytesDone }) => opened = phase === "ready" ? bytesDone : opened,
      });
    await sync();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    // It is the thousandth sync that counts, not the second.
    for (let round = 0; round < WARM_UP; round++) await sync();
    const of = `${sessions} transcripts, ${repositories} repositories`;

    spawned.reset();
    const idle: Took[] = [];
    for (let round = 0; round < ROUNDS; round++) idle.push(await measure(sync));
    const figures: Figure[] = [
      {
        what: `sync with nothing changed: ${of}, CPU`,
        value: median(idle.map(({ cpu }) => cpu)),
        unit: "ms",
        bound: 60,
        beside: `${median(idle.map(({ wall }) => wall)).toFixed(0)} ms on the wall`,
      },
      { what: "its git processes", value: spawned.calls, unit: "", bound: 0 },
      { what: "its bytes read of transcripts", value: opened, unit: "", bound: 0 },
    ];

    const grown: {
      own: number;
      cpu: number;
      git: number;
      calls: number;
      bytes: number;
      wanted: number;
    }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const place = (round * 7) % repositories;
      // The newest session of that place.
      const session = sessions - repositories + place;
      const writer = new TranscriptWriter({
        session,
        cwd: corpus.repositories[place],
        at: END,
        from: 10_000 + round * 100,
      });
      for (let n = 0; n < 5; n++) writer.read(n, 1_000);
      await Deno.writeTextFile(corpus.transcripts[session], writer.text, { append: true });
      await git(corpus.repositories[place], [
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        `round ${round}`,
      ]);
      spawned.reset();
      const { wall, cpu } = await measure(sync);
      grown.push({
        own: wall - spawned.busyMs,
        cpu,
        git: spawned.busyMs,
        calls: spawned.calls,
        bytes: opened,
        wanted: writer.text.length,
      });
    }
    const middle = (pick: (one: typeof grown[number]) => number) => median(grown.map(pick));
    figures.push(
      {
        what: "sync of 10 new lines and one new commit there, git's time apart",
        // What else the machine does only ever adds to it.
        value: Math.min(...grown.map(({ own }) => own)),
        unit: "ms",
        bound: 100,
        beside: `least of ${ROUNDS}, median ${middle(({ own }) => own).toFixed(0)} ms, CPU ${
          middle(({ cpu }) => cpu).toFixed(0)
        } ms; git: ${middle(({ git }) => git).toFixed(0)} ms in ${
          middle(({ calls }) => calls)
        } calls`,
      },
      {
        what: "its bytes read of transcripts, beside those that were added",
        value: middle(({ bytes, wanted }) => bytes / wanted),
        unit: "x",
        bound: 1,
      },
    );
    return figures;
  },
};

/** A runner that counts its calls, and the time in which at least one of them was at work. */
class MetricHelp {
  calls = 0;
  busyMs = 0;
  readonly runGit: GitRunner;
  #open = 0;
  #since = 0;

  constructor(home: string) {
    const runner = createGitRunner({ environment: { PATH: Deno.env.get("PATH"), HOME: home } });
    const { run, stream } = runner;
    this.runGit = Object.assign(Object.create(runner) as GitRunner, {
      run: (...args: Parameters<typeof run>) => {
        const done = run.apply(runner, args);
        this.#count(done);
        return done;
      },
      stream: (...args: Parameters<typeof stream>) => {
        const streaming = stream.apply(runner, args);
        this.#count(streaming.ended);
        return streaming;
      },
    });
  }

  reset(): void {
    this.calls = 0;
    this.busyMs = 0;
  }

  async #count(ended: Promise<unknown>): Promise<void> {
    this.calls++;
    if (this.#open++ === 0) this.#since = performance.now();
    await ended.catch(() => {});
    if (--this.#open === 0) this.busyMs += performance.now() - this.#since;
  }
}
