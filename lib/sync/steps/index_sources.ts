import { setImmediate } from "node:timers";
import type { SessionId } from "../../domain/ids.ts";
import type { AgentFolders } from "../../domain/settings.ts";
import { foldSession } from "../../sessions/fold.ts";
import {
  findDuplicates,
  findShared,
  type HeldMessages,
  type SharedMessages,
} from "../../sessions/ownership.ts";
import { readerOf } from "../../sessions/registry.ts";
import type {
  AgentReader,
  Discovery,
  DiscoveryProblem,
  KnownSource,
  SessionSource,
  SourceDelta,
} from "../../sessions/reader.ts";
import type { Database } from "../../store/database.ts";
import { nameDistinctly } from "../../store/write/distinct_names.ts";
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
  partsOfSessions,
  partsOfSource,
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
  countSkipped,
  keepReplaced,
  listSources,
  loadCheckpoint,
  markSources,
  moveSource,
  saveSource,
  saveSourceFailure,
  type StoredSource,
} from "../../store/write/sources.ts";
import { saveTokens } from "../../store/write/token_uses.ts";
import { failureReason } from "../../text/errors.ts";
import type { IndexingProgress } from "../indexing_state.ts";

/** What the index step works with. */
export interface IndexDeps {
  db: Database;
  agents: readonly AgentFolders[];
  now: () => number;
}

/** How the index step runs. */
export interface IndexOptions {
  onProgress: (progress: IndexingProgress) => void;
  signal?: AbortSignal;
  /** Read every source from its beginning. What is known stays until it is replaced. @default {false} */
  rebuild?: boolean;
}

/** What the index step came to. */
export interface IndexResult {
  /** Sources that had changed and were read. */
  filesRead: number;
  filesTotal: number;
  bytesRead: number;
  /** Sessions whose facts changed. */
  sessionsChanged: number;
  /** Records that are skipped in all sources known. */
  skippedLines: number;
  /** Files and folders that could not be read, and why. */
  problems: DiscoveryProblem[];
}

/** A source that has to be read. */
export interface Work {
  reader: AgentReader;
  source: SessionSource;
  known: StoredSource | null;
  /** About how many bytes there are to read. */
  bytes: number;
}

/** What the index step has to do for one agent. */
export interface IndexPlan {
  work: Work[];
  /** Sources that are known under another key. */
  moved: { id: number; key: string; path: string }[];
  /** Sources that had been gone. */
  back: number[];
  /** Sources that are gone now. */
  gone: number[];
}

/** Compares what was found of an agent with what is known. */
function planIndexing(
  reader: AgentReader,
  discovery: Discovery,
  stored: readonly StoredSource[],
  options: { rebuild: boolean },
): IndexPlan {
  const plan: IndexPlan = { work: [], moved: [], back: [], gone: [] };
  const found = new Set(discovery.sources.map(({ key }) => key));
  const byKey = new Map(stored.map((source) => [source.key, source]));
  const missing = stored.filter(({ key }) => !found.has(key));
  const left = new Map(
    missing.filter(({ identity }) => identity !== null).map((source) => [source.identity, source]),
  );
  for (const source of discovery.sources) {
    let known = byKey.get(source.key) ?? null;
    if (known === null && source.identity !== null) {
      const before = left.get(source.identity);
      if (before !== undefined) {
        left.delete(source.identity);
        plan.moved.push({ id: before.id, key: source.key, path: source.path });
        known = { ...before, key: source.key, path: source.path };
      }
    }
    const unchanged = known !== null && known.stamp === source.stamp &&
      known.readerVersion === reader.version && !options.rebuild;
    if (!unchanged) plan.work.push({ reader, source, known, bytes: source.bytes });
    else if (known!.goneAt !== null && byKey.has(source.key)) plan.back.push(known!.id);
  }
  const moved = new Set(plan.moved.map(({ id }) => id));
  for (const source of missing) {
    if (source.goneAt !== null || moved.has(source.id)) continue;
    if (!discovery.unreadable.some((folder) => source.path.startsWith(folder))) {
      plan.gone.push(source.id);
    }
  }
  return plan;
}

/** Keeps what a reading of a source found, in one transaction. */
export function storeDelta(
  db: Database,
  { reader, source }: Pick<Work, "reader" | "source">,
  delta: SourceDelta,
): void {
  db.transaction(() => {
    const { key, path, stamp, identity, bytes, modifiedAt } = source;
    const { mode, checkpoint, records, skipped, sessions } = delta;
    const from = { agent: reader.id, key, path, stamp, identity, bytes, modifiedAt };
    const id = saveSource(
      db,
      { ...from, readerVersion: reader.version, checkpoint, records, skipped },
      { mode },
    );
    for (
      const { mode, facts, messageHashes, messageTimes, events, revisions, tokens } of sessions
    ) {
      // They are about events that were read before: one of these may bear the same id.
      for (const { call, lines } of revisions) {
        const revised = reviseEdit(db, { source: id, call }, lines);
        if (revised !== null) markStale(db, revised);
      }
      const session = sessionNumber(db, reader.id, facts.session);
      const at = { source: id, session };
      let changed = savePart(db, at, { ...facts, messageHashes, messageTimes }, { mode });
      if (mode === "replace") changed = replaceEvents(db, at, events) || changed;
      else {
        appendEvents(db, at, events);
        changed ||= events.length > 0;
      }
      changed = saveTokens(db, at, tokens, { mode }) || changed;
      if (changed) markStale(db, session);
    }
  });
}

/**
 * Sets apart what a replaced source held of sessions that its new content does not speak of: they are shown on as
 * sessions whose source is gone.
 *
 * @param spoken The sessions that the new content holds.
 */
function keepLostSessions(
  db: Database,
  source: StoredSource,
  options: { spoken: ReadonlySet<SessionId>; now: number },
): void {
  const lost = partsOfSource(db, source.id)
    .filter(({ part }) => !options.spoken.has(part.session));
  if (lost.length === 0) return;
  db.transaction(() => {
    const gone = keepReplaced(db, source, options.now);
    for (const { session } of lost) movePart(db, { source: source.id, session }, gone);
  });
}

/** How many sessions are written in one transaction. */
const BATCH = 100;

/**
 * Folds every session whose parts changed, and those that share messages with it: ownership is decided again.
 *
 * @param yieldNow Awaited between batches.
 * @returns How many sessions' facts changed.
 */
async function recomputeSessions(
  db: Database,
  yieldNow: () => Promise<void>,
): Promise<number> {
  const stale = new Set(staleSessions(db));
  if (stale.size === 0) return 0;
  const { parts, shared, sessions } = neighbourhood(db, stale);
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
        const own = (bySession.get(session) ?? []).map(({ part, key, duplicates }) => ({
          ...part,
          key,
          duplicates,
        }));
        const at = {
          session,
          changed: stale.has(session) || marked.has(session),
          counts: counts.get(session) ?? {},
        };
        if (saveSession(db, at, foldSession(own))) changed++;
      }
    });
    await yieldNow();
  }
  return changed;
}

type PartWithDuplicates = StoredPart & { duplicates: ReadonlySet<number> };

/** Marks the events of messages that sessions do not own, and gives the sessions where a mark changed. */
function markBatch(
  db: Database,
  batch: readonly number[],
  bySession: ReadonlyMap<number, readonly PartWithDuplicates[]>,
): Set<number> {
  const copying = sessionsWithCopies(db, batch);
  const marked = new Set<number>();
  for (const session of batch) {
    for (const { source, duplicates } of bySession.get(session) ?? []) {
      if (duplicates.size === 0 && !copying.has(session)) continue;
      if (markDuplicates(db, { source, session }, duplicates)) marked.add(session);
    }
  }
  return marked;
}

/** The sessions that are to be folded again, and every part that may share a message with one of them. */
function neighbourhood(
  db: Database,
  stale: ReadonlySet<number>,
): { parts: StoredPart[]; shared: SharedMessages; sessions: Set<number> } {
  const sessions = new Set(stale);
  const loaded = new Map<number, StoredPart[]>();
  let frontier = [...stale];
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

function held({ part, key }: StoredPart): HeldMessages {
  const { session, forkedFrom, bornAt, messageHashes: hashes, messageTimes: times } = part;
  return { session, key, forkedFrom, bornAt, hashes, times };
}

/**
 * A source with more than this is stored in slices, so that memory stays flat. What is known already is cut by events
 * alone: where a source is read from its beginning again, rows that say the same stay only as far as the first slice goes.
 */
const SLICE = { bytes: 128 << 20, events: 10_000 };
/** How much of one source is read before garbage is collected. */
const COLLECT = 512 << 20;
/** How much of a source is read before the clock is looked at. */
const STEP = 4 << 20;
/** How much more is read where no record is long. */
const SURPLUS = 256 << 10;
/** How long the event loop may wait, and how often progress is reported, in milliseconds. */
const TURN_MS = 40;
/** Sessions are folded at least this often while sources are read. */
const RECOMPUTE_MS = 2_000;

/**
 * Reads what is new in every agent's sources, the newest first, and folds it into sessions.
 *
 * Sources that look as they did are not opened. With nothing changed, nothing is written.
 *
 * @throws {DOMException} `AbortError` when the signal is aborted; what was read until then stays.
 */
export async function indexSources(deps: IndexDeps, options: IndexOptions): Promise<IndexResult> {
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
  /** What was read and is not stored yet: many small sources share a transaction. */
  #read: (() => void)[] = [];
  #phase: IndexingProgress["phase"] = "discovering";
  #sessionsChanged = 0;
  #bytesRead = 0;
  #turnEnds = 0;
  #recomputeAt = Infinity;

  constructor(deps: IndexDeps, options: IndexOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async all(): Promise<IndexResult> {
    const { db, agents } = this.#deps;
    this.#count();
    this.report("discovering");
    await this.#turn();
    const { rebuild = false } = this.#options;
    const work: Work[] = [];
    for (const { agent, roots } of agents) {
      const reader = readerOf(agent);
      const discovery = reader.discover(roots);
      this.#problems.push(...discovery.problems);
      const plan = planIndexing(reader, discovery, listSources(db, reader.id), { rebuild });
      this.#mark(plan);
      work.push(...plan.work);
      this.#counts.filesTotal += discovery.sources.length;
    }
    work.sort((a, b) => b.source.modifiedAt - a.source.modifiedAt);
    this.#counts.filesDone = this.#counts.filesTotal - work.length;
    this.#counts.bytesTotal = work.reduce((sum, { bytes }) => sum + bytes, 0);
    this.report("indexing");
    this.#recomputeAt = performance.now() + RECOMPUTE_MS;
    for (const item of work) {
      await this.#source(item);
      this.#counts.filesDone++;
      if (performance.now() > this.#recomputeAt) await this.#recompute();
    }
    await this.#recompute();
    nameDistinctly(db, "projects");
    this.#count();
    this.report("ready");
    return {
      filesRead: work.length,
      filesTotal: this.#counts.filesTotal,
      bytesRead: this.#bytesRead,
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
      for (const { id, key, path } of plan.moved) moveSource(db, id, { key, path });
      markSources(db, plan.back, null);
      markSources(db, plan.gone, now());
    });
  }

  async #source(work: Work): Promise<void> {
    const { reader, source } = work;
    const known = this.#options.rebuild ? null : knownSource(this.#deps.db, work);
    using reading = this.#tryReading(work, () => reader.open(source, known));
    if (reading === null) return;
    const spoken = new Set<SessionId>();
    const sliceBytes = work.known === null ? SLICE.bytes : Infinity;
    let replaced = false;
    let uncollected = 0;
    let read = 0;
    const start = this.#counts.bytesDone;
    for (let more = true; more;) {
      const before = reading.waiting.bytes;
      const step = this.#tryReading(work, () => ({ more: reading.step(STEP) }));
      if (step === null) return;
      more = step.more;
      const bytes = reading.waiting.bytes - before;
      read += bytes;
      this.#bytesRead += bytes;
      this.#counts.bytesDone = start + Math.min(read, source.bytes);
      // A step that is longer than asked for ended with a long record, which leaves the more to collect.
      uncollected += bytes + 64 * Math.max(0, bytes - STEP - SURPLUS);
      if (uncollected >= COLLECT) {
        collectGarbage();
        uncollected = 0;
      }
      const { waiting } = reading;
      if (more && waiting.bytes < sliceBytes && waiting.events < SLICE.events) {
        await this.#turn();
        continue;
      }
      const delta = this.#tryReading(work, () => reading.take());
      if (delta === null) return;
      replaced ||= delta.mode === "replace" && work.known !== null;
      for (const { facts } of delta.sessions) spoken.add(facts.session);
      // Until all of it is read, the source does not look as it was found.
      const stored = more ? { ...work, source: { ...source, stamp: "" } } : work;
      this.#read.push(() => storeDelta(this.#deps.db, stored, delta));
      for (const count of Object.values(delta.skipped)) this.#counts.skippedLines += count;
      if (more) this.#store();
      else if (replaced) this.#read.push(() => this.#keepLost(work, spoken));
      await this.#turn();
    }
    // What an earlier reading had read counts as done.
    this.#counts.bytesDone = start + source.bytes;
  }

  /** Reads of a source; what cannot be read costs that source alone. An error of the store is none of its reading. */
  #tryReading<Result>(work: Work, read: () => Result): Result | null {
    try {
      return read();
    } catch (error) {
      this.#fail(work, `Cannot read ${work.source.path}: ${failureReason(error)}`);
      return null;
    }
  }

  #keepLost({ known }: Work, spoken: ReadonlySet<SessionId>): void {
    const { db, now } = this.#deps;
    if (known !== null) keepLostSessions(db, known, { spoken, now: now() });
  }

  #fail({ reader, source: { key, path }, known }: Work, failure: string): void {
    this.#problems.push({ path, message: failure });
    if (known?.failure === failure) return;
    saveSourceFailure(this.#deps.db, { agent: reader.id, key, path, failure });
  }

  async #recompute(): Promise<void> {
    this.#store();
    this.#sessionsChanged += await recomputeSessions(this.#deps.db, () => this.#turn());
    this.#counts.sessions = countSessions(this.#deps.db);
    this.#recomputeAt = performance.now() + RECOMPUTE_MS;
  }

  #count(): void {
    const { db } = this.#deps;
    this.#counts.sessions = countSessions(db);
    this.#counts.skippedLines = Object.values(countSkipped(db)).reduce((sum, n) => sum + n, 0);
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

  /** Ends a turn of the event loop when its time is up: stores, reports progress, and lets messages in. */
  async #turn(): Promise<void> {
    if (performance.now() < this.#turnEnds) return;
    this.#store();
    if (this.#phase === "indexing") this.report("indexing");
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#options.signal?.throwIfAborted();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}

/** What was known of a source before, unless another version of its reader read it. */
function knownSource(db: Database, { reader, known }: Work): KnownSource<unknown> | null {
  if (known === null || known.readerVersion !== reader.version) return null;
  const checkpoint = loadCheckpoint(db, known.id);
  if (checkpoint === null) return null;
  const sessions = partsOfSource(db, known.id).map(({ part }) => {
    const { messageHashes, messageTimes: _, ...facts } = part;
    return { facts, messageHashes };
  });
  return { checkpoint, sessions };
}

/**
 * Collects what is no longer in use, if V8 was started with `--expose-gc`.
 *
 * V8 collects by itself while the program goes on, and lets everything new pile up until it has marked what is in use:
 * while texts are made of sources, that is half a megabyte each millisecond. While little is in use, collecting before
 * V8 sees need takes a few milliseconds, and nothing piles up.
 */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
