import type { ComponentChildren } from "preact";
import { formatCount } from "../lib/client/format.ts";
import { COUNTED, type Counted } from "../lib/pages/counted.ts";
import { Explained } from "./Explained.tsx";

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

/** One number with its name, which says how it was counted. */
export function Figure({ label, value, counted, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <Explained says={COUNTED[counted]}>
          {typeof value === "number" ? formatCount(value) : value}
        </Explained>
      </dd>
      {children !== undefined && children !== false && <dd>{children}</dd>}
    </div>
  );
}
