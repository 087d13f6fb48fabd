import type { CodePiece } from "../lib/pages/highlight.ts";

/** A line of code, its parts of speech coloured. */
export function Code({ pieces }: { pieces: CodePiece[] }) {
  return (
    <code dir="ltr">
      {pieces.map(({ text, kind }, i) =>
        kind === null ? text : <span key={i} class={`token-${kind}`}>{text}</span>
      )}
    </code>
  );
}
