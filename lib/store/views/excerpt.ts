import { searchWords } from "../search_query.ts";

/** A piece of a text around what was searched for. */
export interface Excerpt {
  text: string;
  /** Where the words stand in `text`: first and one past the last UTF-16 unit, in order, never overlapping. */
  marks: [number, number][];
}

const LENGTH = 160;
const BEFORE = 40;

/** Cuts a text down to a line around the first word found in it, and marks every word. */
export function excerpt(text: string, query: string): Excerpt {
  const words = searchWords(query).flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? []);
  const flat = text.slice(0, 20_000).replace(/\s+/g, " ").trim();
  const starts = words.length === 0 ? null : wordStarts(words);
  const first = starts === null ? 0 : Math.max(0, flat.search(starts));
  const from = first <= BEFORE ? 0 : first - BEFORE;
  const cut = flat.slice(from, from + LENGTH);
  const piece = `${from > 0 ? "…" : ""}${cut}${from + LENGTH < flat.length ? "…" : ""}`
    .toWellFormed();
  return { text: piece, marks: starts === null ? [] : marksOf(piece, starts) };
}

function marksOf(piece: string, starts: RegExp): [number, number][] {
  return Array.from(
    piece.matchAll(new RegExp(starts.source, "giu")),
    (match) => [match.index, match.index + match[0].length],
  );
}

/** Finds any of the words where one begins: as the full-text index does, but for accents. */
function wordStarts(words: string[]): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join("|")})`, "iu");
}
