import { formatCount, formatCounted } from "../lib/client/format.ts";
import type { News as NewsFacts } from "../lib/pages/news.ts";
import { Time } from "./Time.tsx";

/** What happened since the reader's last visit. */
export function News(
  { news: { since, sessions, commits, linked, unlinked, elsewhere } }: { news: NewsFacts },
) {
  const from = new Date(since).toISOString();
  return (
    <p class="news">
      <span class="faint">
        Since your last visit, <Time at={from} as="ago" />:
      </span>{" "}
      {sessions + commits === 0 ? "nothing new." : (
        <>
          <a href={`/sessions?from=${from}`}>{formatCounted(sessions, "session")}</a>
          {" and "}
          <a href={`/commits?from=${from}`}>{formatCounted(commits, "commit")}</a>
          {commits > 0 && (
            <span class="faint">
              {`, ${formatCount(linked)} with a session, ${formatCount(unlinked)} without`}
              {elsewhere > 0 && `, ${formatCount(elsewhere)} by others`}
            </span>
          )}.
        </>
      )}
    </p>
  );
}
