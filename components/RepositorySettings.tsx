import type { RepositorySummary } from "../lib/store/views/repository_list.ts";

/** Which repositories syncs look at. */
export function RepositorySettings({ repositories }: { repositories: RepositorySummary[] }) {
  return (
    <section class="setting" aria-labelledby="repositories">
      <h2 id="repositories">Repositories</h2>
      <div>
        {repositories.length === 0
          ? <p class="faint">None was found yet.</p>
          : (
            <ul class="setting-list">
              {repositories.map(({ id, name, path, excluded }) => (
                <li key={id}>
                  <span class="quoted" title={path}>
                    <a href={`/repositories/${id}`}>{name}</a>{" "}
                    {excluded && <span class="faint">left out</span>}
                  </span>
                  <form method="post" action="/settings">
                    <input type="hidden" name="setting" value="exclude" />
                    <input type="hidden" name="repository" value={id} />
                    <input type="hidden" name="excluded" value={excluded ? "no" : "yes"} />
                    <button
                      class="button"
                      type="submit"
                      aria-label={`${excluded ? "Take in" : "Leave out"} ${name}`}
                    >
                      {excluded ? "Take in" : "Leave out"}
                    </button>
                  </form>
                </li>
              ))}
            </ul>
          )}
        <p class="note">
          A repository that is left out is not scanned any more. Its commits and links stay as they
          are.
        </p>
      </div>
    </section>
  );
}
