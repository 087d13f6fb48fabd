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

/** The names of the cookies that keep each of them. */
const COOKIES = {
  theme: "ascribe-theme",
  timeZone: "ascribe-zone",
  weekStart: "ascribe-week",
} as const;

/** What a request's `Cookie` header says; what it does not say, or wrongly, is by default. */
export function preferencesOf(headers: Headers): Preferences {
  const cookies = new Map(
    (headers.get("cookie") ?? "").split(/;\s*/).map((cookie) => {
      const [name, value = ""] = cookie.split("=", 2);
      return [name, value] as const;
    }),
  );
  const zone = decode(cookies.get(COOKIES.timeZone) ?? "");
  const week = cookies.get(COOKIES.weekStart);
  return {
    theme: THEMES.find((theme) => theme === cookies.get(COOKIES.theme)) ?? "system",
    timeZone: isTimeZone(zone) ? zone : null,
    weekStart: WEEK_STARTS.find((day) => String(day) === week) ?? 1,
  };
}

/** Asking the system takes a millisecond: a tenth of a page. */
let ownZone: string | null = null;

/** The time zone that a request's reader wants days in: the chosen one, else this machine's. */
export function readerZone(headers: Headers): string {
  ownZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return preferencesOf(headers).timeZone ?? ownZone;
}

/** The `Set-Cookie` header that keeps a preference for a year. */
export function preferenceCookie<Name extends keyof Preferences>(
  name: Name,
  value: Preferences[Name],
): string {
  const text = encodeURIComponent(value === null ? "" : String(value));
  return `${COOKIES[name]}=${text}; Path=/; Max-Age=31536000; SameSite=Strict`;
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

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
