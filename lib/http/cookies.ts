/** The value of a cookie in a request's headers, as it was set; null if the request has none of this name. */
export function readCookie(headers: Headers, name: string): string | null {
  for (const part of (headers.get("cookie") ?? "").split(";")) {
    const cookie = part.trim();
    if (cookie.startsWith(`${name}=`)) return cookie.slice(name.length + 1);
  }
  return null;
}

/**
 * A `Set-Cookie` header for this site's own pages alone.
 *
 * @param value As it stands in the header: what may hold other characters than a cookie's is escaped by the caller.
 * @param options.seconds How long the browser keeps it; until it is closed if left out.
 * @param options.httpOnly No script of a page sees it. @default {true}
 */
export function formatCookie(
  name: string,
  value: string,
  { seconds, httpOnly = true }: { seconds?: number; httpOnly?: boolean } = {},
): string {
  const age = seconds === undefined ? "" : `; Max-Age=${seconds}`;
  return `${name}=${value}; Path=/${age}${httpOnly ? "; HttpOnly" : ""}; SameSite=Strict`;
}

/** A year, in seconds. */
export const YEAR_SECS = 31_536_000;
