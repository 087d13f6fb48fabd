/** A value of the query string, trimmed; null where it is missing or empty. */
export function textParam(url: URL, name: string): string | null {
  return url.searchParams.get(name)?.trim() || null;
}

/** A value of the query string where it is one of `known`; null otherwise. */
export function choiceParam<Choice extends string>(
  url: URL,
  name: string,
  known: readonly Choice[],
): Choice | null {
  const value = url.searchParams.get(name);
  return known.find((choice) => choice === value) ?? null;
}

/** A whole number from the query string; null where it is none. */
export function integerParam(url: URL, name: string): number | null {
  const value = url.searchParams.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/**
 * The address of the same page with other parameters: null removes one. A list starts anew, so the cursor goes unless it
 * is given.
 */
export function withParams(url: URL, changes: Record<string, string | number | null>): string {
  const params = new URLSearchParams(url.search);
  params.delete("cursor");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, String(value));
  }
  const query = params.toString();
  return query === "" ? url.pathname : `${url.pathname}?${query}`;
}
