import { dayIn } from "../lib/client/zone.ts";

/** Props of {@linkcode DateFields}. */
export interface DateFieldsProps {
  /** Unix milliseconds, both inclusive. */
  from?: number;
  to?: number;
  timeZone: string;
}

/** The first and last day of a filter. */
export function DateFields({ from, to, timeZone }: DateFieldsProps) {
  const dayOf = (at?: number) => at === undefined ? undefined : dayIn(timeZone, at);
  return (
    <>
      <label>
        From
        <input type="date" name="from" value={dayOf(from)} />
      </label>
      <label>
        To
        <input type="date" name="to" value={dayOf(to)} />
      </label>
    </>
  );
}
