import { basename } from "node:path";
import { setImmediate } from "node:timers";
import type { SessionId } from "../../domain/ids.ts";
import {
  discoverTranscripts,
  type Discovery,
  type DiscoveryProblem,
  type TranscriptFile,
} from "../../sessions/claude_code/discover.ts";
import type { SessionEvent } from "../../sessions/claude_code/facts.ts";
import {
  isUnchanged,
  type KnownFile,
  openTranscript,
  type TranscriptReading,
} from "../../sessions/claude_code/transcript.ts";
import { foldSession } from "../../sessions/fold.ts";
import {
  findDuplicates,
  findShared,
  type HeldMessages,
  type SharedMessages,
} from "../../sessions/ownership.ts";
import type { Database } from "../../store/database.ts";
import { namePlaces } from "../../store/write/distinct_names.ts";
import {
  appendEvents,
  countEvents,
  markDuplicates,
  replaceEvents,
  reviseEdit,
  sessionsWithCopies,
} from "../../store/write/session_events.ts";
import {
  movePart,
  partsOfFile,
  partsOfSessions,
  savePart,
  sessionsBetween,
  type StoredPart,
} from "../../store/write/session_parts.ts";
import {
  countSessions,
  markStale,
  saveSession,
  sessionNumber,
  staleSessions,
} from "../../store/write/sessions.ts";
import {
  countSkippedLines,
  keepReplaced,
  listTranscriptFiles,
  loadResumeState,
  markFiles,
  moveTranscriptFile,
  saveFailure,
  saveTranscriptFile,
  type StoredFile,
} from "../../store/write/sources.ts";
import { failureReason } from "../../text/errors.ts";
import type { IndexingProgress } from "../indexing_state.ts";

/**
 * Collects garbage at once; the program is started with `--expose-gc`, and without it nothing happens.
 *
 * V8 collects by itself while the program goes on, and lets all that is new pile up until it has marked what is in use:
 * where texts are made of transcripts, that is half a megabyte each millisecond. Where little is in use, collecting
 * before V8 sees need takes a few milliseconds, and nothing piles up.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
}

/** A file that has to be read. */
export interface Work {
  path: string;
  known: StoredFile | null;
  /** About how many bytes there are to read. */
  bytes: number;
}

/** What the index step has to do. */
export interface IndexPlan {
  /** Newest first. */
  work: Work[];
  /** Files that are known under another path. */
  moved: { id: number; path: string }[];
  /** Files that had been gone. */
  back: number[];
  /** Files that are gone now. */
  gone: number[];
}

/** Compares what was found with what is known. */
export function planIndexing(
  discovery: Discovery,
  stored: readonly StoredFile[],
  options: { rebuild: boolean },
): IndexPlan {
  const plan: IndexPlan = { work: [], moved: [], back: [], gone: [] };
  const found = new Set(discovery.files.map(({ path }) => path));
  const byPath = new Map(stored.map((file) => [file.path, file]));
  const missing = stored.filter(({ path }) => !found.has(path));
  const left = new Map(missing.map((file) => [likeness(file.path, file.cursor), file]));
  const work: (Work & { mtimeMs: number })[] = [];
  for (const file of discovery.files) {
    let known = byPath.get(file.path) ?? null;
    if (known === null) {
      const before = left.get(likeness(file.path, file));
      if (before !== undefined) {
        left.delete(likeness(file.path, file));
        plan.moved.push({ id: before.id, path: file.path });
        known = { ...before, path: file.path };
      }
    }
    if (known !== null && isUnchanged(known.cursor, file) && !options.rebuild) {
      if (known.goneAt !== null && byPath.has(file.path)) plan.back.push(known.id);
    } else {
      work.push({
        path: file.path,
        known,
        bytes: bytesLeft(known, file, options),
        mtimeMs: file.mtimeMs,
      });
    }
  }
  const moved = new Set(plan.moved.map(({ id }) => id));
  for (const file of missing) {
    if (file.goneAt !== null || moved.has(file.id)) continue;
    if (!discovery.unreadable.some((folder) => file.path.startsWith(folder))) {
      plan.gone.push(file.id);
    }
  }
  plan.work = work.sort((a, b) => b.mtimeMs - a.mtimeMs);
  return plan;
}

function likeness(
  path: string,
  { inode, size, mtimeMs }: { inode: number; size: number; mtimeMs: number },
): string {
  return inode === 0 ? `\0${path}` : `${basename(path)}\0${inode}\0${size}\0${mtimeMs}`;
}

function bytesLeft(
  known: StoredFile | null,
  file: TranscriptFile,
  options: { rebuild: boolean },
): number {
  const offset = options.rebuild ? 0 : known?.cursor.offset ?? 0;
  return file.size >= offset ? file.size - offset : file.size;
}

/** Keeps what a reading of a file found, in one transaction. */
export function storeReading(db: Database, path: string, reading: TranscriptReading): void {
  db.transaction(() => {
    const file = saveTranscriptFile(db, { path, ...reading }, { mode: reading.mode });
    const begun = new Set(reading.begun);
    // They are about events that were read before: one of this reading may bear the same id.
    for (const { toolUse, lines } of reading.revisions) {
      const session = reviseEdit(db, { file, toolUse }, lines);
      if (session !== null) markStale(db, session);
    }
    const events = new Map<SessionId, SessionEvent[]>();
    for (const { session, event } of reading.events) {
      const list = events.get(session);
      if (list === undefined) events.set(session, [event]);
      else list.push(event);
    }
    for (const part of reading.parts) {
      const session = sessionNumber(db, part.session);
      const at = { file, session };
      const found = events.get(part.session) ?? [];
      const mode = begun.has(part.session) ? "anew" : "appended";
      let changed = savePart(db, at, part, { mode });
      if (mode === "anew") changed = replaceEvents(db, at, found) || changed;
      else {
        appendEvents(db, at, found);
        changed ||= found.length > 0;
      }
      if (changed) markStale(db, session);
    }
  });
}

/**
 * Sets apart what a replaced file held of sessions that its new content does not speak of: they are shown on as
 * sessions whose transcript is gone.
 *
 * @param spoken The sessions that the new content holds.
 */
export function keepLostSessions(
  db: Database,
  file: { id: number; path: string },
  options: { spoken: ReadonlySet<SessionId>; now: number },
): void {
  const lost = partsOfFile(db, file.id).filter(({ part }) => !options.spoken.has(part.session));
  if (lost.length === 0) return;
  db.transaction(() => {
    const gone = keepReplaced(db, file, options.now);
    for (const { session } of lost) movePart(db, { file: file.id, session }, gone);
  });
}

/** How many sessions are written in one transaction. */
const BATCH = 100;

/**
 * Folds every session whose parts changed, and those that share messages with it: who owns what is decided anew.
 *
 * @param breathe Awaited between batches.
 * @returns How many sessions' facts changed.
 */
export async function recomputeSessions(
  db: Database,
  yieldNow: () => Promise<void>,
): Promise<number> {
  const unsettled = new Set(staleSessions(db));
  if (unsettled.size === 0) return 0;
  const { parts, shared, sessions } = neighbourhood(db, unsettled);
  const duplicates = findDuplicates(parts.map(held), shared);
  const bySession = Map.groupBy(
    parts.map((part, i) => ({ ...part, duplicates: duplicates[i] })),
    ({ session }) => session,
  );
  let changed = 0;
  const queue = [...sessions];
  for (let start = 0; start < queue.length; start += BATCH) {
    const batch = queue.slice(start, start + BATCH);
    db.transaction(() => {
      const marked = markBatch(db, batch, bySession);
      const counts = countEvents(db, batch);
      for (const session of batch) {
        const own = (bySession.get(session) ?? []).map(({ part, path, duplicates }) => ({
          ...part,
          path,
          duplicates,
        }));
        const at = {
          session,
          changed: unsettled.has(session) || marked.has(session),
          counts: counts.get(session) ?? {},
        };
        if (saveSession(db, at, foldSession(own))) changed++;
      }
    });
    await yieldNow();
  }
  return changed;
}

type ForeignPart = StoredPart & { duplicates: ReadonlySet<number> };

/** Marks the events of messages that sessions do not own, and gives the sessions where a mark changed. */
function markBatch(
  db: Database,
  batch: readonly number[],
  bySession: ReadonlyMap<number, readonly ForeignPart[]>,
): Set<number> {
  const copying = sessionsWithCopies(db, batch);
  const marked = new Set<number>();
  for (const session of batch) {
    for (const { file, duplicates } of bySession.get(session) ?? []) {
      if (duplicates.size === 0 && !copying.has(session)) continue;
      if (markDuplicates(db, { file, session }, duplicates)) marked.add(session);
    }
  }
  return marked;
}

/** The sessions that are to be settled, and every part that may share a message with one of them. */
function neighbourhood(
  db: Database,
  unsettled: ReadonlySet<number>,
): { parts: StoredPart[]; shared: SharedMessages; sessions: Set<number> } {
  const sessions = new Set(unsettled);
  const loaded = new Map<number, StoredPart[]>();
  let frontier = [...unsettled];
  while (true) {
    load(db, loaded, frontier);
    const own = frontier.flatMap((session) => loaded.get(session) ?? []);
    for (const [from, to] of stretches(own)) load(db, loaded, sessionsBetween(db, from, to));
    const parts = [...loaded.values()].flat();
    const shared = findShared(parts.map(held));
    frontier = [];
    for (const holders of shared.values()) {
      if (!holders.some((i) => sessions.has(parts[i].session))) continue;
      for (const i of holders) {
        const { session } = parts[i];
        if (!sessions.has(session)) frontier.push(session);
        sessions.add(session);
      }
    }
    if (frontier.length === 0) return { parts, shared, sessions };
  }
}

/** Loads the parts of those sessions whose parts are not loaded yet. */
function load(
  db: Database,
  loaded: Map<number, StoredPart[]>,
  sessions: readonly number[],
): void {
  const missing = sessions.filter((session) => !loaded.has(session));
  if (missing.length === 0) return;
  for (const session of missing) loaded.set(session, []);
  for (const part of partsOfSessions(db, missing)) loaded.get(part.session)!.push(part);
}

/** The stretches of time that parts cover, those that overlap joined. */
function stretches(parts: readonly StoredPart[]): [number, number][] {
  const ranges = parts.filter(({ part }) => part.firstAt !== null)
    .map(({ part }): [number, number] => [part.firstAt!, part.lastAt!])
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function held({ part, path }: StoredPart): HeldMessages {
  const { session, forkedFrom, messageHashes: hashes, messageTimes: times } = part;
  return { session, path, forkedFrom, hashes, times };
}

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
    this.#sessionsChanged += await recomputeSessions(this.#deps.db, () => this.#turn());
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
  return { cursor, resumeState: loadResumeState(db, id), parts };
}
