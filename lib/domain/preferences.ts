/** How pages are coloured: as the system is, or as was chosen. */
export const THEMES = ["system", "light", "dark"] as const;

/** One of {@linkcode THEMES}. */
export type Theme = typeof THEMES[number];

/** The days that a week may start with: 0 is Sunday, 1 Monday, 6 Saturday. */
export const WEEK_STARTS = [1, 0, 6] as const;

/** One of {@linkcode WEEK_STARTS}. */
export type WeekStart = typeof WEEK_STARTS[number];

/** How one reader wants pages, kept in their browser. */
export interface Preferences {
  theme: Theme;
  /** An IANA name; null is the machine's own time zone. */
  timeZone: string | null;
  weekStart: WeekStart;
}

/** Whether `Intl` knows a time zone by this name. */
export function isTimeZone(name: string): boolean {
  if (name === "" || name.length > 64) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What the document says of its reader's preferences, for islands; by default where there is no document. */
export function pagePreferences(): Pick<Preferences, "timeZone" | "weekStart"> {
  const { zone, week } = globalThis.document?.documentElement.dataset ?? {};
  return {
    timeZone: zone ?? null,
    weekStart: WEEK_STARTS.find((day) => String(day) === week) ?? 1,
  };
}
