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
