import { isTimeZone, type Preferences, THEMES, WEEK_STARTS } from "../domain/preferences.ts";
import { formatCookie, readCookie, YEAR_SECS } from "./cookies.ts";

/** The names of the cookies that keep each of them. */
const COOKIES = {
  theme: "ascribe-theme",
  timeZone: "ascribe-zone",
  weekStart: "ascribe-week",
} as const;

/** The preferences in a request's `Cookie` header; those that are missing or wrong are by default. */
export function preferencesOf(headers: Headers): Preferences {
  const theme = readCookie(headers, COOKIES.theme);
  const zone = decode(readCookie(headers, COOKIES.timeZone) ?? "");
  const week = readCookie(headers, COOKIES.weekStart);
  return {
    theme: THEMES.find((known) => known === theme) ?? "system",
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
  return formatCookie(COOKIES[name], text, { seconds: YEAR_SECS, httpOnly: false });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
