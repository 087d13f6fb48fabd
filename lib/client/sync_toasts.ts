import { formatCounted } from "./format.ts";

/** What a toast says; `retry` adds the button that starts the sync again. */
export interface ToastContent {
  kind: "success" | "warning" | "info" | "error";
  title: string;
  detail: string | null;
  retry: boolean;
}

/** What the end of a run says. */
export interface SyncDone {
  reposScanned: number;
  commitsFound: number;
  linksCreated: number;
  failedRepos: number;
  durationMs: number;
}

/** What a run that ended well came to, in a toast. A repository that failed is never hidden behind a success. */
export function describeDone(done: SyncDone): ToastContent {
  const failed = done.failedRepos === 0
    ? null
    : `${formatCounted(done.failedRepos, "repository", "repositories")} failed`;
  if (done.commitsFound === 0 && done.linksCreated === 0 && failed === null) {
    return { kind: "success", title: "Already up to date", detail: null, retry: false };
  }
  const parts = [
    formatCounted(done.reposScanned, "repo"),
    formatCounted(done.commitsFound, "commit"),
    formatCounted(done.linksCreated, "link"),
    ...(failed === null ? [] : [failed]),
  ];
  return {
    kind: failed === null ? "success" : "warning",
    title: "Sync completed",
    detail: parts.join(" | "),
    retry: false,
  };
}
