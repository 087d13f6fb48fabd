import { claudeCodeReader } from "../lib/sessions/claude_code/reader.ts";
import { writeHugeTranscript } from "./index/huge_transcript.ts";
import { writeRealMix } from "./index/real_mix.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { median } from "./support/measure.ts";

/** As the program itself is started. */
const V8_FLAGS = ["--v8-flags=--max-semi-space-size=4,--expose-gc"];
const ROUNDS = 7;
const MB = 1 << 20;
const GB = 1 << 30;

/** What reading every transcript for the first time takes, as a whole process, beside parsing every line of them. */
export const bench: Bench = {
  name: "index",
  async run({ folder, seed, scale, transcripts }: BenchOptions): Promise<Figure[]> {
    const dir = transcripts ?? `${folder}/claude`;
    if (transcripts === null) {
      const options = { transcripts: Math.ceil(250 * scale), linesEach: 350, seed };
      await writeRealMix(dir, options);
    }
    const { sources } = claudeCodeReader.discover([dir]);
    const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
    const of = `${sources.length} ${transcripts === null ? "made" : "real"} transcripts, ${
      Math.round(bytes / MB)
    } MB`;
    const database = `${folder}/index.db`;
    const floor: number[] = [];
    const index: number[] = [];
    let peak = 0;
    for (let round = 0; round < ROUNDS; round++) {
      floor.push((await run("floor.ts", [dir])).ms);
      await removeDatabase(database);
      const indexed = await run("index_once.ts", [database, dir]);
      index.push(indexed.ms);
      peak = Math.max(peak, Number(indexed.said.peakBytes));
    }
    const size = (await Deno.stat(database)).size;
    const figures: Figure[] = [
      {
        what: `cold index of ${of}, whole process, beside parsing every line`,
        value: median(index) / median(floor),
        unit: "x",
        bound: 0.4,
        beside: `${median(index).toFixed(0)} ms beside ${median(floor).toFixed(0)} ms`,
      },
      { what: "its peak memory", value: peak / MB, unit: "MB", bound: 150 },
      {
        what: "its database, of the transcripts' size",
        value: 100 * size / bytes,
        unit: "%",
        bound: 4,
      },
    ];
    if (transcripts !== null) return figures;
    const huge = `${folder}/huge`;
    const hugeBytes = Math.round(4 * GB * Math.min(1, scale));
    await writeHugeTranscript(`${huge}/projects/-srv-huge`, { bytes: hugeBytes, seed });
    await removeDatabase(database);
    const { said, ms } = await run("index_once.ts", [database, huge]);
    figures.push({
      what: `peak memory of one transcript of ${(hugeBytes / GB).toFixed(1)} GB, lines of 200 MB`,
      value: Number(said.peakBytes) / MB,
      unit: "MB",
      bound: 250,
      beside: `${(ms / 1000).toFixed(1)} s`,
    });
    return figures;
  },
};

async function run(
  script: string,
  args: string[],
): Promise<{ ms: number; said: Record<string, unknown> }> {
  const start = performance.now();
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--frozen",
      "--no-check",
      "-A",
      ...(script === "floor.ts" ? [] : V8_FLAGS),
      new URL(`./index/${script}`, import.meta.url).pathname,
      ...args,
    ],
    stdin: "null",
    stderr: "inherit",
  }).output();
  const ms = performance.now() - start;
  if (!success) throw new Error(`bench/index/${script} failed`);
  return { ms, said: JSON.parse(new TextDecoder().decode(stdout)) };
}

async function removeDatabase(path: string): Promise<void> {
  for (const ending of ["", "-wal", "-shm"]) {
    await Deno.remove(path + ending).catch(() => {});
  }
}
