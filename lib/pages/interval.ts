/** What a form says about the interval, or what is wrong with it. */
export type IntervalOutcome =
  | { kind: "interval"; seconds: number }
  | { kind: "invalid"; message: string };

/** The shortest and the longest interval between background syncs, in seconds. 0 is off. */
export const INTERVAL_LIMITS = { min: 10, max: 86_400 } as const;

/** Reads the seconds that somebody typed. */
export function parseIntervalSecs(text: string): IntervalOutcome {
  const seconds = /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : NaN;
  const { min, max } = INTERVAL_LIMITS;
  if (seconds === 0 || (seconds >= min && seconds <= max)) return { kind: "interval", seconds };
  return {
    kind: "invalid",
    message: `The interval must be 0 (off) or from ${min} to 86,400 seconds.`,
  };
}
