import { formatCount, formatCounted, formatDuration } from "../lib/client/format.ts";
import { lastDay } from "../lib/store/views/days.ts";
import type { DashboardDay } from "../lib/store/views/stats.ts";

/** Props of {@linkcode DayChart}. */
export interface DayChartProps {
  days: DashboardDay[];
  granularity: "day" | "week" | "month";
  /** The one repository that it shows; all without it. */
  repositoryId?: number;
}

const ABOVE = 46;
const AXIS = 3;
const BELOW = 46;
const HEIGHT = ABOVE + AXIS + BELOW;
const STEP = 10;
const MINUTE_MS = 60_000;

/**
 * Sessions at work above the line, commits below it, a bar a day. The eye gets the picture, the table under it the
 * numbers.
 */
export function DayChart({ days, granularity, repositoryId }: DayChartProps) {
  const width = days.length * STEP;
  const mostMinutes = Math.max(1, ...days.map((day) => day.activeMinutes));
  const mostCommits = Math.max(1, ...days.map(commitsOf));
  const gap = days.length > 200 ? 1 : 2;
  return (
    <figure class="day-chart">
      <p class="chart-label">
        Session time, up to {formatDuration(mostMinutes * MINUTE_MS)} a {granularity}
      </p>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Session time and commits by ${granularity}, as in the table below`}
      >
        {days.map((day, i) => (
          <g key={day.date}>
            <title>{describeDay(day)}</title>
            <rect class="chart-hit" x={i * STEP} y="0" width={STEP} height={HEIGHT} />
            <rect
              class="chart-time"
              x={i * STEP + gap / 2}
              y={ABOVE - (day.activeMinutes / mostMinutes) * ABOVE}
              width={STEP - gap}
              height={(day.activeMinutes / mostMinutes) * ABOVE}
            />
            {stack(day, BELOW / mostCommits).map(({ kind, y, height }) => (
              <rect
                key={kind}
                class={`chart-${kind}`}
                x={i * STEP + gap / 2}
                y={ABOVE + AXIS + y}
                width={STEP - gap}
                height={height}
              />
            ))}
          </g>
        ))}
        <rect class="chart-axis" x="0" y={ABOVE + 1} width={width} height="1" />
      </svg>
      <p class="chart-label">
        <span>Commits, up to {formatCount(mostCommits)} a {granularity}:</span>
        <span class="key key-linked">with a session</span>
        <span class="key key-unlinked">without</span>
        <span class="key key-elsewhere">by others</span>
      </p>
      <p class="chart-axis-labels">
        {[days[0], days[Math.floor(days.length / 2)], days[days.length - 1]].map((day, i) => (
          <span key={i}>{day.date}</span>
        ))}
      </p>
      <DayTable days={days} granularity={granularity} repositoryId={repositoryId} />
    </figure>
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
              <th scope="col" class="number">Session time</th>
              <th scope="col" class="number">Sessions</th>
              <th scope="col" class="number">With a session</th>
              <th scope="col" class="number">Without</th>
              <th scope="col" class="number">By others</th>
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
                <td class="number">{formatCount(day.unlinked)}</td>
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

function stack(day: DashboardDay, unit: number) {
  let y = 0;
  return (["linked", "unlinked", "elsewhere"] as const).map((kind) => {
    const height = day[kind] * unit;
    const part = { kind, y, height };
    y += height;
    return part;
  }).filter(({ height }) => height > 0);
}

function describeDay(day: DashboardDay): string {
  return `${day.date}: ${formatDuration(day.activeMinutes * MINUTE_MS)} in ${
    formatCounted(day.sessions, "session")
  }, ${formatCounted(commitsOf(day), "commit")} (${formatCount(day.linked)} with a session)`;
}
