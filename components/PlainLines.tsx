import { type CodeLine, textOf } from "../lib/highlight/code_line.ts";
import { findSecretsInLines } from "../lib/secrets.ts";
import { Code } from "./Code.tsx";

/** Props of {@linkcode PlainLines}. */
export interface PlainLinesProps {
  lines: CodeLine[];
  /** The number of the first line. */
  first: number;
}

/** Lines of a file of which nothing is known but what they say. */
export function PlainLines({ lines, first }: PlainLinesProps) {
  const secrets = findSecretsInLines(lines.map(textOf));
  return (
    <ol class="chunk-lines" start={first}>
      {lines.map((line, i) => (
        <li key={i} id={`L${first + i}`} class="code-line">
          <span class="code-number">{first + i}</span>
          <Code line={line} secrets={secrets[i]} />
        </li>
      ))}
    </ol>
  );
}
