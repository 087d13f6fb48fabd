import type { Story } from "../story.ts";
import { harborWebPart2 } from "./harbor_web_part2.ts";
import { harborWebPart3 } from "./harbor_web_part3.ts";

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
    ...harborWebPart2,
    ...harborWebPart3,
  ],
};
