/** How many digits of a hash are shown. */
const SHOWN = 8;

/** A commit's hash, cut to what the eye can compare; the tooltip has all of it. */
export function Hash({ hash, href }: { hash: string; href?: string }) {
  const shown = hash.slice(0, SHOWN);
  if (href === undefined) return <code class="hash" title={hash}>{shown}</code>;
  return <a class="hash" href={href} title={hash}>{shown}</a>;
}

/** The address of a commit's page. Two repositories may hold the same commit. */
export function commitHref(commit: { hash: string; repositoryId: number }): string {
  return `/commits/${commit.hash}?repository=${commit.repositoryId}`;
}
