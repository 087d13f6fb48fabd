import type { CodeLine } from "../lib/highlight/code_line.ts";

/** A line of code, each piece coloured as what it is. */
export function Code({ line }: { line: CodeLine }) {
  return (
    <code dir="ltr">
      {line.map((piece, i) =>
        typeof piece === "string"
          ? piece
          : <span key={i} class={`token-${piece[1]}`}>{piece[0]}</span>
      )}
    </code>
  );
}
