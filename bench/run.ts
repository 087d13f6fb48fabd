/**
 * Measures what is bounded, and says what keeps its bound.
 *
 *     deno task bench [NAME…] [--seed 1] [--scale 1] [--transcripts DIR] [--repositories DIR]
 *
 * Each bench runs in a process of its own, over data made from a seed. `--transcripts` names real ones for `index`,
 * `--repositories` for `scan`; the other benches need to know what is in theirs, and make them. A run of all at the
 * usual size is kept in `bench/results/`.
 */
import { parseArgs } from "node:util";
import { VERSION } from "../lib/domain/version.ts";
import { type Bench, type BenchOptions, type Figure, keeps } from "./support/bench.ts";
import { table } from "./support/table.ts";

/** Every bench, in the order of the table. */
const BENCHES: Record<string, () => Promise<{ bench: Bench }>> = {
  index: () => import("./index_bench.ts"),
  sync: () => import("./sync_bench.ts"),
  scan: () => import("./scan_bench.ts"),
  links: () => import("./links_scale_bench.ts"),
  server: () => import("./server_bench.ts"),
  listeners: () => import("./listeners_bench.ts"),
  pages: () => import("./pages_bench.ts"),
  browser: () => import("./browser_bench.ts"),
  start: () => import("./start_bench.ts"),
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "1" },
      scale: { type: "string", default: "1" },
      transcripts: { type: "string" },
      repositories: { type: "string" },
      figures: { type: "string" },
    },
  });
  const unknown = positionals.find((name) => !(name in BENCHES));
  if (unknown !== undefined) {
    console.error(`There is no bench ${unknown}; there are ${Object.keys(BENCHES).join(", ")}`);
    return 2;
  }
  const options = {
    seed: Number(values.seed),
    scale: Number(values.scale),
    transcripts: values.transcripts ?? null,
    repositories: values.repositories ?? null,
  };
  if (!Number.isInteger(options.seed) || !(options.scale > 0)) {
    console.error("--seed takes a whole number, --scale one above 0");
    return 2;
  }
  if (values.figures !== undefined) {
    Deno.writeTextFileSync(values.figures, JSON.stringify(await runHere(positionals[0], options)));
    return 0;
  }
  const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
  const figures: Figure[] = [];
  const failed: string[] = [];
  for (const name of names) {
    const measured = await runApart(name);
    if (measured === null) failed.push(name);
    else figures.push(...measured);
  }
  console.log(`\n${table(figures)}`);
  for (const name of failed) console.log(`The bench ${name} failed: see above.`);
  const isWhole = positionals.length === 0 && failed.length === 0 && options.scale === 1;
  if (isWhole && options.transcripts === null && options.repositories === null) keep(figures);
  return failed.length === 0 && figures.every(keeps) ? 0 : 1;
}

async function runHere(name: string, options: Omit<BenchOptions, "folder">): Promise<Figure[]> {
  const { bench } = await BENCHES[name]();
  const folder = await Deno.makeTempDir({ prefix: "ascribe-bench-" });
  try {
    return await bench.run({ ...options, folder: await Deno.realPath(folder) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runApart(name: string): Promise<Figure[] | null> {
  const file = await Deno.makeTempFile({ prefix: "ascribe-bench-", suffix: ".json" });
  try {
    const since = performance.now();
    console.log(`${name} …`);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-q",
        "--frozen",
        "-A",
        "--unstable-worker-options",
        "--unstable-bundle",
        new URL(import.meta.url).pathname,
        name,
        ...Deno.args.filter((arg) => !(arg in BENCHES)),
        "--figures",
        file,
      ],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    console.log(`${name}: ${((performance.now() - since) / 1000).toFixed(0)} s`);
    return success ? JSON.parse(await Deno.readTextFile(file)) : null;
  } finally {
    await Deno.remove(file);
  }
}

function keep(figures: Figure[]): void {
  const { os, arch } = Deno.build;
  const run = {
    version: VERSION,
    date: new Date().toISOString().slice(0, 10),
    machine: { os, arch, cores: navigator.hardwareConcurrency, deno: Deno.version.deno },
    figures: figures.map((figure) => ({ ...figure, keeps: keeps(figure) })),
  };
  const path = new URL(`./results/${VERSION}.json`, import.meta.url);
  Deno.mkdirSync(new URL(".", path), { recursive: true });
  Deno.writeTextFileSync(path, `${JSON.stringify(run, null, 2)}\n`);
  console.log(`\nKept in bench/results/${VERSION}.json`);
}

if (import.meta.main) Deno.exit(await main());
