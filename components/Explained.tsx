import type { ComponentChildren } from "preact";
import { METRIC_HELP, type MetricHelp } from "./metric_help.ts";

export interface ExplainedProps {
  /** What there is to know of it, in a sentence. */
  says: string;
  children: ComponentChildren;
}

/** A figure, or a word, that says how it came about: to who points at it, focuses it or taps on it, without a script. */
export function Explained({ says, children }: ExplainedProps) {
  return (
    <ExplainedBy says={says}>
      <span class="counted" tabIndex={0} role="note" aria-description={says}>{children}</span>
    </ExplainedBy>
  );
}

/** Puts an explanation beside something that can be focused already, and that has it as its `aria-description`. */
export function ExplainedBy({ says, children }: ExplainedProps) {
  return (
    <span class="explained">
      {children}
      <span class="tip" aria-hidden="true">{says}</span>
    </span>
  );
}

export interface ColumnHeadProps {
  label: string;
  /** How the column's numbers were counted; it sets them right-aligned. */
  counted?: MetricHelp;
  /** What the column means, where it holds no bare numbers. */
  says?: string;
  /** The address that sorts by this column. */
  href?: string;
  /** How the list is sorted by this column now. */
  sorted?: "asc" | "desc" | null;
}

/** A column's head: how its numbers were counted, and a link where the list sorts by it. */
export function ColumnHead({ label, counted, says, href, sorted }: ColumnHeadProps) {
  const order = sorted === "asc" ? "ascending" : "descending";
  return (
    <th
      scope="col"
      class={counted === undefined ? undefined : "number"}
      aria-sort={sorted ? order : undefined}
    >
      <Label
        label={label}
        says={counted === undefined ? says : METRIC_HELP[counted]}
        href={href}
        arrow={sorted ? { asc: "↑", desc: "↓" }[sorted] : null}
      />
    </th>
  );
}

function Label({ label, says, href, arrow }: {
  label: string;
  says: string | undefined;
  href: string | undefined;
  arrow: string | null;
}) {
  if (href === undefined) {
    return says === undefined ? <>{label}</> : <Explained says={says}>{label}</Explained>;
  }
  const link = (
    <a href={href} aria-current="false" aria-description={says}>
      {label}
      {arrow !== null && <span aria-hidden="true">{` ${arrow}`}</span>}
    </a>
  );
  if (says === undefined) return link;
  return (
    <ExplainedBy says={says}>
      {link}
      {/* A tap follows the link: fingers have a place of their own to ask. */}
      <span class="ask" tabIndex={0} role="note" aria-label={`How ${label} is counted: ${says}`}>
        ?
      </span>
    </ExplainedBy>
  );
}
