import { escapeControl } from "../text/control_characters.ts";
import type { Output, Piece, Style } from "./output.ts";

/** A column of a table. */
export interface Column {
  head: string;
  align?: "left" | "right";
  style?: Style;
  /** The most columns of the terminal that it takes. */
  most?: number;
}

/** A cell: its text, and the address of a page about it. */
export type Cell = string | { text: string; href?: string };

/** How many rows the widths are taken from: a list may be too long to be held. */
const MEASURED = 500;
const GAP = "  ";
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NONE = /\p{Mark}|\u200d/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += NONE.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Cuts a text to so many columns, with `…` where something is missing. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const char of text) {
    used += widthOf(char);
    if (used > width - 1) break;
    cut += char;
  }
  return `${cut}…`;
}

/** A text filled up to so many columns, or cut to them. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const fitted = fit(text, width);
  const fill = " ".repeat(Math.max(0, width - widthOf(fitted)));
  return align === "left" ? fitted + fill : fill + fitted;
}

/** The first line of a text of others, without what steers a terminal. */
export function firstLine(text: string): string {
  return escapeControl(text.trim().split("\n", 1)[0].replaceAll("\t", " "));
}

/**
 * Prints rows: aligned under heads and cut to its width on a terminal, else the whole cells two blanks apart.
 */
export async function printTable(
  output: Output,
  columns: readonly Column[],
  rows: AsyncIterable<Cell[]> | Iterable<Cell[]>,
): Promise<void> {
  const { width } = output;
  if (width === null) {
    for await (const row of rows) output.print(row.map(textOf).join(GAP));
    return;
  }
  let widths: number[] | null = null;
  let waiting: Cell[][] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    widths ??= measure(columns, waiting, width);
    const heads = columns.map(({ head }) => head);
    if (isFirst) output.paint(line(columns, widths, heads, "head"));
    isFirst = false;
    for (const row of waiting) output.paint(line(columns, widths, row));
    waiting = [];
  };
  let isFirst = true;
  for await (const row of rows) if (waiting.push(row) >= MEASURED) flush();
  flush();
}

function measure(columns: readonly Column[], rows: Cell[][], width: number): number[] {
  const widths = columns.map(({ head, most = Infinity }, i) =>
    Math.min(
      most,
      Math.max(widthOf(head), ...rows.map((row) => widthOf(firstLine(textOf(row[i]))))),
    )
  );
  // What does not fit is taken from the widest column, again and again.
  let over = widths.reduce((sum, it) => sum + it + GAP.length, -GAP.length) - width;
  while (over > 0 && Math.max(...widths) > 12) {
    widths[widths.indexOf(Math.max(...widths))]--;
    over--;
  }
  return widths;
}

function line(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly Cell[],
  style?: Style,
): Piece[] {
  return columns.flatMap((column, i): Piece[] => {
    const cell = cells[i];
    const text = pad(firstLine(textOf(cell)), widths[i], column.align);
    const isLast = i === columns.length - 1;
    return [
      {
        text: isLast ? text.trimEnd() : text,
        style: style ?? column.style,
        href: typeof cell === "string" ? undefined : cell.href,
      },
      ...(isLast ? [] : [GAP]),
    ];
  });
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}
