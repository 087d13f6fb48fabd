import { renderToString } from "preact-render-to-string";
import type { DashboardDay } from "../lib/store/shapes.ts";
import { formatCount, formatCounted, formatDuration } from "../lib/text/format.ts";
import { lastDay } from "../lib/time/days.ts";
import { ColumnHead } from "./Explained.tsx";

export interface DayChartProps {
  /** Never changed once they are shown. */
  days: DashboardDay[];
  granularity: "day" | "week" | "month";
  /** The one repository that it shows; all without it. */
  repositoryId?: string;
}

const ABOVE = 46;
const AXIS = 3;
const BELOW = 46;
const HEIGHT = ABOVE + AXIS + BELOW;
const STEP = 10;
const MINUTE_MS = 60_000;

/** The charts of days that are still at hand: a thousand elements each, and the same until something changes. */
const drawn = new WeakMap<DashboardDay[], string>();

/**
 * Sessions at work above the line, commits below it, a bar a day. The eye gets the picture, the table under it the
 * numbers.
 */
export function DayChart(props: DayChartProps) {
  let html = drawn.get(props.days);
  if (html === undefined) drawn.set(props.days, html = renderToString(<Chart {...props} />));
  return <figure class="day-chart" dangerouslySetInnerHTML={{ __html: html }} />;
}

function Chart({ days, granularity, repositoryId }: DayChartProps) {
  const width = days.length * STEP;
  const mostMinutes = Math.max(1, ...days.map((day) => day.activeMinutes));
  const mostCommits = Math.max(1, ...days.map(commitsOf));
  const gap = days.length > 200 ? 1 : 2;
  return (
    <>
      <p class="chart-label">
        Session time, up to {formatDuration(mostMinutes * MINUTE_MS)} a {granularity}
      </p>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Session time and commits by ${granularity}, as in the table below`}
      >
        {bars(days, { above: ABOVE / mostMinutes, below: BELOW / mostCommits, gap }).map((bar) => (
          <path key={bar.kind} class={`chart-${bar.kind}`} d={bar.path} />
        ))}
        {days.map((day, i) => (
          <g key={day.date}>
            <title>{describeDay(day)}</title>
            <rect class="chart-hit" x={i * STEP} width={STEP} height={HEIGHT} />
          </g>
        ))}
        <rect class="chart-axis" x="0" y={ABOVE + 1} width={width} height="1" />
      </svg>
      <p class="chart-label">
        <span>Commits, up to {formatCount(mostCommits)} a {granularity}:</span>
        <span class="key key-linked">with a session</span>
        <span class="key key-byHand">by hand</span>
        <span class="key key-unknown">unknown</span>
        <span class="key key-elsewhere">by others</span>
      </p>
      <p class="chart-axis-labels">
        {[days[0], days[Math.floor(days.length / 2)], days[days.length - 1]].map((day, i) => (
          <span key={i}>{day.date}</span>
        ))}
      </p>
      <DayTable days={days} granularity={granularity} repositoryId={repositoryId} />
    </>
  );
}

function DayTable({ days, granularity, repositoryId }: DayChartProps) {
  const only = repositoryId === undefined ? "" : `&repository=${repositoryId}`;
  const busy = days.filter((day) => day.activities > 0 || commitsOf(day) > 0).toReversed();
  return (
    <details class="fold" id="days-as-table">
      <summary>As a table</summary>
      <div class="table-box">
        <table>
          <caption class="visually-hidden">Session time and commits by {granularity}</caption>
          <thead>
            <tr>
              <th scope="col">
                {granularity === "day" ? "Day" : `First day of the ${granularity}`}
              </th>
              <ColumnHead label="Session time" counted="activeTime" />
              <ColumnHead label="Sessions" counted="sessionsInRange" />
              <ColumnHead label="With a session" counted="linked" />
              <ColumnHead label="By hand" counted="byHand" />
              <ColumnHead label="Unknown" counted="unknown" />
              <ColumnHead label="Other authors" counted="elsewhere" />
            </tr>
          </thead>
          <tbody>
            {busy.map((day) => (
              <tr key={day.date}>
                <th scope="row" class="nowrap">
                  <a href={`/commits?from=${day.date}&to=${lastDay(day.date, granularity)}${only}`}>
                    {day.date}
                  </a>
                </th>
                <td class="number">{formatDuration(day.activeMinutes * MINUTE_MS)}</td>
                <td class="number">{formatCount(day.sessions)}</td>
                <td class="number">{formatCount(day.linked)}</td>
                <td class="number">{formatCount(day.unlinked - day.unknown)}</td>
                <td class="number">{formatCount(day.unknown)}</td>
                <td class="number">{formatCount(day.elsewhere)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function commitsOf(day: DashboardDay): number {
  return day.linked + day.unlinked + day.elsewhere;
}

/** One shape for all bars of a kind: one for each would be most of the page. */
function bars(
  days: DashboardDay[],
  { above, below, gap }: { above: number; below: number; gap: number },
): { kind: string; path: string }[] {
  const paths = { time: "", linked: "", byHand: "", unknown: "", elsewhere: "" };
  const draw = (kind: keyof typeof paths, i: number, [y, height]: [number, number]) => {
    if (height === 0) return;
    const width = STEP - gap;
    paths[kind] += `M${i * STEP + gap / 2} ${short(y)}h${width}v${short(height)}h-${width}z`;
  };
  days.forEach((day, i) => {
    const time = day.activeMinutes * above;
    draw("time", i, [ABOVE - time, time]);
    let y = ABOVE + AXIS;
    const { linked, unlinked, unknown, elsewhere } = day;
    const counts = { linked, byHand: unlinked - unknown, unknown, elsewhere };
    for (const kind of ["linked", "byHand", "unknown", "elsewhere"] as const) {
      const height = counts[kind] * below;
      draw(kind, i, [y, height]);
      y += height;
    }
  });
  return Object.entries(paths).map(([kind, path]) => ({ kind, path }));
}

function short(length: number): string {
  return String(Math.round(length * 100) / 100);
}

function describeDay(day: DashboardDay): string {
  return `${day.date}: ${formatDuration(day.activeMinutes * MINUTE_MS)} in ${
    formatCounted(day.sessions, "session")
  }, ${formatCounted(commitsOf(day), "commit")} (${formatCount(day.linked)} with a session, ${
    formatCount(day.unlinked - day.unknown)
  } by hand, ${formatCount(day.unknown)} unknown, ${formatCount(day.elsewhere)} by others)`;
}
