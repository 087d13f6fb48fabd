import type { SessionId } from "../ids.ts";
import type { Database } from "../store/database.ts";
import { partsOfFile } from "../store/session_parts.ts";
import { countSessions } from "../store/sessions.ts";
import {
  countSkippedLines,
  listTranscriptFiles,
  loadCarry,
  markFiles,
  moveTranscriptFile,
  saveFailure,
  type StoredFile,
} from "../store/transcript_files.ts";
import { discoverTranscripts, type DiscoveryProblem } from "../transcripts/discover.ts";
import { type KnownFile, TranscriptReader } from "../transcripts/read_transcript.ts";
import type { IndexingProgress } from "./indexing_state.ts";
import { settleSessions } from "./settle_sessions.ts";
import { keepLostSessions, storeReading } from "./store_reading.ts";
import { planIndexing, type Work } from "./index_plan.ts";

/** What the index step works with. */
export interface IndexDeps {
  db: Database;
  /** The configured folders, each with `projects` in it. */
  claudeDirs: readonly string[];
  now: () => number;
}

/** How the index step runs. */
export interface IndexOptions {
  onProgress: (progress: IndexingProgress) => void;
  signal?: AbortSignal;
  /** Read every file anew. What is known stays until it is replaced. @default {false} */
  rebuild?: boolean;
}

/** What the index step came to. */
export interface IndexResult {
  /** Files that had changed and were read. */
  filesRead: number;
  filesTotal: number;
  bytesRead: number;
  /** Sessions whose facts changed. */
  sessionsChanged: number;
  /** Lines that are skipped in all files known. */
  skippedLines: number;
  /** Files and folders that could not be read, and why. */
  problems: DiscoveryProblem[];
}

/** A file longer than this is stored in slices, so that memory stays flat. */
const SLICE = 64 << 20;
/** How long the event loop may wait, and how often progress is told, in milliseconds. */
const TURN_MS = 40;
/** Sessions are folded at least this often while files are read. */
const SETTLE_MS = 2_000;

/**
 * Reads what is new in every transcript, and folds it into sessions.
 *
 * Files that look as they did cost one stat. With nothing changed, nothing is written.
 *
 * @throws {DOMException} `AbortError` when the signal is aborted; what was read until then stays.
 */
export async function indexTranscripts(
  deps: IndexDeps,
  options: IndexOptions,
): Promise<IndexResult> {
  const run = new IndexRun(deps, options);
  try {
    return await run.all();
  } catch (error) {
    if (!options.signal?.aborted) run.report("failed");
    throw error;
  }
}

class IndexRun {
  readonly #deps: IndexDeps;
  readonly #options: IndexOptions;
  readonly #reader = new TranscriptReader();
  readonly #counts = {
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    sessions: 0,
    skippedLines: 0,
  };
  readonly #problems: DiscoveryProblem[] = [];
  #sessionsChanged = 0;
  #turnEnds = 0;
  #settleAt = 0;

  constructor(deps: IndexDeps, options: IndexOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async all(): Promise<IndexResult> {
    const { db, claudeDirs, now } = this.#deps;
    this.#count();
    this.report("discovering");
    await this.#breathe();
    const discovery = discoverTranscripts(claudeDirs);
    this.#problems.push(...discovery.problems);
    const plan = planIndexing(discovery, listTranscriptFiles(db), {
      rebuild: this.#options.rebuild ?? false,
    });
    if (plan.moved.length + plan.back.length + plan.gone.length > 0) {
      db.transaction(() => {
        for (const { id, path } of plan.moved) moveTranscriptFile(db, id, path);
        markFiles(db, plan.back, null);
        markFiles(db, plan.gone, now());
      });
    }
    this.#counts.filesTotal = discovery.files.length;
    this.#counts.filesDone = discovery.files.length - plan.work.length;
    this.#counts.bytesTotal = plan.work.reduce((sum, { bytes }) => sum + bytes, 0);
    this.report("indexing");
    this.#settleAt = performance.now() + SETTLE_MS;
    for (const work of plan.work) {
      await this.#read(work);
      this.#counts.filesDone++;
      if (performance.now() > this.#settleAt) await this.#settle();
    }
    await this.#settle();
    this.#count();
    this.report("ready");
    return {
      filesRead: plan.work.length,
      filesTotal: discovery.files.length,
      bytesRead: this.#counts.bytesDone,
      sessionsChanged: this.#sessionsChanged,
      skippedLines: this.#counts.skippedLines,
      problems: this.#problems,
    };
  }

  report(phase: IndexingProgress["phase"]): void {
    this.#options.onProgress({ phase, ...this.#counts });
  }

  async #read(work: Work): Promise<void> {
    const { db } = this.#deps;
    const spoken = new Set<SessionId>();
    let stored = work.known;
    let anew = this.#options.rebuild ?? false;
    let replaced = false;
    while (true) {
      const known = anew || stored === null ? null : knownFile(db, stored);
      const reading = this.#reader.read(work.path, known, { maxBytes: SLICE });
      if (reading.kind === "failed") return this.#fail(work, reading.message);
      anew = false;
      if (reading.mode === "anew") replaced = stored !== null;
      storeReading(db, work.path, reading);
      for (const { session } of reading.parts) spoken.add(session);
      this.#counts.bytesDone += reading.bytes;
      for (const skipped of Object.values(reading.skipped)) this.#counts.skippedLines += skipped;
      await this.#breathe();
      if (!reading.more) break;
      stored = listTranscriptFiles(db).find(({ path }) => path === work.path) ?? null;
    }
    if (replaced && work.known !== null) {
      keepLostSessions(db, work.known, { spoken, now: this.#deps.now() });
    }
  }

  #fail({ path, known }: Work, failure: string): void {
    this.#problems.push({ path, message: failure });
    if (known?.failure !== failure) saveFailure(this.#deps.db, { path, failure });
  }

  async #settle(): Promise<void> {
    this.#sessionsChanged += await settleSessions(this.#deps.db, () => this.#breathe());
    this.#counts.sessions = countSessions(this.#deps.db);
    this.#settleAt = performance.now() + SETTLE_MS;
  }

  #count(): void {
    const { db } = this.#deps;
    this.#counts.sessions = countSessions(db);
    this.#counts.skippedLines = Object.values(countSkippedLines(db))
      .reduce((sum, count) => sum + count, 0);
  }

  /** Tells progress and lets messages in, when it is time to. */
  async #breathe(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (performance.now() < this.#turnEnds) return;
    if (this.#turnEnds > 0) this.report(this.#counts.filesTotal > 0 ? "indexing" : "discovering");
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#turnEnds = performance.now() + TURN_MS;
    this.#options.signal?.throwIfAborted();
  }
}

function knownFile(db: Database, { id, cursor }: StoredFile): KnownFile {
  const parts = partsOfFile(db, id).map(({ part }) => part);
  return { cursor, carry: loadCarry(db, id), parts };
}
