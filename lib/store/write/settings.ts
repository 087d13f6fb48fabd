import type { Database } from "../database.ts";

/** What the user can set while the program runs. */
export interface Settings {
  /** Seconds between background syncs; 0 is off. */
  gitSyncIntervalSecs: number;
}

/** @default {60} */
const DEFAULT_INTERVAL_SECS = 60;

/** The shortest and the longest interval between background syncs, in seconds. 0 is off. */
export const INTERVAL_LIMITS = { min: 10, max: 86_400 } as const;

/** Whether `seconds` may stand between two background syncs: 0, or what {@linkcode INTERVAL_LIMITS} allow. */
export function isInterval(seconds: unknown): seconds is number {
  const { min, max } = INTERVAL_LIMITS;
  return Number.isInteger(seconds) &&
    (seconds === 0 || (seconds as number) >= min && (seconds as number) <= max);
}

/** Every setting, as stored or by default. */
export function readSettings(db: Database): Settings {
  const row = db.get<{ value: string }>("SELECT value FROM settings WHERE key = ?", INTERVAL);
  const seconds = row === undefined ? NaN : Number(row.value);
  return { gitSyncIntervalSecs: isInterval(seconds) ? seconds : DEFAULT_INTERVAL_SECS };
}

/** Whether a setting was stored; else it is by default. */
export function isStored(db: Database, setting: keyof Settings): boolean {
  return db.get("SELECT 1 FROM settings WHERE key = ?", setting) !== undefined;
}

/** Stores every setting. */
export function writeSettings(db: Database, settings: Settings): void {
  db.run(
    "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    INTERVAL,
    String(settings.gitSyncIntervalSecs),
  );
}

const INTERVAL = "gitSyncIntervalSecs";
