import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { SearchResults } from "../components/SearchResults.tsx";
import { isTyping, useDialog } from "../lib/client/dialogs.ts";
import { entriesOf, type SearchEntry } from "../lib/queries/search_hits.ts";

/** How long typing rests before it is searched for, in milliseconds. */
const REST_MS = 70;

/** Finds sessions, commits, files and prompts from any page. Without JavaScript it is a link to the search page. */
export default function Search() {
  const { dialog, open, close } = useDialog((event) =>
    (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) ||
    (event.key === "/" && !isTyping(event) && !event.ctrlKey && !event.metaKey)
  );
  const text = useSignal("");
  const entries = useSignal<SearchEntry[]>([]);
  const answered = useSignal("");
  const failed = useSignal(false);
  const chosen = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  const status = useComputed(() =>
    describe(text.value, answered.value, entries.value, failed.value)
  );

  useEffect(() => {
    const wanted = text.value.trim();
    const left = new AbortController();
    if (wanted === "") {
      entries.value = [];
      answered.value = "";
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const query = new URLSearchParams({ q: wanted, limit: "6" });
        const response = await fetch(`/api/search?${query}`, { signal: left.signal });
        if (!response.ok) throw new Error(`/api/search answered ${response.status}`);
        entries.value = entriesOf(await response.json());
        answered.value = wanted;
        chosen.value = 0;
        failed.value = false;
      } catch {
        if (!left.signal.aborted) failed.value = true;
      }
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [text.value]);

  const onKeyDown = (event: KeyboardEvent) => {
    const count = entries.value.length;
    if (event.key === "Escape") {
      // A search field would only be emptied.
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count === 0) return;
      chosen.value = (chosen.value + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      document.getElementById(`search-${chosen.value}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && count > 0) {
      event.preventDefault();
      location.href = entries.value[chosen.value].href;
      close();
    }
  };

  return (
    <>
      <a
        class="button tool"
        href="/search"
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          open();
        }}
      >
        Search <kbd aria-hidden="true">Ctrl K</kbd>
      </a>
      <dialog ref={dialog} class="dialog search-dialog" aria-label="Search">
        <form method="get" action="/search" role="search">
          <input
            ref={input}
            type="search"
            name="q"
            value={text.value}
            maxLength={200}
            autoComplete="off"
            autofocus
            dir="auto"
            placeholder="Words, a hash, a file"
            role="combobox"
            aria-label="Sessions, commits, files and prompts"
            aria-expanded={entries.value.length > 0}
            aria-controls="search-results"
            aria-autocomplete="list"
            aria-activedescendant={entries.value.length > 0 ? `search-${chosen.value}` : undefined}
            onInput={(event) => text.value = event.currentTarget.value}
            onKeyDown={onKeyDown}
          />
        </form>
        <p class="search-status" role="status">{status.value}</p>
        <SearchResults entries={entries.value} chosen={chosen.value} />
      </dialog>
    </>
  );
}

function describe(
  text: string,
  answered: string,
  entries: SearchEntry[],
  failed: boolean,
): string {
  if (failed) return "Ascribe does not answer. Is it still running?";
  if (text.trim() === "") return "Titles, prompts, subjects, file names and starts of hashes.";
  if (answered === "") return "Searching...";
  if (entries.length === 0) return `Nothing was found for “${answered}”.`;
  return `${entries.length} found. Up and down choose, Enter opens.`;
}
