import { COUNTED, type Counted } from "../lib/pages/counted.ts";

/** Props of {@linkcode ColumnHead}. */
export interface ColumnHeadProps {
  label: string;
  /** How the column's numbers were counted; it sets them right-aligned. */
  counted?: Counted;
  /** The address that sorts by this column. */
  href?: string;
  /** How the list is sorted by this column now. */
  sorted?: "asc" | "desc" | null;
}

/** A column's head: how its numbers were counted, on hover and on focus, and a link where the list sorts by it. */
export function ColumnHead({ label, counted, href, sorted }: ColumnHeadProps) {
  const said = counted === undefined ? undefined : COUNTED[counted];
  const order = sorted === "asc" ? "ascending" : "descending";
  const arrow = sorted === "asc" ? "↑" : "↓";
  return (
    <th
      scope="col"
      class={counted === undefined ? undefined : "number"}
      aria-sort={sorted ? order : undefined}
    >
      {href !== undefined
        ? (
          <a href={href} class={said && "counted"} aria-description={said}>
            {label}
            {sorted && <span aria-hidden="true">{` ${arrow}`}</span>}
          </a>
        )
        : said === undefined
        ? label
        : (
          <span class="counted" tabIndex={0} role="note" aria-description={said}>
            {label}
          </span>
        )}
      {said !== undefined && <span class="tip column-tip" aria-hidden="true">{said}</span>}
    </th>
  );
}
