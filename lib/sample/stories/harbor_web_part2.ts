import type { Step } from "../story.ts";

/** What happens to harbor-web after the steps before it, part 2 of 3. */
export const harborWebPart2: Step[] = [{
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
  subject: "fix(depths): say so when there is no tide",
  ask:
    'If heights are missing we silently show the charted depth as the water there is. That\'s dangerous. Return null and show "charted".',
  edits: [{
    path: "src/water_now.ts",
    instead: `export function waterNow(charted: number, heights: Height[], time: number): number {
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
}, {
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
}];
