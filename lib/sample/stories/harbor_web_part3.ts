import type { Step } from "../story.ts";

/** What happens to harbor-web after the steps before it, part 3 of 3. */
export const harborWebPart3: Step[] = [{
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
  subject: "fix(chart): redraw when the window is resized",
  ask: "The curve keeps its first width when the phone is turned. Measure with a ResizeObserver.",
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
}, {
  subject: "docs: how to run it against a local tidemark",
  ask: "Add a README section on running against local services with the vite proxy.",
  edits: [{
    path: "README.md",
    text: `
## Against local services

Start tidemark on port 8000 and ferry's JSON on 8001, then \`npm run dev\`: Vite passes \`/api\` on to both.
`,
  }],
}];
