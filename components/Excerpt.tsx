import { type Marked, piecesOf } from "../lib/client/search_hits.ts";
import { maskSecrets } from "../lib/secrets.ts";

/** A piece of a text with the words that were sought marked; one with a likely secret has that masked and no marks. */
export function Excerpt({ excerpt }: { excerpt: Marked }) {
  const masked = maskSecrets(excerpt.text);
  if (masked !== excerpt.text) return <span dir="auto" class="quoted">{masked}</span>;
  return (
    <span dir="auto" class="quoted">
      {piecesOf(excerpt).map(({ text, marked }, i) => marked ? <mark key={i}>{text}</mark> : text)}
    </span>
  );
}
