/** A piece of a line: plain text, or text with what it is in its language, such as `keyword`. */
export type CodePiece = string | readonly [text: string, scope: string];

/** One line of code without its end. */
export type CodeLine = readonly CodePiece[];

/** The text of a line. */
export function textOf(line: CodeLine): string {
  return line.map((piece) => typeof piece === "string" ? piece : piece[0]).join("");
}
