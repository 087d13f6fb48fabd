import process from "node:process";

/** Milliseconds on the wall, and of this process's CPU, all its threads together. */
export interface Took {
  wall: number;
  cpu: number;
}

/** Times one piece of work. */
export async function measure(work: () => unknown): Promise<Took> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

/** The value below which `share` of all values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The medians of times, each on its own. */
export function medianOf(times: readonly Took[]): Took {
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}

/** Times work several times over, after it ran `warmUp` times. */
export async function repeat(
  work: () => unknown,
  { rounds, warmUp = 1 }: { rounds: number; warmUp?: number },
): Promise<Took[]> {
  for (let round = 0; round < warmUp; round++) await work();
  const times: Took[] = [];
  for (let round = 0; round < rounds; round++) times.push(await measure(work));
  return times;
}
