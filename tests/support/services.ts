import type { Database } from "../../lib/store/database.ts";
import { Announcements } from "../../lib/sync/announcements.ts";
import type { GitSync, Indexing } from "../../lib/sync/git_sync.ts";
import { GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { RepositorySteps } from "../../lib/sync/steps/repository_steps.ts";
import { IndexingState } from "../../lib/sync/indexing_state.ts";

/** What `createApp` takes, with a sync that never runs: tests preset its states. */
export function presetServices(
  store: Database,
): { store: Database; gitSync: GitSync; indexing: Indexing } {
  const repositories = new RepositorySteps();
  repositories.begin(1);
  repositories.note(1, [{ repo: "/home/ada/src/loom-1", state: "scanned", message: null }]);
  const gitSync: GitSync = {
    state: new GitSyncState(),
    announcements: new Announcements(1),
    repositories,
    current: null,
    running: null,
    intervalSecs: 60,
    trigger: () => ({ kind: "conflict", runId: 0 }),
    cancel: () => false,
    setIntervalSecs: () => Promise.resolve(),
    changeAlias: () => Promise.resolve(),
    setExcluded: () => Promise.resolve(),
    erase: () => Promise.resolve(),
  };
  const indexing: Indexing = {
    state: new IndexingState(),
    rebuild: () => ({ kind: "conflict", runId: 0 }),
  };
  return { store, gitSync, indexing };
}

/** A request as a browser on this machine sends it. */
export function localRequest(path: string, init?: RequestInit): Request {
  const headers = new Headers(init?.headers);
  headers.set("host", "127.0.0.1:47892");
  return new Request(`http://127.0.0.1:47892${path}`, { ...init, headers });
}
