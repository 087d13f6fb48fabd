import type { Story } from "../story.ts";

/** The page that sailors and harbour staff look at. */
export const harborWeb: Story = {
  name: "harbor-web",
  check: "npm test",
  release: { path: "package.json", before: '"version": "', after: '"' },
  dependencies: {
    path: "package.json",
    lines: ['"preact": "10.24.', '"vite": "5.4.', '"leaflet": "1.9.', '"vitest": "2.1.'],
  },
  first: {
    "README.md": `# harbor-web

Tides, timetables and depths on one map.
`,
    "package.json": `{
  "name": "harbor-web",
  "version": "0.1.0",
  "dependencies": {
    "preact": "10.24.0",
    "leaflet": "1.9.0"
  },
  "devDependencies": {
    "vite": "5.4.0",
    "vitest": "2.1.0"
  }
}
`,
    "src/main.tsx": `import { render } from "preact";
import { App } from "./app.tsx";

render(<App />, document.getElementById("app")!);
`,
    "src/app.tsx": `export function App() {
  return <main class="app"></main>;
}
`,
  },
  steps: [
    {
      subject: "feat(chart): draw the tide curve as SVG",
      ask:
        "I want the tide curve of the next 24 h as a plain SVG component, no chart library. Props: heights [{time, height}], width, height. Path with straight segments is fine, the samples are dense.",
      edits: [{
        path: "src/tide_curve.tsx",
        text: `export interface Height {
  time: number;
  height: number;
}

interface Props {
  heights: Height[];
  width: number;
  height: number;
}

/** The tide over time as one line. */
export function TideCurve({ heights, width, height }: Props) {
  const low = Math.min(...heights.map((it) => it.height));
  const high = Math.max(...heights.map((it) => it.height));
  const start = heights[0].time;
  const span = heights[heights.length - 1].time - start;
  const points = heights.map((it) => [
    (it.time - start) / span * width,
    height - (it.height - low) / (high - low) * height,
  ]);
  const path = "M" + points.map(([x, y]) => x.toFixed(1) + "," + y.toFixed(1)).join("L");
  return (
    <svg viewBox={[0, 0, width, height].join(" ")} role="img" aria-label="Tide curve">
      <path d={path} fill="none" stroke="currentColor" />
    </svg>
  );
}
`,
      }],
    },
    {
      subject: "feat(chart): hours along the foot of the curve",
      ask: "Add tick marks and labels for every third hour in the port's local time.",
      edits: [{
        path: "src/hour_ticks.tsx",
        text: `const HOUR = 3_600_000;

interface Props {
  from: number;
  to: number;
  zone: string;
  x: (time: number) => number;
}

export function HourTicks({ from, to, zone, x }: Props) {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: zone });
  const first = Math.ceil(from / (3 * HOUR)) * 3 * HOUR;
  const times = [];
  for (let time = first; time <= to; time += 3 * HOUR) times.push(time);
  return (
    <g class="ticks">
      {times.map((time) => <text key={time} x={x(time)} y="100%">{clock.format(time)}</text>)}
    </g>
  );
}
`,
      }],
    },
    {
      subject: "fix(chart): a flat sea divides by zero",
      ask:
        "The curve disappears when all heights are equal (gauge offline, constant value). Draw a line in the middle.",
      edits: [{
        path: "src/tide_curve.tsx",
        instead: `    height - (it.height - low) / (high - low) * height,
`,
        text: `    height - (it.height - low) / Math.max(high - low, 0.01) * height,
`,
      }],
    },
    {
      subject: "feat(map): stations on a map",
      ask:
        "Leaflet map with a marker per station, click selects. Keep Leaflet behind one component so we can swap it.",
      edits: [{
        path: "src/station_map.tsx",
        text: `import { useEffect, useRef } from "preact/hooks";
import L from "leaflet";

export interface Place {
  id: string;
  name: string;
  at: [number, number];
}

export function StationMap({ places, onSelect }: { places: Place[]; onSelect: (id: string) => void }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const map = L.map(element.current!).setView([48.6, -3.0], 8);
    L.tileLayer("/tiles/{z}/{x}/{y}.png", { maxZoom: 14 }).addTo(map);
    for (const place of places) {
      L.marker(place.at, { title: place.name }).on("click", () => onSelect(place.id)).addTo(map);
    }
    return () => map.remove();
  }, [places]);
  return <div class="map" ref={element} />;
}
`,
      }],
    },
    {
      subject: "feat(app): pick a station, see its tide",
      ask:
        "Wire map and curve together in App. Fetch heights when a station is selected; show the last one while the next loads.",
      edits: [{
        path: "src/app.tsx",
        instead: `export function App() {
  return <main class="app"></main>;
}
`,
        text: `import { useState } from "preact/hooks";
import { StationMap } from "./station_map.tsx";
import { TideCurve } from "./tide_curve.tsx";
import { useHeights } from "./use_heights.ts";
import { PLACES } from "./places.ts";

export function App() {
  const [station, setStation] = useState(PLACES[0].id);
  const heights = useHeights(station);
  return (
    <main class="app">
      <StationMap places={PLACES} onSelect={setStation} />
      {heights.length > 0 && <TideCurve heights={heights} width={720} height={180} />}
    </main>
  );
}
`,
      }, {
        path: "src/use_heights.ts",
        text: `import { useEffect, useState } from "preact/hooks";
import type { Height } from "./tide_curve.tsx";

/** The heights of a station for a day, the last ones while new ones load. */
export function useHeights(station: string): Height[] {
  const [heights, setHeights] = useState<Height[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    fetch("/api/stations/" + station + "/heights?step=10", { signal: controller.signal })
      .then((response) => response.json())
      .then(setHeights, () => {});
    return () => controller.abort();
  }, [station]);
  return heights;
}
`,
      }],
    },
    {
      subject: "feat(app): the eight stations we start with",
      ask: "Add places.ts with the eight stations from the handbook page, Saint-Malo first.",
      edits: [{
        path: "src/places.ts",
        text: `import type { Place } from "./station_map.tsx";

export const PLACES: Place[] = [
  { id: "saint-malo", name: "Saint-Malo", at: [48.641, -2.028] },
  { id: "roscoff", name: "Roscoff", at: [48.718, -3.966] },
  { id: "brest", name: "Brest", at: [48.383, -4.495] },
  { id: "st-helier", name: "St Helier", at: [49.183, -2.117] },
  { id: "st-peter-port", name: "St Peter Port", at: [49.455, -2.517] },
  { id: "cherbourg", name: "Cherbourg", at: [49.651, -1.636] },
  { id: "plymouth", name: "Plymouth", at: [50.368, -4.185] },
  { id: "poole", name: "Poole", at: [50.715, -1.988] },
];
`,
      }],
    },
    {
      subject: "feat(timetable): sailings of the day",
      ask:
        "A table of today's sailings from ferry's JSON: departure, route, arrival. Cancelled ones struck through, changed arrival in bold.",
      edits: [{
        path: "src/sailings.tsx",
        text: `export interface Sailing {
  kind: "added" | "removed" | "changed" | "planned";
  route: string;
  departure: string;
  arrival: string;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function Sailings({ sailings }: { sailings: Sailing[] }) {
  return (
    <table class="sailings">
      <thead>
        <tr>
          <th>Departs</th>
          <th>Route</th>
          <th>Arrives</th>
        </tr>
      </thead>
      <tbody>
        {sailings.map((it) => (
          <tr key={it.route + it.departure} data-kind={it.kind}>
            <td>{clock.format(new Date(it.departure))}</td>
            <td>{it.kind === "removed" ? <s>{it.route}</s> : it.route}</td>
            <td>{it.kind === "changed" ? <b>{it.arrival}</b> : it.arrival}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
`,
      }],
    },
    {
      subject: "style: ledger colours, light and dark",
      ask:
        "Define the palette as CSS variables with a dark scheme. Paper and ink, one accent. Check contrast yourself.",
      edits: [{
        path: "src/style.css",
        text: `:root {
  color-scheme: light dark;
  --paper: light-dark(#fbf9f4, #14181c);
  --ink: light-dark(#1c2733, #dfe6ec);
  --faint: light-dark(#6a7682, #8a97a3);
  --accent: light-dark(#0b6477, #5cc3d6);
}

body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif;
}
`,
      }],
    },
    {
      subject: "style: the sailings table fits a phone",
      ask:
        "On 360 px the table overflows. Let the route wrap and keep times on one line with tabular figures.",
      edits: [{
        path: "src/style.css",
        text: `
.sailings {
  width: 100%;
  border-collapse: collapse;
}

.sailings td:not(:nth-child(2)) {
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
}

.sailings tr[data-kind="removed"] {
  color: var(--faint);
}
`,
      }],
    },
    {
      subject: "feat(live): refresh when the server says so",
      ask:
        'Use the server\'s event stream: on "tides" refetch heights, on "sailings" refetch sailings. Reconnect is the browser\'s job.',
      edits: [{
        path: "src/live.ts",
        text: `export type Topic = "tides" | "sailings" | "depths";

/** Calls \`onChange\` for every topic that the server reports as changed. */
export function listen(onChange: (topic: Topic) => void): () => void {
  const source = new EventSource("/api/events");
  for (const topic of ["tides", "sailings", "depths"] as const) {
    source.addEventListener(topic, () => onChange(topic));
  }
  return () => source.close();
}
`,
      }],
    },
    {
      subject: "fix(live): one stream for all components",
      ask:
        "Each component opens its own EventSource and the sixth one hangs (HTTP/1.1 limit). Share one and count the listeners.",
      edits: [{
        path: "src/live.ts",
        text: `
const listeners = new Set<(topic: Topic) => void>();
let stop: (() => void) | undefined;

/** Like listen, with one stream for the whole page. */
export function share(onChange: (topic: Topic) => void): () => void {
  listeners.add(onChange);
  stop ??= listen((topic) => listeners.forEach((call) => call(topic)));
  return () => {
    listeners.delete(onChange);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}
`,
      }],
    },
    {
      subject: "test(live): the last listener closes the stream",
      ask: "Test share(): two listeners, one stream; closed after both are gone. Fake EventSource.",
      edits: [{
        path: "tests/live.test.ts",
        text: `import { expect, test, vi } from "vitest";
import { share } from "../src/live.ts";

const closed = vi.fn();
vi.stubGlobal("EventSource", class {
  addEventListener() {}
  close = closed;
});

test("the last listener closes the stream", () => {
  const first = share(() => {});
  const second = share(() => {});
  first();
  expect(closed).not.toHaveBeenCalled();
  second();
  expect(closed).toHaveBeenCalledOnce();
});
`,
      }],
    },
    {
      subject: "feat(depths): colour the soundings",
      ask:
        "Depth cells from sounding as a canvas layer. Colour scale: five steps from the accent to paper, reversed in the dark.",
      edits: [{
        path: "src/depth_scale.ts",
        text: `const STEPS = [0, 2, 5, 10, 20];

/** The index of the colour for a depth in metres, the shallowest first. */
export function depthStep(metres: number): number {
  let step = 0;
  while (step + 1 < STEPS.length && metres >= STEPS[step + 1]) step++;
  return step;
}

export function depthColour(metres: number): string {
  return "color-mix(in oklab, var(--accent) " + (100 - depthStep(metres) * 20) + "%, var(--paper))";
}
`,
      }],
    },
    {
      subject: "feat(depths): correct depths by the tide",
      ask:
        "Show the water there is now, not the charted depth: charted + height of the nearest station. Under the keel matters.",
      edits: [{
        path: "src/water_now.ts",
        text: `import type { Height } from "./tide_curve.tsx";

/** Water at a place in metres: what the chart says plus the tide at \`time\`. */
export function waterNow(charted: number, heights: Height[], time: number): number {
  const next = heights.find((it) => it.time >= time) ?? heights[heights.length - 1];
  return charted + (next?.height ?? 0);
}
`,
      }],
    },
    {
      subject: "fix(depths): say so when there is no tide",
      ask:
        'If heights are missing we silently show the charted depth as the water there is. That\'s dangerous. Return null and show "charted".',
      edits: [{
        path: "src/water_now.ts",
        instead:
          `export function waterNow(charted: number, heights: Height[], time: number): number {
  const next = heights.find((it) => it.time >= time) ?? heights[heights.length - 1];
  return charted + (next?.height ?? 0);
}
`,
        text:
          `export function waterNow(charted: number, heights: Height[], time: number): number | null {
  const next = heights.find((it) => it.time >= time);
  return next === undefined ? null : charted + next.height;
}
`,
      }],
    },
    {
      subject: "feat(a11y): the curve in words",
      ask:
        "The SVG is useless with a screen reader. Add a visually hidden sentence: next high and low water with times.",
      edits: [{
        path: "src/tide_words.ts",
        text: `export interface Turn {
  kind: "high" | "low";
  time: number;
  height: number;
}

export function tideInWords(turns: Turn[], zone: string): string {
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: zone });
  return turns
    .map((it) => it.kind + " water at " + clock.format(it.time) + ", " + it.height.toFixed(1) + " metres")
    .join("; ");
}
`,
      }],
    },
    {
      subject: "feat(a11y): skip link and focus ring",
      ask:
        "Keyboard users have to tab through 40 markers. Skip link to the table and a visible focus ring everywhere.",
      edits: [{
        path: "src/style.css",
        text: `
.skip {
  position: absolute;
  left: -100vw;
}

.skip:focus {
  left: 1rem;
  top: 1rem;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
`,
      }],
    },
    {
      subject: "perf: load the map after the first paint",
      ask: "First paint is 2.4 s on a phone because Leaflet blocks. Lazy-load the map component.",
      edits: [{
        path: "src/lazy_map.tsx",
        text: `import { lazy, Suspense } from "preact/compat";
import type { Place } from "./station_map.tsx";

const Map = lazy(() => import("./station_map.tsx").then((it) => it.StationMap));

export function LazyMap(props: { places: Place[]; onSelect: (id: string) => void }) {
  return (
    <Suspense fallback={<div class="map" aria-busy="true" />}>
      <Map {...props} />
    </Suspense>
  );
}
`,
      }],
    },
    {
      subject: "feat(share): a link to a station and a day",
      ask:
        "The URL should carry station and day so people can send links. Parse and write the query, default today.",
      edits: [{
        path: "src/address.ts",
        text: `export interface Address {
  station: string;
  day: string;
}

export function readAddress(search: string, today: string): Address {
  const query = new URLSearchParams(search);
  const day = query.get("day") ?? "";
  return {
    station: query.get("station") ?? "saint-malo",
    day: /^\\d{4}-\\d{2}-\\d{2}$/.test(day) ? day : today,
  };
}

export function writeAddress({ station, day }: Address): string {
  return "?" + new URLSearchParams({ station, day });
}
`,
      }],
    },
    {
      subject: "fix(timetable): midnight sailings belong to the evening before",
      ask:
        "The 00:10 to Portsmouth shows up on the wrong day. Sailings before 04:00 count to the day before.",
      edits: [{
        path: "src/service_day.ts",
        text: `const HOUR = 3_600_000;

/** The day that a sailing belongs to: the night until four is still yesterday. */
export function serviceDay(departure: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(departure - 4 * HOUR);
}
`,
      }],
    },
    {
      subject: "test(timetable): the night until four",
      ask: "Test serviceDay around midnight and around four.",
      edits: [{
        path: "tests/service_day.test.ts",
        text: `import { expect, test } from "vitest";
import { serviceDay } from "../src/service_day.ts";

test("ten past midnight is still yesterday", () => {
  expect(serviceDay(Date.UTC(2026, 0, 4, 23, 10), "Europe/Paris")).toBe("2026-01-04");
});

test("ten past four is today", () => {
  expect(serviceDay(Date.UTC(2026, 0, 5, 3, 10), "Europe/Paris")).toBe("2026-01-05");
});
`,
      }],
    },
    {
      subject: "style: print without the map",
      ask: "The harbour office prints the page. Hide the map and use black on white.",
      edits: [{
        path: "src/style.css",
        text: `
@media print {
  .map {
    display: none;
  }

  body {
    background: white;
    color: black;
  }
}
`,
      }],
    },
    {
      subject: "fix(share): an unknown station falls back to the first",
      ask: "A link with a station that we removed shows an empty page. Fall back to Saint-Malo.",
      edits: [{
        path: "src/known_station.ts",
        text: `import { PLACES } from "./places.ts";

export function knownStation(id: string): string {
  return PLACES.some((place) => place.id === id) ? id : PLACES[0].id;
}
`,
      }],
    },
    {
      subject: "fix(chart): redraw when the window is resized",
      ask:
        "The curve keeps its first width when the phone is turned. Measure with a ResizeObserver.",
      edits: [{
        path: "src/use_width.ts",
        text: `import { useEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

export function useWidth(element: RefObject<HTMLElement>, first: number): number {
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
`,
      }],
    },
    {
      subject: "docs: how to run it against a local tidemark",
      ask: "Add a README section on running against local services with the vite proxy.",
      edits: [{
        path: "README.md",
        text: `
## Against local services

Start tidemark on port 8000 and ferry's JSON on 8001, then \`npm run dev\`: Vite passes \`/api\` on to both.
`,
      }],
    },
  ],
};
