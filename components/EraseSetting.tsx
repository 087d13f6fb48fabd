import { formatCounted } from "../lib/client/format.ts";
import type { StoreStatus } from "../lib/store/views/stats.ts";

/** What has to be typed before everything is removed. */
export const ERASE_WORD = "erase";

/** Removes all that is stored, once somebody has typed that they mean it. */
export function EraseSetting({ sample, totals }: { sample: boolean; totals: StoreStatus }) {
  return (
    <section class="setting" aria-labelledby="erase">
      <h2 id="erase">Erase</h2>
      <div>
        {!sample && (
          <form method="post" action="/settings">
            <input type="hidden" name="setting" value="erase" />
            <label for="erase-word">
              Type <strong>{ERASE_WORD}</strong>
            </label>
            <input
              id="erase-word"
              type="text"
              name="word"
              required
              pattern={ERASE_WORD}
              autocomplete="off"
              spellcheck={false}
              aria-describedby="erase-note"
            />
            <button class="button" type="submit">Erase everything</button>
          </form>
        )}
        <p class="note" id="erase-note">
          {sample ? "This is sample data. Stop Ascribe and run ascribe erase to remove it." : (
            `Removes ${stored(totals)}, with every alias and setting and all backups, and turns ` +
            "background syncs off. Sessions whose transcripts are gone cannot be " +
            "brought back. Transcripts and repositories stay as they are."
          )}
        </p>
      </div>
    </section>
  );
}

function stored({ sessionsIndexed, commitsFound, linksCreated }: StoreStatus): string {
  const sessions = formatCounted(sessionsIndexed, "session");
  const commits = formatCounted(commitsFound, "commit");
  return `${sessions}, ${commits} and ${formatCounted(linksCreated, "link")}`;
}
