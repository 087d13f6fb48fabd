import { formatAgo } from "../lib/text/format.ts";
import type { DateFormat } from "../lib/time/dates.ts";
import { useDates } from "../lib/client/use_dates.ts";
import { Explained } from "./Explained.tsx";

export interface TimeProps {
  /** ISO 8601, or null where nothing is known. */
  at: string | null;
  /**
   * `minute` writes date and time, `clock` the time alone, `day` the date alone, `ago` how long it is past, and ticks.
   *
   * @default {"minute"}
   */
  as?: "minute" | "clock" | "day" | "ago";
  /** What stands for a time that is not known. @default {"unknown"} */
  unknown?: string;
  /**
   * How it is written. A table asks for it once: asking in each row takes more time and memory than all else in it.
   *
   * @default the reader's own format
   */
  dates?: DateFormat;
}

/** A moment. Where only its distance is written, it says its date when asked. */
export function Time(
  { at, as = "minute", unknown = "unknown", dates = useDates() }: TimeProps,
) {
  if (at === null) return <span class="faint">{unknown}</span>;
  const ms = Date.parse(at);
  if (as !== "ago") return <time dateTime={at} class="nowrap">{dates[as](ms)}</time>;
  return (
    <Explained says={`${dates.longDay(ms)}, ${dates.clock(ms)}`}>
      <time dateTime={at} data-ago>{formatAgo(ms, Date.now())}</time>
    </Explained>
  );
}
