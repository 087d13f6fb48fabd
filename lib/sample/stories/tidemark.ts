import type { Story } from "../story.ts";
import { tidemarkPart2 } from "./tidemark_part2.ts";
import { tidemarkPart3 } from "./tidemark_part3.ts";

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
    ...tidemarkPart2,
    ...tidemarkPart3,
  ],
};
