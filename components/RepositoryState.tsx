import type { RepositorySummary } from "../lib/store/views/repository_list.ts";
import { Time } from "./Time.tsx";

/** How a repository's last scan went; where it failed, why and what to do. */
export function RepositoryState({ repository }: { repository: RepositorySummary }) {
  const { failure, lastScannedAt, lastOutcome, excluded } = repository;
  if (excluded) return <span class="faint">left out by a setting</span>;
  return (
    <span class="repository-state">
      {failure !== null && (
        <span class="bad quoted">
          <strong>Failed:</strong> {failure.message}
        </span>
      )}
      <span class="soft">
        {lastScannedAt === null ? "not scanned yet" : (
          <>
            {lastOutcome === "empty" ? "no commits, looked " : "looked "}
            <Time at={lastScannedAt} as="ago" />
          </>
        )}
      </span>
    </span>
  );
}
