import type { Database } from "../store/database.ts";
import { getRun } from "../store/write/runs.ts";
import type { Announcement, Changed } from "../sync/announcements.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import { encodeEvent, type EventStream, EventStreams } from "./event_stream.ts";
import {
  ProgressFeed,
  RETRY_MS,
  viewEndOfRun,
  viewGitSync,
  viewIndexing,
} from "./progress_feed.ts";

/** What the streams of a server show. */
export interface StreamSources {
  gitSync: GitSync;
  indexing: Indexing;
}

/** What may have changed while a client was away. */
const EVERYTHING: Changed[] = ["sessions", "repositories", "commits", "links", "settings"];

/** The three streams of a server. */
export class Streams {
  readonly #open: EventStreams;
  readonly #gitSync: GitSync;
  readonly #progress: ProgressFeed;
  readonly #indexing: ProgressFeed;
  readonly #listeners = new Set<EventStream>();
  #unsubscribe: (() => void) | null = null;

  /** @param options.heartbeatMs How often idle streams say that they are alive. @default {15_000} */
  constructor({ gitSync, indexing }: StreamSources, options: { heartbeatMs?: number } = {}) {
    const streams = this.#open = new EventStreams(options);
    this.#gitSync = gitSync;
    this.#progress = new ProgressFeed(gitSync.state, {
      streams,
      view: () => viewGitSync(gitSync.state),
    });
    this.#indexing = new ProgressFeed(indexing.state, {
      streams,
      view: () => viewIndexing(indexing.state),
    });
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Answers with the progress of the user sync. The store knows how runs of an earlier process ended. */
  progress(request: Request, store: Database): Response {
    return this.#progress.answer(request, { endOf: (id) => viewEndOfRun(getRun(store, id)) });
  }

  /** Answers with the progress of reading transcripts. */
  indexing(request: Request): Response {
    return this.#indexing.answer(request);
  }

  /** Answers with the announcements: first the sync at work, and whether anything changed while the client was away. */
  announcements(request: Request): Response {
    const { announcements } = this.#gitSync;
    const seen = Number(request.headers.get("last-event-id") ?? NaN);
    return this.#open.answer(request, (stream) => {
      const { current } = this.#gitSync;
      if (current !== null) {
        stream.send(this.#encode({ type: "syncStarted", ...current }));
      }
      if (seen !== announcements.version && !Number.isNaN(seen)) {
        const { version } = announcements;
        stream.send(this.#encode({ type: "changed", version, what: EVERYTHING }));
      }
      this.#listeners.add(stream);
      this.#unsubscribe ??= announcements.subscribe((announcement) => {
        const bytes = this.#encode(announcement);
        for (const listener of [...this.#listeners]) listener.send(bytes);
      });
      return () => {
        this.#listeners.delete(stream);
        if (this.#listeners.size > 0) return;
        this.#unsubscribe?.();
        this.#unsubscribe = null;
      };
    });
  }

  /** Ends every stream, and tells its client why. */
  closeAll(reason: string): void {
    this.#open.closeAll(reason);
  }

  #encode({ type, ...data }: Announcement): Uint8Array {
    const id = String(this.#gitSync.announcements.version);
    return encodeEvent({ event: type, data, id, retryMs: RETRY_MS });
  }
}

const streamsOfServers = new WeakMap<GitSync, Streams>();

/** The streams of the server that these belong to: the same ones for the same sync. */
export function streamsOf(sources: StreamSources): Streams {
  let streams = streamsOfServers.get(sources.gitSync);
  if (streams === undefined) {
    streams = new Streams(sources);
    streamsOfServers.set(sources.gitSync, streams);
  }
  return streams;
}
