import type { ComponentChildren } from "preact";

/** Props of {@linkcode Explained}. */
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
