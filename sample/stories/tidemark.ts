import type { Story } from "../story.ts";

/** A service that predicts tides. */
export const tidemark: Story = {
  name: "tidemark",
  check: "deno test -A",
  release: { path: "deno.json", before: '"version": "', after: '"' },
  dependencies: {
    path: "deno.json",
    lines: [
      '"hono": "npm:hono@4.6.',
      '"zod": "npm:zod@3.23.',
      '"temporal": "npm:temporal-polyfill@0.2.',
    ],
  },
  first: {
    "README.md": `# tidemark

Tide heights and currents for the western ports, over HTTP.
`,
    "deno.json": `{
  "version": "0.1.0",
  "imports": {
    "hono": "npm:hono@4.6.0",
    "zod": "npm:zod@3.23.0",
    "temporal": "npm:temporal-polyfill@0.2.0"
  }
}
`,
    "src/station.ts": `export interface Station {
  id: string;
  name: string;
  latitude: number;
  longitude: number;
  datum: number;
}
`,
    "src/server.ts": `import { Hono } from "hono";

export const app = new Hono();

app.get("/health", (c) => c.json({ ok: true }));
`,
  },
  steps: [
    {
      subject: "feat(harmonics): sum the constituents of a station",
      ask:
        "We have the constituents for each station now (amplitude, phase, speed). Write the function that gives the height above datum at a time. Plain sum of cosines, no nodal corrections yet.",
      edits: [{
        path: "src/harmonics.ts",
        text: `export interface Constituent {
  name: string;
  amplitude: number;
  phaseDegrees: number;
  degreesPerHour: number;
}

/** Height above datum, in metres, at a number of hours since the epoch. */
export function heightAt(hours: number, constituents: Constituent[]): number {
  let height = 0;
  for (const part of constituents) {
    const angle = part.degreesPerHour * hours - part.phaseDegrees;
    height += part.amplitude * Math.cos(angle * Math.PI / 180);
  }
  return height;
}
`,
      }],
    },
    {
      subject: "test(harmonics): a single constituent is a cosine",
      ask: "Add a test file for harmonics with the one case we can check by hand.",
      edits: [{
        path: "tests/harmonics_test.ts",
        text: `import { assertAlmostEquals } from "@std/assert";
import { heightAt } from "../src/harmonics.ts";

const m2 = { name: "M2", amplitude: 2, phaseDegrees: 0, degreesPerHour: 28.984 };

Deno.test("a single constituent peaks at its phase", () => {
  assertAlmostEquals(heightAt(0, [m2]), 2);
  assertAlmostEquals(heightAt(180 / 28.984, [m2]), -2);
});
`,
      }],
    },
    {
      subject: "feat(api): heights of a station as JSON",
      ask:
        "Expose GET /stations/:id/heights?from=&to=&step= that returns the heights as JSON. Validate the query with zod and answer 400 with the message when it is wrong.",
      edits: [{
        path: "src/server.ts",
        text: `app.get("/stations/:id/heights", (c) => {
  const query = heightsQuery.safeParse(c.req.query());
  if (!query.success) return c.json({ error: query.error.issues[0].message }, 400);
  const station = stations.get(c.req.param("id"));
  if (station === undefined) return c.json({ error: "no such station" }, 404);
  return c.json(heightsBetween(station, query.data));
});
`,
      }],
    },
    {
      subject: "feat(heights): sample a range at a fixed step",
      ask:
        "heightsBetween is missing. It should sample from `from` to `to` inclusive at `step` minutes and refuse more than 10,000 samples.",
      edits: [{
        path: "src/heights.ts",
        text: `import { type Constituent, heightAt } from "./harmonics.ts";

const MAX_SAMPLES = 10_000;

export function heightsBetween(
  constituents: Constituent[],
  range: { from: number; to: number; stepMinutes: number },
) {
  const samples = Math.floor((range.to - range.from) / (range.stepMinutes * 60_000)) + 1;
  if (samples > MAX_SAMPLES) throw new RangeError("Too many samples: ask for a longer step");
  return Array.from({ length: samples }, (_, i) => {
    const time = range.from + i * range.stepMinutes * 60_000;
    return { time: new Date(time).toISOString(), height: heightAt(time / 3_600_000, constituents) };
  });
}
`,
      }],
    },
    {
      subject: "feat(extremes): find high and low water",
      ask:
        "The harbour office wants times of high and low water, not a curve. Find the extremes between two times; a golden-section search between sign changes of the derivative is fine.",
      edits: [{
        path: "src/extremes.ts",
        text: `import { type Constituent, heightAt } from "./harmonics.ts";

export interface Extreme {
  kind: "high" | "low";
  hours: number;
  height: number;
}

const STEP_HOURS = 0.25;

/** High and low waters between two times, in order. */
export function extremes(from: number, to: number, parts: Constituent[]): Extreme[] {
  const found: Extreme[] = [];
  let rising = slope(from, parts) > 0;
  for (let hours = from + STEP_HOURS; hours <= to; hours += STEP_HOURS) {
    const nowRising = slope(hours, parts) > 0;
    if (nowRising === rising) continue;
    const exact = turningPoint(hours - STEP_HOURS, hours, parts);
    found.push({ kind: rising ? "high" : "low", hours: exact, height: heightAt(exact, parts) });
    rising = nowRising;
  }
  return found;
}
`,
      }],
    },
    {
      subject: "feat(extremes): bisect to the turning point",
      ask:
        "turningPoint and slope still need bodies. Use the analytic derivative for slope and bisect until we are within a second.",
      edits: [{
        path: "src/extremes.ts",
        text: `
function slope(hours: number, parts: Constituent[]): number {
  let sum = 0;
  for (const { amplitude, phaseDegrees, degreesPerHour } of parts) {
    const angle = (degreesPerHour * hours - phaseDegrees) * Math.PI / 180;
    sum -= amplitude * degreesPerHour * Math.sin(angle);
  }
  return sum;
}

function turningPoint(low: number, high: number, parts: Constituent[]): number {
  const rising = slope(low, parts) > 0;
  while ((high - low) * 3600 > 1) {
    const middle = (low + high) / 2;
    if ((slope(middle, parts) > 0) === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
`,
      }],
    },
    {
      subject: "fix(extremes): a slack tide is not a low water",
      ask:
        "At St Helier around neaps we report a low water of 6.1 m two minutes after a high of 6.1 m. Ignore turning points that differ from the last by less than a centimetre.",
      edits: [{
        path: "src/extremes.ts",
        instead:
          `    found.push({ kind: rising ? "high" : "low", hours: exact, height: heightAt(exact, parts) });
`,
        text: `    const height = heightAt(exact, parts);
    const last = found.at(-1);
    if (last === undefined || Math.abs(last.height - height) >= SLACK_METRES) {
      found.push({ kind: rising ? "high" : "low", hours: exact, height });
    }
`,
      }],
    },
    {
      subject: "feat(nodal): 18.6-year corrections for M2, K1 and O1",
      ask:
        "Predictions for 2027 drift by 8 cm against the almanac. Add the nodal corrections f and u for M2, K1, O1 from Schureman, table 14.",
      edits: [{
        path: "src/nodal.ts",
        text:
          `/** Longitude of the moon's ascending node, degrees, at a number of days since J2000. */
export function nodeLongitude(days: number): number {
  return (125.0445 - 0.05295377 * days) % 360;
}

export function nodalFactor(name: string, node: number): { f: number; uDegrees: number } {
  const n = node * Math.PI / 180;
  switch (name) {
    case "M2":
      return { f: 1 - 0.037 * Math.cos(n), uDegrees: -2.1 * Math.sin(n) };
    case "K1":
      return { f: 1.006 + 0.115 * Math.cos(n), uDegrees: -8.9 * Math.sin(n) };
    case "O1":
      return { f: 1.009 + 0.187 * Math.cos(n), uDegrees: 10.8 * Math.sin(n) };
    default:
      return { f: 1, uDegrees: 0 };
  }
}
`,
      }],
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
      subject: "fix(rate-limit): forget addresses after their window",
      ask:
        "The limiter's map grows forever, 400 MB after a week. Drop entries whose window is over.",
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
    },
    {
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
    },
    {
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
    },
    {
      subject: "refactor(api): parse units in one place",
      ask: "Both endpoints parse ?unit= on their own now. Put it into one zod schema.",
      edits: [{
        path: "src/query.ts",
        text: `import { z } from "zod";

export const unit = z.enum(["m", "ft", "fathom"]).default("m");

export const heightsQuery = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  step: z.coerce.number().int().min(1).max(120).default(10),
  unit,
});
`,
      }],
    },
    {
      subject: "fix(api): refuse a range that ends before it starts",
      ask: "from > to gives a RangeError with status 500. Make it a 400 with a sentence.",
      edits: [{
        path: "src/query.ts",
        instead: `  unit,
});
`,
        text: `  unit,
}).refine((query) => query.from < query.to, { message: "from must be before to" });
`,
      }],
    },
    {
      subject: "test(units): metres to fathoms and back",
      ask: "Small test for units.ts.",
      edits: [{
        path: "tests/units_test.ts",
        text: `import { assertEquals } from "@std/assert";
import { toUnit } from "../src/units.ts";

Deno.test("a metre is a bit more than half a fathom", () => {
  assertEquals(toUnit(1, "fathom"), 0.547);
  assertEquals(toUnit(10, "ft"), 32.808);
});
`,
      }],
    },
    {
      subject: "feat(api): say which model a height comes from",
      ask:
        'Clients ask whether surge is included. Add a "model" field to the answer: harmonic, or harmonic+surge.',
      edits: [{
        path: "src/model.ts",
        text: `export type Model = "harmonic" | "harmonic+surge";

export function modelOf(query: { surge?: boolean }): Model {
  return query.surge ? "harmonic+surge" : "harmonic";
}
`,
      }],
    },
    {
      subject: "test(extremes): two high waters a day at Brest",
      ask:
        "A regression test for extremes with Brest's two largest constituents: 3 or 4 turning points... rather: highs and lows alternate, 3-4 each in 48 hours.",
      edits: [{
        path: "tests/extremes_test.ts",
        text: `import { assert, assertEquals } from "@std/assert";
import { extremes } from "../src/extremes.ts";

const brest = [
  { name: "M2", amplitude: 2.05, phaseDegrees: 109, degreesPerHour: 28.984 },
  { name: "S2", amplitude: 0.75, phaseDegrees: 148, degreesPerHour: 30 },
];

Deno.test("high and low water take turns", () => {
  const found = extremes(0, 48, brest);
  assert(found.length >= 7 && found.length <= 8);
  found.slice(1).forEach((it, i) => assertEquals(it.kind !== found[i].kind, true));
});
`,
      }],
    },
    {
      subject: "feat(surge): a forecast older than six hours counts as none",
      ask:
        "If sounding is late we must not add an old surge. Drop the forecast after six hours and report it in /health.",
      edits: [{
        path: "src/surge_age.ts",
        text: `const SIX_HOURS = 6 * 3_600_000;

/** Whether a forecast published at \`published\` may still be used. */
export function isFresh(published: number, now: number): boolean {
  return now - published < SIX_HOURS;
}
`,
      }, {
        path: "src/extremes.ts",
        instead:
          `  return found.map((it) => ({ ...it, height: it.height + surgeAtHours(it.hours) }));
`,
        text: `  return found.map((it) => {
    const metres = surgeAtHours(it.hours);
    // No forecast is no surge: the tide itself is still right.
    return Number.isFinite(metres) ? { ...it, height: it.height + metres } : it;
  });
`,
      }],
    },
  ],
};
