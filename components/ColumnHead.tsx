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

/** A column's head: what its numbers count in the tooltip, and a link where the list sorts by it. */
export function ColumnHead({ label, counted, href, sorted }: ColumnHeadProps) {
  const said = counted === undefined ? undefined : COUNTED[counted];
  const order = sorted === "asc" ? "ascending" : "descending";
  const arrow = sorted === "asc" ? "↑" : "↓";
  return (
    <th
      scope="col"
      class={counted === undefined ? undefined : "number"}
      title={said}
      aria-description={said}
      aria-sort={sorted ? order : undefined}
    >
      {href === undefined ? label : (
        <a href={href}>
          {label}
          {sorted && <span aria-hidden="true">{` ${arrow}`}</span>}
        </a>
      )}
    </th>
  );
}
