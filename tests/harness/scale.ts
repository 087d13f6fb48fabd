import { randomFrom } from "../support/random.ts";

/** Whether the harnesses run in full, as `deno task harness` has them, or a tenth of each, as `deno task test` has. */
export const FULL: boolean = Deno.env.get("ASCRIBE_HARNESS") === "full";

/** What random choices begin with; a failure names it. `ASCRIBE_SEED` sets it. */
export const SEED: number = Number(Deno.env.get("ASCRIBE_SEED") ?? 20260301);

/** How many times to do what is done `full` times in full. */
export function scaled(full: number): number {
  return FULL ? full : Math.max(1, Math.round(full / 10));
}

/** Random numbers from 0 to 1 for a harness, the same ones every time. */
export function harnessRandom(name: string): () => number {
  const salt = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return randomFrom(SEED + salt);
}

/** Prints what a harness did, where it was run in full. */
export function report(line: string): void {
  if (FULL) console.log(line);
}
