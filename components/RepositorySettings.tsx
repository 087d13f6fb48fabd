import { formatCounted } from "../lib/client/format.ts";
import type { RepositorySummary } from "../lib/store/views/repository_list.ts";

/** More repositories than these are folded, but for those that are left out. */
const OPEN = 20;

/** Which repositories syncs look at. */
export function RepositorySettings({ repositories }: { repositories: RepositorySummary[] }) {
  const isFolded = repositories.length > OPEN;
  const excluded = repositories.filter((repository) => repository.excluded);
  return (
    <section class="setting" aria-labelledby="repositories">
      <h2 id="repositories">Repositories</h2>
      <div>
        {repositories.length === 0 && <p class="faint">None was found yet.</p>}
        {!isFolded ? <Choices repositories={repositories} /> : (
          <>
            <Choices repositories={excluded} />
            <details class="fold" id="taken-in">
              <summary>
                {formatCounted(repositories.length - excluded.length, "repository", "repositories")}
                {" "}
                taken in
              </summary>
              <Choices repositories={repositories.filter(({ excluded }) => !excluded)} />
            </details>
          </>
        )}
        <p class="note">
          Every repository that sessions worked in is taken in, by default. One that is left out is
          not scanned any more; its commits and links stay as they are.
        </p>
      </div>
    </section>
  );
}

function Choices({ repositories }: { repositories: RepositorySummary[] }) {
  if (repositories.length === 0) return null;
  return (
    <ul class="setting-list">
      {repositories.map(({ id, name, path, excluded }) => (
        <li key={id}>
          <span class="quoted" title={path}>
            <a href={`/repositories/${id}`}>{name}</a>{" "}
            {excluded && <span class="faint">left out: set here</span>}
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
  );
}
