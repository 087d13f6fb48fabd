import type { AgentId } from "../domain/ids.ts";
import type { Landed } from "../domain/links.ts";

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

/** The address of a list's part: that of a dashboard's range and repository. `to` is exclusive, as the dashboard has it. */
export function listHref(
  list: "/commits" | "/edits" | "/sessions",
  { from, to, repositoryId, agent, state, landed }: {
    from: string | null;
    to: string | null;
    repositoryId?: string;
    agent?: AgentId;
    state?: string;
    landed?: Landed;
  },
): string {
  return withParams(new URL(list, "http://localhost"), {
    agent: agent ?? null,
    state: state ?? null,
    landed: landed ?? null,
    repository: repositoryId ?? null,
    from,
    to: to === null ? null : new Date(Date.parse(to) - 1).toISOString(),
  });
}
