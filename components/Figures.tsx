import type { ComponentChildren } from "preact";
import { formatCount } from "../lib/client/format.ts";
import { COUNTED, type Counted } from "../lib/pages/counted.ts";

/** Props of {@linkcode Figure}. */
export interface FigureProps {
  label: string;
  value: number | string;
  /** How it was counted. */
  counted: Counted;
  /** A word more, under the number. */
  children?: ComponentChildren;
}

/** A row of numbers that matter. */
export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>;
}

/** One number with its name. How it was counted is shown on hover and on focus. */
export function Figure({ label, value, counted, children }: FigureProps) {
  const tip = `counted-${counted}`;
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <span class="counted" tabIndex={0} role="note" aria-describedby={tip}>
          {typeof value === "number" ? formatCount(value) : value}
        </span>
        <span class="tip" role="tooltip" id={tip}>{COUNTED[counted]}</span>
      </dd>
      {children !== undefined && children !== false && <dd>{children}</dd>}
    </div>
  );
}
