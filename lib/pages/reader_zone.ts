import { preferencesOf } from "../client/preferences.ts";

/** The time zone that a request's reader wants days in: the chosen one, else this machine's. */
export function readerZone(headers: Headers): string {
  return preferencesOf(headers).timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
