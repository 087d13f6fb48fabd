import fc from "fast-check";
import { randomFrom } from "./random.ts";

/** Whether tests do all that they can, as `deno task harness` has them, or enough for every change. */
export const FULL: boolean = Deno.env.get("ASCRIBE_HARNESS") === "full";

/** What random choices begin with: the same in every run, unless `ASCRIBE_SEED` sets it. A failure names it. */
export const SEED: number = Number(Deno.env.get("ASCRIBE_SEED") ?? 20260301);

fc.configureGlobal({ seed: SEED, endOnFailure: !FULL });

/** fast-check, beginning with {@linkcode SEED}: what is wanted of it comes from here. */
export { fc };

/** How many times to do what is done `full` times in full. */
export function scaled(full: number): number {
  return FULL ? full : Math.max(1, Math.round(full / 10));
}

/** Random numbers from 0 to 1 for what a name stands for, the same ones for the same {@linkcode SEED}. */
export function seededRandom(name: string): () => number {
  const salt = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return randomFrom(SEED + salt);
}

/** Prints what was done, if it was done in full. */
export function report(line: string): void {
  if (FULL) console.log(line);
}
