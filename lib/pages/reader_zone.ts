import { preferencesOf } from "../client/preferences.ts";

/** Asking the system takes a millisecond: a tenth of a page. */
let ownZone: string | null = null;

/** The time zone that a request's reader wants days in: the chosen one, else this machine's. */
export function readerZone(headers: Headers): string {
  ownZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return preferencesOf(headers).timeZone ?? ownZone;
}
