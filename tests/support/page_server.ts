import { createApp } from "../../main.ts";
import type { GitReading } from "../../lib/git/read/reading.ts";
import type { Database } from "../../lib/store/database.ts";
import type { RepositoryId } from "../../lib/domain/ids.ts";
import type { AliasChange } from "../../lib/store/write/repository_aliases.ts";
import { Announcements, type SyncKind } from "../../lib/sync/announcements.ts";
import type { GitSync, Indexing, RunningSync, TriggerOutcome } from "../../lib/sync/git_sync.ts";
import { GitSyncPhase, GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { RepositorySteps } from "../../lib/sync/steps/repository_steps.ts";
import { type IndexingProgress, IndexingState } from "../../lib/sync/indexing_state.ts";
import { withFileRoutes } from "./file_routes.ts";

/** A sync that does what a test says, step by step. */
export class StagedSync implements GitSync {
  readonly state = new GitSyncState();
  readonly announcements = new Announcements(1);
  readonly repositories = new RepositorySteps();
  readonly indexing: Indexing = {
    state: new IndexingState(),
    rebuild: () => this.trigger(),
  };
  current: RunningSync | null = null;
  intervalSecs = 60;
  /** How often a sync was asked for. */
  asked = 0;
  cancelled = 0;
  /** Whether a run begins with transcripts still to be read. */
  readsFirst = false;
  #runId: number;

  /** @param lastRunId The run before the first: numbers grow over restarts. @default {100} */
  constructor(lastRunId = 100) {
    this.#runId = lastRunId;
  }

  get running(): SyncKind | null {
    return this.current?.kind ?? null;
  }

  trigger(): TriggerOutcome {
    this.asked++;
    if (this.current?.kind === "user") return { kind: "conflict", runId: this.current.runId };
    const runId = ++this.#runId;
    this.current = { runId, kind: "user" };
    this.state.reset();
    this.indexing.state.begin(runId);
    if (!this.readsFirst) this.read("ready", 9, 9);
    this.repositories.begin(runId);
    this.state.setRunId(runId);
    this.state.setPhase(GitSyncPhase.Scanning);
    this.announcements.syncStarted(runId, "user");
    return { kind: "accepted", runId };
  }

  cancel(): boolean {
    if (this.current?.kind !== "user") return false;
    this.cancelled++;
    this.fail("Sync cancelled");
    return true;
  }

  setIntervalSecs(seconds: number): Promise<void> {
    this.intervalSecs = seconds;
    return Promise.resolve();
  }

  /** What pages asked to be stored. */
  stored: unknown[] = [];

  changeAlias(change: AliasChange): Promise<void> {
    this.stored.push(change);
    return Promise.resolve();
  }

  setExcluded(id: RepositoryId, excluded: boolean): Promise<void> {
    this.stored.push({ id, excluded });
    return Promise.resolve();
  }

  erase(): Promise<void> {
    this.stored.push("erase");
    return Promise.resolve();
  }

  read(phase: IndexingProgress["phase"], filesDone: number, filesTotal: number): void {
    const none = { bytesDone: 0, bytesTotal: 0, sessions: 0, skippedLines: 0 };
    this.indexing.state.update({ phase, filesDone, filesTotal, ...none });
  }

  scan(done: number, total: number): void {
    this.state.setTotalRepos(total);
    this.state.setReposScanned(done);
  }

  link(done: number, total: number, links: number): void {
    this.state.setSessionsCorrelated(done);
    this.state.setTotalCorrelatableSessions(total);
    this.state.addLinksCreated(links - this.state.linksCreated);
    this.state.setPhase(GitSyncPhase.Correlating);
  }

  finish({ commits = 0, failed = 0 }: { commits?: number; failed?: number } = {}): void {
    this.state.addCommitsFound(commits);
    this.state.setFailedRepos(failed);
    this.state.setPhase(GitSyncPhase.Done);
    this.#end("completed");
  }

  fail(message: string): void {
    this.state.setError(message);
    this.#end("failed");
  }

  #end(outcome: "completed" | "failed"): void {
    const run = this.current!;
    this.current = null;
    this.announcements.syncEnded({ ...run, outcome });
  }
}

/** A server in this process, around a store and a sync that a test holds. */
export interface PageServer extends AsyncDisposable {
  url: string;
  sync: StagedSync;
}

/** How pages are served. */
export interface PageOptions {
  /** @default any free one */
  port?: number;
  /** @default one that nobody asked for anything */
  sync?: StagedSync;
  /** Whether the store is said to hold the sample workspace. @default {false} */
  sample?: boolean;
  /** @default none: pages have no diffs and no files */
  git?: GitReading;
}

/** Serves the pages around `store`. */
export function servePages(store: Database, options: PageOptions = {}): PageServer {
  const { sync = new StagedSync(), port = 0, sample = false, git } = options;
  const { indexing } = sync;
  const app = createApp({ store, gitSync: sync, indexing, git, sample });
  const handler = withFileRoutes(app).then((app) => app.handler());
  const ending = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, signal: ending.signal, onListen: () => {} },
    async (request, info) => await (await handler)(request, info),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    sync,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
}
