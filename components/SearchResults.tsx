import { type Marked, piecesOf, type SearchEntry } from "../lib/queries/search_hits.ts";
import { useDates } from "../lib/client/use_dates.ts";
import { maskSecrets } from "../lib/secrets/secrets.ts";

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

export interface SearchResultsProps {
  entries: SearchEntry[];
  /** The place of the entry that Enter opens. */
  chosen: number;
}

/** What was found so far, grouped by what it is. */
export function SearchResults({ entries, chosen }: SearchResultsProps) {
  const dates = useDates();
  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <div id="search-results" role="listbox" aria-label="Found" class="search-results">
      {groups.map((group) => (
        <div key={group} role="group" aria-labelledby={`search-group-${group}`}>
          <div id={`search-group-${group}`} class="search-group">{group}</div>
          {entries.map((entry, place) =>
            entry.group === group && (
              <a
                key={entry.key}
                id={`search-${place}`}
                role="option"
                aria-selected={place === chosen}
                tabIndex={-1}
                class="search-hit"
                href={entry.href}
              >
                <span class="line">
                  <Excerpt excerpt={entry.excerpt} />
                </span>
                <span class="search-note quoted">
                  {[entry.note, entry.at && dates.day(Date.parse(entry.at))].filter(Boolean)
                    .join(" · ")}
                </span>
              </a>
            )
          )}
        </div>
      ))}
    </div>
  );
}
