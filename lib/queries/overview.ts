import { iso } from "../store/read/page.ts";
import { rangeOf } from "../time/typed_time.ts";
import { RANGE_NAMES, rangeStart } from "../time/ranges.ts";
import { defineQuery, QueryError } from "./query.ts";

/** Totals, activity by day, coverage and the newest links. */
export const dashboard = defineQuery("dashboard", async ({ reads }, input) => {
  const { from, to = Date.now() } = rangeOf(input);
  const { repository, timeZone } = input;
  return await reads.dashboard({ from, to, repository, timeZone });
});

/** The same for a range by its name; without one, for the last 90 days, or for all there is if they hold nothing. */
export const overview = defineQuery("overview", async ({ reads }, input) => {
  const { repository, timeZone, weekStart } = input;
  const now = Date.now();
  const asked = rangeOf(input);
  const read = async (range: typeof RANGE_NAMES[number]) => {
    const from = asked.from ?? rangeStart(range, now, timeZone ?? "UTC");
    // All there is ends with the last thing, not with blank months after it.
    const last = range === "all" ? (await reads.extent(repository))?.to : undefined;
    const to = asked.to ?? Math.min(now, last ?? now);
    const options = { from, to, repository, timeZone, weekStart };
    return { range, dashboard: await reads.dashboard(options) };
  };
  if (input.range !== undefined) return await read(input.range);
  const recent = await read("quarter");
  const { commits, sessions } = recent.dashboard.totals;
  return commits + sessions > 0 ? recent : await read("all");
});

/** What happened since a moment. */
export const news = defineQuery("news", async ({ reads }, { since }) => {
  const { from } = rangeOf({ from: since });
  const sessions = await reads.countSessions({ from });
  const { all, linked, unlinked, elsewhere } = await reads.countCommits({ from });
  return { since: iso(from!), sessions, commits: all, linked, unlinked, elsewhere };
});

/** Sessions, commits and links as the loom draws them. */
export const loom = defineQuery("loom", async ({ reads }, { repository, project, ...range }) => {
  return await reads.loom({ repository, project, ...rangeOf(range) });
});

/** Sessions, commits, files and prompts that hold words. */
export const search = defineQuery("search", async ({ reads }, { q, limit }) => {
  if (q === undefined) throw new QueryError("badRequest", "q must hold what to search for.");
  return await reads.search(q, { limit });
});
