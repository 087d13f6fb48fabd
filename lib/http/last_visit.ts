import { formatCookie, readCookie, YEAR_SECS } from "./cookies.ts";

/** When somebody was here, Unix milliseconds. */
export interface Visit {
  /** The end of the visit before this one; null on the first. */
  before: number | null;
  /** This visit, until now. */
  now: number;
}

const COOKIE = "ascribe-visit";
/** A visit ends where nothing was looked at for this long, in milliseconds. */
const REST_MS = 30 * 60_000;

/** What a request's `Cookie` header says of visits. */
export function visitOf(headers: Headers, now: number): Visit {
  const cookie = readCookie(headers, COOKIE);
  const [before, last] = /^(\d{1,15})?\.(\d{1,15})$/.exec(cookie ?? "")?.slice(1) ?? [];
  if (last === undefined) return { before: null, now };
  const isSame = now - Number(last) < REST_MS;
  const end = isSame ? before : last;
  return { before: end === undefined ? null : Number(end), now };
}

/** The `Set-Cookie` header that keeps a visit for a year. */
export function visitCookie({ before, now }: Visit): string {
  return formatCookie(COOKIE, `${before ?? ""}.${now}`, { seconds: YEAR_SECS });
}
