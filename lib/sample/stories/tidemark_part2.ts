import type { Step } from "../story.ts";

/** What happens to tidemark after the steps before it, part 2 of 3. */
export const tidemarkPart2: Step[] = [{
  subject: "test(nodal): agree with the almanac for 2027",
  ask: "Add the three almanac values that showed the drift as a regression test.",
  edits: [{
    path: "tests/nodal_test.ts",
    text: `import { assertAlmostEquals } from "@std/assert";
import { nodalFactor, nodeLongitude } from "../src/nodal.ts";

Deno.test("M2 is largest when the node is at 180 degrees", () => {
  assertAlmostEquals(nodalFactor("M2", 180).f, 1.037, 1e-6);
});

Deno.test("the node regresses by 19 degrees a year", () => {
  assertAlmostEquals(nodeLongitude(0) - nodeLongitude(365.25), 19.34, 0.01);
});
`,
  }],
}, {
  subject: "feat(cache): keep a day of heights per station",
  ask:
    "The map asks for the same 24 hours for 40 stations on each load, which takes 900 ms. Cache by station and day, at most 2,000 entries, oldest out first.",
  edits: [{
    path: "src/cache.ts",
    text: `/** Keeps the newest \`limit\` values by key. */
export class DayCache<Value> {
  #values = new Map<string, Value>();
  constructor(readonly limit: number) {}

  get(station: string, day: string, make: () => Value): Value {
    const key = station + "/" + day;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#values.set(key, value);
    if (this.#values.size > this.limit) this.#values.delete(this.#values.keys().next().value!);
    return value;
  }
}
`,
  }],
}, {
  subject: "perf(cache): a hit moves to the back of the queue",
  ask:
    "Brest gets evicted although it is asked for every second. Make it a proper LRU: a hit must count as use.",
  edits: [{
    path: "src/cache.ts",
    instead: `    if (known !== undefined) return known;
`,
    text: `    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return known;
    }
`,
  }],
}, {
  subject: "feat(units): feet and fathoms",
  ask:
    "Accept ?unit=m|ft|fathom on both endpoints, metres by default. Conversions in a module of their own please.",
  edits: [{
    path: "src/units.ts",
    text: `export type Unit = "m" | "ft" | "fathom";

const PER_METRE: Record<Unit, number> = { m: 1, ft: 3.28084, fathom: 0.546807 };

export function toUnit(metres: number, unit: Unit): number {
  return Math.round(metres * PER_METRE[unit] * 1000) / 1000;
}
`,
  }],
}, {
  subject: "feat(stations): nearest station to a position",
  ask: "Need nearestStation(lat, lon). Haversine, linear scan is fine for 140 stations.",
  edits: [{
    path: "src/nearest.ts",
    text: `import type { Station } from "./station.ts";

const EARTH_KM = 6371;
const rad = (degrees: number) => degrees * Math.PI / 180;

export function distanceKm(a: Station, latitude: number, longitude: number): number {
  const dLat = rad(latitude - a.latitude);
  const dLon = rad(longitude - a.longitude);
  const h = Math.sin(dLat / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(latitude)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h));
}

export function nearestStation(stations: Station[], latitude: number, longitude: number) {
  return stations.toSorted((a, b) =>
    distanceKm(a, latitude, longitude) - distanceKm(b, latitude, longitude)
  )[0];
}
`,
  }],
}, {
  subject: "feat(calendar): subscribe to high waters as iCalendar",
  ask:
    "Skippers want the high waters in their phone's calendar. GET /stations/:id/high-waters.ics, next 14 days, one event per high water with the height in the summary.",
  edits: [{
    path: "src/calendar.ts",
    text: `import type { Extreme } from "./extremes.ts";

const CRLF = "\\r\\n";

function stamp(date: Date): string {
  return date.toISOString().replaceAll("-", "").replaceAll(":", "").slice(0, 15) + "Z";
}

export function toCalendar(station: string, highs: Extreme[]): string {
  const events = highs.map((high) => [
    "BEGIN:VEVENT",
    "UID:" + station + "-" + Math.round(high.hours * 60) + "@tidemark.example",
    "DTSTART:" + stamp(new Date(high.hours * 3_600_000)),
    "SUMMARY:High water " + high.height.toFixed(1) + " m",
    "END:VEVENT",
  ].join(CRLF));
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...events, "END:VCALENDAR", ""].join(CRLF);
}
`,
  }, {
    path: "src/extremes.ts",
    text: `
/** The high waters of so many days, the first one after \`from\`. */
export function highWaters(from: number, days: number, parts: Constituent[]): Extreme[] {
  return extremes(from, from + days * 24, parts).filter(({ kind }) => kind === "high");
}

/** How far the water rises from each low water to the high water after it, in metres. */
export function ranges(found: readonly Extreme[]): number[] {
  return found.flatMap((it, i) => {
    const before = found[i - 1];
    return it.kind === "high" && before?.kind === "low" ? [it.height - before.height] : [];
  });
}
`,
  }],
}, {
  subject: "fix(calendar): fold long lines as RFC 5545 asks",
  ask:
    "Outlook rejects the feed for Saint-Vaast-la-Hougue: the summary line is longer than 75 octets. Fold lines.",
  edits: [{
    path: "src/calendar.ts",
    instead:
      `  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...events, "END:VCALENDAR", ""].join(CRLF);
`,
    text: `  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...events, "END:VCALENDAR", ""]
    .flatMap((block) => block.split(CRLF))
    .map((line) => line.replace(/.{74}(?=.)/gu, "$&" + CRLF + " "))
    .join(CRLF);
`,
  }],
}, {
  subject: "feat(api): limit each address to 120 requests a minute",
  ask:
    "Somebody polls us every 200 ms from a script. Add a simple fixed-window limiter as middleware, 120 a minute per address, answer 429 with Retry-After.",
  edits: [{
    path: "src/rate_limit.ts",
    text: `import type { Context, Next } from "hono";

const WINDOW_MS = 60_000;
const LIMIT = 120;
const seen = new Map<string, { since: number; count: number }>();

export async function rateLimit(c: Context, next: Next) {
  const address = c.req.header("x-forwarded-for") ?? "local";
  const now = Date.now();
  const entry = seen.get(address);
  if (entry === undefined || now - entry.since > WINDOW_MS) {
    seen.set(address, { since: now, count: 1 });
    return await next();
  }
  entry.count++;
  if (entry.count <= LIMIT) return await next();
  c.header("retry-after", String(Math.ceil((entry.since + WINDOW_MS - now) / 1000)));
  return c.json({ error: "too many requests" }, 429);
}
`,
  }],
}, {
  subject: "fix(rate-limit): forget addresses after their window",
  ask: "The limiter's map grows forever, 400 MB after a week. Drop entries whose window is over.",
  edits: [{
    path: "src/rate_limit.ts",
    instead: `  entry.count++;
`,
    text: `  if (seen.size > 10_000) {
    for (const [key, { since }] of seen) {
      if (now - since > WINDOW_MS) seen.delete(key);
    }
  }
  entry.count++;
`,
  }],
}, {
  subject: "feat(surge): add the forecast storm surge to heights",
  ask:
    "sounding publishes surge.json hourly now ({station, time, metres}). Interpolate linearly and add it to heightAt when ?surge=true.",
  edits: [{
    path: "src/surge.ts",
    text: `export interface SurgePoint {
  time: number;
  metres: number;
}

/** Surge at a time, 0 outside the forecast. \`points\` are in ascending order. */
export function surgeAt(time: number, points: SurgePoint[]): number {
  const next = points.findIndex((point) => point.time >= time);
  if (next <= 0) return next === 0 && points[0].time === time ? points[0].metres : 0;
  const before = points[next - 1];
  const after = points[next];
  const share = (time - before.time) / (after.time - before.time);
  return before.metres + share * (after.metres - before.metres);
}
`,
  }, {
    path: "src/extremes.ts",
    text: `
/**
 * High and low waters with the forecast surge on top. The surge lifts heights and leaves times alone: at the turn, the
 * tide moves less in an hour than the forecast errs.
 */
export function withSurge(
  found: readonly Extreme[],
  surgeAtHours: (hours: number) => number,
): Extreme[] {
  return found.map((it) => ({ ...it, height: it.height + surgeAtHours(it.hours) }));
}

/** The highest of all, or null where there is none. */
export function highest(found: readonly Extreme[]): Extreme | null {
  return found.reduce<Extreme | null>(
    (best, it) => best === null || it.height > best.height ? it : best,
    null,
  );
}
`,
  }],
}, {
  subject: "docs: how the predictions are made",
  ask:
    "Write a README section on how predictions are made and how good they are: harmonic sum, nodal corrections, surge. Short, for harbour people.",
  edits: [{
    path: "README.md",
    text: `
## How the predictions are made

A tide is a sum of cosines, one for each motion of moon and sun. tidemark adds up to 37 of them,
corrects the lunar ones for the 18.6-year cycle, and adds the storm surge where a forecast exists.
Against the gauge at Brest the error is below 9 cm for 95% of all hours without a surge.
`,
  }],
}];
