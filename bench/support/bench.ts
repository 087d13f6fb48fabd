/** What a figure is counted in. `x`: so many times what stands beside it. */
export type Unit = "x" | "ms" | "MB" | "KB" | "%" | "";

/** One figure, held against its bound. */
export interface Figure {
  /** What was measured, with its size. */
  what: string;
  value: number;
  unit: Unit;
  /** The most it may be; null where it only informs. */
  bound: number | null;
  /** What it was measured beside, or what it is made of. */
  beside?: string;
}

/** What every bench is given. */
export interface BenchOptions {
  /** A folder of its own, gone afterwards. */
  folder: string;
  seed: number;
  /** Sizes are this many times the usual ones. */
  scale: number;
  /** A folder of Claude Code's to measure instead of made transcripts; null for those. */
  transcripts: string | null;
  /** A folder with repositories to measure instead of made ones; null for those. */
  repositories: string | null;
}

/** Some rows of the table, measured together in a process of their own. */
export interface Bench {
  name: string;
  run(options: BenchOptions): Promise<Figure[]>;
}

/** Whether a figure keeps its bound. */
export function keeps({ value, bound }: Figure): boolean {
  return bound === null || value <= bound;
}

/** A value as people read it. */
export function printed(value: number, unit: Unit): string {
  const digits = unit === "" ? 0 : unit === "x" ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(digits)}${unit === "" ? "" : unit === "x" ? "×" : ` ${unit}`}`;
}
