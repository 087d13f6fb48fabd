import type { ComponentChildren } from "preact";
import { type CodeLine, type CodePiece, textOf } from "../lib/highlight/code_line.ts";
import { findSecrets, findSecretsInLines, type SecretSpan } from "../lib/secrets/secrets.ts";
import { Secret } from "./Secrets.tsx";

export interface CodeProps {
  line: CodeLine;
  /** What is to be hidden, where the lines around it tell. @default what the line tells by itself */
  secrets?: SecretSpan[];
}

/** A line of code, each piece coloured as what it is; what looks like a secret is hidden until asked for. */
export function Code({ line, secrets = findSecrets(textOf(line)) }: CodeProps) {
  if (secrets.length === 0) return <code dir="ltr">{pieces(line)}</code>;
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const { start, end, kind } of secrets) {
    parts.push(...pieces(cut(line, at, start)));
    parts.push(<Secret key={start} kind={kind}>{pieces(cut(line, start, end))}</Secret>);
    at = end;
  }
  parts.push(...pieces(cut(line, at, Infinity)));
  return <code dir="ltr">{parts}</code>;
}

function pieces(line: CodeLine): ComponentChildren[] {
  return line.map((piece, i) =>
    typeof piece === "string" ? piece : <span key={i} class={`token-${piece[1]}`}>{piece[0]}</span>
  );
}

/** The part of a line between two positions in its text. */
function cut(line: CodeLine, from: number, to: number): CodeLine {
  const kept: CodePiece[] = [];
  let at = 0;
  for (const piece of line) {
    const text = textOf([piece]);
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (part !== "") kept.push(typeof piece === "string" ? part : [part, piece[1]]);
    at += text.length;
  }
  return kept;
}

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
