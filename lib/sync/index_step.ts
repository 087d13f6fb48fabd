import { setImmediate } from "node:timers";
import type { SessionId } from "../domain/ids.ts";
import type { Database } from "../store/database.ts";
import { namePlaces } from "../store/place_names.ts";
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
import { failureReason } from "../transcripts/failure.ts";
import { type KnownFile, openTranscript } from "../transcripts/read_transcript.ts";
import { collectGarbage } from "./collect_garbage.ts";
import type { IndexingProgress } from "./indexing_state.ts";
import { settleSessions } from "./settle_sessions.ts";
import { keepLostSessions, storeReading } from "./store_reading.ts";
import { type IndexPlan, planIndexing, type Work } from "./index_plan.ts";

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

/**
 * A file with more than this is stored in slices, so that memory stays flat. What is known already is cut by events
 * alone: where a file is read anew, rows that say the same stay only as far as the first slice goes.
 */
const SLICE = { bytes: 128 << 20, events: 10_000 };
/** How much of one file is read before garbage is collected. */
const COLLECT = 512 << 20;
/** How much of a file is read before the clock is looked at. */
const STEP = 4 << 20;
/** How much more is read where no line is long. */
const SURPLUS = 256 << 10;
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
  readonly #counts = {
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    sessions: 0,
    skippedLines: 0,
  };
  readonly #problems: DiscoveryProblem[] = [];
  /** What was read and is not stored yet: many small files share a transaction. */
  #read: (() => void)[] = [];
  #phase: IndexingProgress["phase"] = "discovering";
  #sessionsChanged = 0;
  #turnEnds = 0;
  #settleAt = Infinity;

  constructor(deps: IndexDeps, options: IndexOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async all(): Promise<IndexResult> {
    const { db, claudeDirs } = this.#deps;
    this.#count();
    this.report("discovering");
    await this.#turn();
    const discovery = discoverTranscripts(claudeDirs);
    this.#problems.push(...discovery.problems);
    const { rebuild = false } = this.#options;
    const plan = planIndexing(discovery, listTranscriptFiles(db), { rebuild });
    this.#mark(plan);
    this.#counts.filesTotal = discovery.files.length;
    this.#counts.filesDone = discovery.files.length - plan.work.length;
    this.#counts.bytesTotal = plan.work.reduce((sum, { bytes }) => sum + bytes, 0);
    this.report("indexing");
    this.#settleAt = performance.now() + SETTLE_MS;
    for (const work of plan.work) {
      await this.#file(work);
      this.#counts.filesDone++;
      if (performance.now() > this.#settleAt) await this.#settle();
    }
    await this.#settle();
    namePlaces(db, "projects");
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
    this.#phase = phase;
    this.#options.onProgress({ phase, ...this.#counts });
  }

  #mark(plan: IndexPlan): void {
    if (plan.moved.length + plan.back.length + plan.gone.length === 0) return;
    const { db, now } = this.#deps;
    db.transaction(() => {
      for (const { id, path } of plan.moved) moveTranscriptFile(db, id, path);
      markFiles(db, plan.back, null);
      markFiles(db, plan.gone, now());
    });
  }

  async #file(work: Work): Promise<void> {
    const { path } = work;
    const known = work.known === null || this.#options.rebuild
      ? null
      : knownFile(this.#deps.db, work.known);
    using file = this.#tryReading(work, () => openTranscript(path, { known }));
    if (file === null) return;
    const spoken = new Set<SessionId>();
    const sliceBytes = work.known === null ? SLICE.bytes : Infinity;
    let replaced = false;
    let uncollected = 0;
    for (let more = true; more;) {
      const before = file.bytes;
      const step = this.#tryReading(work, () => ({ more: file.step(STEP) }));
      if (step === null) return;
      more = step.more;
      const bytes = file.bytes - before;
      this.#counts.bytesDone += bytes;
      // A step that is longer than asked for ended with a long line, which leaves the more to collect.
      uncollected += bytes + 64 * Math.max(0, bytes - STEP - SURPLUS);
      if (uncollected >= COLLECT) {
        collectGarbage();
        uncollected = 0;
      }
      if (more && file.bytes < sliceBytes && file.events < SLICE.events) {
        await this.#turn();
        continue;
      }
      const reading = file.take();
      replaced ||= reading.mode === "anew" && work.known !== null;
      for (const { session } of reading.parts) spoken.add(session);
      this.#read.push(() => storeReading(this.#deps.db, path, reading));
      for (const count of Object.values(reading.skipped)) this.#counts.skippedLines += count;
      if (more) this.#store();
      else if (replaced) this.#read.push(() => this.#keepLost(work, spoken));
      await this.#turn();
    }
  }

  /** Reads of a file; what cannot be read costs that file alone. An error of the store is none of its reading. */
  #tryReading<Result>(work: Work, read: () => Result): Result | null {
    try {
      return read();
    } catch (error) {
      this.#fail(work, `Cannot read ${work.path}: ${failureReason(error)}`);
      return null;
    }
  }

  #keepLost({ known }: Work, spoken: ReadonlySet<SessionId>): void {
    const { db, now } = this.#deps;
    if (known !== null) keepLostSessions(db, known, { spoken, now: now() });
  }

  #fail({ path, known }: Work, failure: string): void {
    this.#problems.push({ path, message: failure });
    if (known?.failure !== failure) saveFailure(this.#deps.db, { path, failure });
  }

  async #settle(): Promise<void> {
    this.#store();
    this.#sessionsChanged += await settleSessions(this.#deps.db, () => this.#turn());
    this.#counts.sessions = countSessions(this.#deps.db);
    this.#settleAt = performance.now() + SETTLE_MS;
  }

  #count(): void {
    const { db } = this.#deps;
    this.#counts.sessions = countSessions(db);
    this.#counts.skippedLines = Object.values(countSkippedLines(db))
      .reduce((sum, count) => sum + count, 0);
  }

  /** Stores what was read. */
  #store(): void {
    const read = this.#read;
    if (read.length === 0) return;
    this.#read = [];
    this.#deps.db.transaction(() => {
      for (const store of read) store();
    });
  }

  /** Ends a turn of the event loop when its time is up: stores, tells progress, and lets messages in. */
  async #turn(): Promise<void> {
    if (performance.now() < this.#turnEnds) return;
    this.#store();
    if (this.#phase === "indexing") this.report("indexing");
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#options.signal?.throwIfAborted();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}

function knownFile(db: Database, { id, cursor }: StoredFile): KnownFile {
  const parts = partsOfFile(db, id).map(({ part }) => part);
  return { cursor, carry: loadCarry(db, id), parts };
}
