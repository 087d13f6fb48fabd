import { type Marked, piecesOf } from "../lib/client/search_hits.ts";

/** A piece of a text with the words that were sought marked. */
export function Excerpt({ excerpt }: { excerpt: Marked }) {
  return (
    <span dir="auto" class="quoted">
      {piecesOf(excerpt).map(({ text, marked }, i) => marked ? <mark key={i}>{text}</mark> : text)}
    </span>
  );
}
