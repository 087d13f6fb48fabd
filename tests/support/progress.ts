import { assertEquals } from "@std/assert";
import { Streams } from "../../lib/http/streams.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { GitSyncPhase, type GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { localRequest, presetServices } from "./services.ts";
import type { SseBlock } from "./sse.ts";

/** The progress stream of a sync that goes as the test says. */
export class ScriptedProgress implements Disposable {
  readonly db: Database = openDatabase(":memory:");
  readonly state: GitSyncState;
  readonly streams: Streams;

  constructor(options: { heartbeatMs?: number } = {}) {
    const services = presetServices(this.db);
    this.state = services.gitSync.state;
    this.streams = new Streams(services, options);
  }

  connect(options: { lastEventId?: string; method?: string } = {}): Response {
    const { lastEventId, method } = options;
    const headers = lastEventId === undefined ? undefined : { "last-event-id": lastEventId };
    const request = localRequest("/api/sync/git/progress", { method, headers });
    return this.streams.progress(request, this.db);
  }

  /** Has a run begin as the coordinator does. */
  begin(runId: number): void {
    this.state.reset();
    this.state.setRunId(runId);
    this.state.setPhase(GitSyncPhase.Scanning);
  }

  /** Has the run end as {@linkcode DONE} says. */
  finish(): void {
    const { state } = this;
    state.setReposScanned(DONE.reposScanned);
    state.addCommitsFound(DONE.commitsFound - state.commitsFound);
    state.addLinksCreated(DONE.linksCreated - state.linksCreated);
    state.setFailedRepos(DONE.failedRepos);
    state.setDurationMs(DONE.durationMs);
    state.setPhase(GitSyncPhase.Done);
  }

  [Symbol.dispose](): void {
    assertEquals(this.streams.size, 0, "a stream was left open");
    this.db[Symbol.dispose]();
  }
}

/** The end of a run that {@linkcode ScriptedProgress.finish} ends. */
export const DONE = {
  phase: "done",
  reposScanned: 3,
  commitsFound: 42,
  linksCreated: 7,
  failedRepos: 1,
  durationMs: 1234,
};

/** The names of events, in order. */
export function namesOf(events: SseBlock[]): (string | null)[] {
  return events.map(({ event }) => event);
}
