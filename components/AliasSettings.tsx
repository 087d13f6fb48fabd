import type { MoveSuggestion, RepositoryAlias } from "../lib/store/repository_aliases.ts";

/** Props of {@linkcode AliasSettings}. */
export interface AliasSettingsProps {
  aliases: RepositoryAlias[];
  /** Repositories that are gone, each with one that may be it. */
  suggestions: MoveSuggestion[];
}

/** Where folders are now that were moved since sessions worked in them. */
export function AliasSettings({ aliases, suggestions }: AliasSettingsProps) {
  return (
    <section class="setting" aria-labelledby="aliases">
      <h2 id="aliases">Moved folders</h2>
      <div>
        {aliases.length > 0 && (
          <ul class="setting-list">
            {aliases.map(({ oldPath, newPath }) => (
              <li key={oldPath}>
                <span class="path">{oldPath} → {newPath}</span>
                <AliasForm oldPath={oldPath} newPath="" label="Take back" />
              </li>
            ))}
          </ul>
        )}
        {suggestions.length > 0 && (
          <>
            <p class="note">These are gone, and a repository with the same history is elsewhere:</p>
            <ul class="setting-list">
              {suggestions.map(({ oldPath, newPath }) => (
                <li key={`${oldPath} ${newPath}`}>
                  <span class="path">{oldPath} → {newPath}</span>
                  <AliasForm oldPath={oldPath} newPath={newPath} label="It is" />
                </li>
              ))}
            </ul>
          </>
        )}
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="alias" />
          <label for="alias-old">What was</label>
          <input id="alias-old" type="text" name="oldPath" required spellcheck={false} />
          <label for="alias-new">is now</label>
          <input id="alias-new" type="text" name="newPath" required spellcheck={false} />
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note">
          Whole paths of folders. The next sync looks for old sessions' repositories there.
        </p>
      </div>
    </section>
  );
}

function AliasForm(
  { oldPath, newPath, label }: { oldPath: string; newPath: string; label: string },
) {
  return (
    <form method="post" action="/settings">
      <input type="hidden" name="setting" value="alias" />
      <input type="hidden" name="oldPath" value={oldPath} />
      <input type="hidden" name="newPath" value={newPath} />
      <button class="button" type="submit" aria-label={`${label}: ${oldPath}`}>{label}</button>
    </form>
  );
}
