import type { AgentFolders } from "../../domain/settings.ts";
import {
  findRefLocations,
  isOfRefs,
  isRefLocation,
  readFingerprint,
} from "../../git/scan/fingerprint.ts";
import { readerOf } from "../../sessions/registry.ts";
import type { AgentReader, WatchRoot } from "../../sessions/reader.ts";
import { type FileEvents, type FileEventsOptions, watchFiles } from "./file_events.ts";

/** How many events become one. */
export interface DebounceOptions {
  /** How long it must be quiet before the work is done, in milliseconds. */
  quietMs: number;
  /** How long a storm of events may put the work off. It doubles each time one storm lasts longer than that. */
  longestMs: number;
  /** What it doubles up to. */
  mostMs: number;
}

/** Does one piece of work for many events: once they pause, or once they went on for long. */
export class Debounce implements Disposable {
  readonly #work: () => void;
  readonly #options: DebounceOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #first = 0;
  #last = 0;
  #longestMs: number;

  constructor(work: () => void, options: DebounceOptions) {
    this.#work = work;
    this.#options = options;
    this.#longestMs = options.longestMs;
  }

  /** Takes an event; cheap, since there may be thousands a second. */
  touch(): void {
    this.#last = performance.now();
    if (this.#timer !== undefined) return;
    this.#first = this.#last;
    this.#wait(this.#options.quietMs);
  }

  /** Forgets what came so far. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const { quietMs, longestMs, mostMs } = this.#options;
    const quietFor = now - this.#last;
    const leftMs = this.#first + this.#longestMs - now;
    // Timers may be early by less than a millisecond.
    if (quietFor < quietMs - 1 && leftMs > 1) {
      return this.#wait(Math.min(quietMs - quietFor, leftMs));
    }
    this.#longestMs = quietFor < quietMs - 1 ? Math.min(this.#longestMs * 2, mostMs) : longestMs;
    this.#work();
  }
}

/** The shortest time between two looks, in milliseconds. */
const LEAST_MS = 1_000;
/** The longest one. */
const MOST_MS = 60_000;
/** Looking takes at most one part in so many of the time. */
const SHARE = 50;

/** Looks again and again at what cannot be watched, the more seldom the longer that takes. */
class Poll implements Disposable {
  readonly #look: () => Promise<string>;
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seen: string | null = null;
  #closed = false;

  /**
   * @param look Gives something that is equal as long as nothing changed.
   * @param changed Hears that it is not equal any more.
   */
  constructor(look: () => Promise<string>, changed: () => void) {
    this.#look = look;
    this.#changed = changed;
    this.#run();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    const since = performance.now();
    // What cannot be looked at now is looked at again.
    const now = await this.#look().catch(() => this.#seen);
    if (this.#closed) return;
    if (this.#seen !== null && now !== this.#seen) this.#changed();
    this.#seen = now;
    const tookMs = performance.now() - since;
    this.#timer = setTimeout(
      () => this.#run(),
      Math.min(MOST_MS, Math.max(LEAST_MS, tookMs * SHARE)),
    );
  }
}

/** A commit is to be seen within two seconds. */
const REFS = { quietMs: 150, longestMs: 1_000, mostMs: 16_000 };
/** An agent at work writes all the time. */
const SOURCES = { quietMs: 300, longestMs: 1_500, mostMs: 16_000 };

/** What is watched, and who hears of it. */
export interface WatcherOptions {
  /** The agents whose sources are watched, and their folders. */
  agents: readonly AgentFolders[];
  /** The common directories of the repositories. */
  commonDirs: () => readonly string[];
  /** Hears that a sync would find something, once for many changes. */
  touched: () => void;
  /** How folders are watched; tests bring one that fails. @default {watchFiles} */
  watch?: typeof watchFiles;
}

/** Folders that are watched together, or looked at together where they cannot be watched. */
interface Group {
  /** The folders' names. */
  key: string;
  watches: FileEvents[];
  poll: Poll | null;
}

/** How a group is opened. */
interface Opening {
  name: string;
  key: string;
  debounce: Debounce;
  /** null where the system will not watch. */
  watch: (changed: FileEventsOptions["changed"]) => FileEvents[] | null;
  look: () => Promise<string>;
}

/**
 * Notices that transcripts grow and that refs move.
 *
 * What the system will not watch is looked at every second or, where that takes long, less often.
 */
export class Watcher implements Disposable {
  readonly #options: WatcherOptions;
  readonly #watch: typeof watchFiles;
  readonly #refs: Debounce;
  readonly #sources: Debounce;
  readonly #groups = new Map<string, Group>();
  #commonDirs: string | null = null;
  /** There may be other folders to watch than when they were looked up. */
  #stale = true;
  #refreshing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#watch = options.watch ?? watchFiles;
    this.#refs = new Debounce(() => this.#touched(), REFS);
    this.#sources = new Debounce(() => this.#touched(), SOURCES);
  }

  /** Watches what there is to watch by now; to be called at first and after each sync. */
  refresh(): Promise<void> {
    return this.#refreshing = this.#refreshing.then(() => this.#refresh());
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#refs[Symbol.dispose]();
    this.#sources[Symbol.dispose]();
    for (const group of this.#groups.values()) close(group);
  }

  async #refresh(): Promise<void> {
    if (this.#closed) return;
    const commonDirs = this.#options.commonDirs();
    const named = commonDirs.join("\0");
    if (!this.#stale && named === this.#commonDirs) return;
    const isNew = this.#commonDirs !== null && named !== this.#commonDirs;
    this.#stale = false;
    this.#commonDirs = named;
    const places = await Promise.all(commonDirs.map(findRefLocations));
    if (this.#closed) return;
    for (const { agent, roots } of this.#options.agents) {
      const reader = readerOf(agent);
      const watched = reader.watch(roots);
      this.#group({
        name: agent,
        key: JSON.stringify(watched),
        debounce: this.#sources,
        watch: (changed) => this.#watchSources(watched, changed),
        look: () => Promise.resolve(lookOf(reader, roots)),
      });
    }
    const folders = places.flatMap(({ folders }) => folders);
    const trees = places.flatMap(({ trees }) => trees);
    this.#group({
      name: "refs",
      key: JSON.stringify([folders, trees]),
      debounce: this.#refs,
      watch: (changed) => this.#watchRefs({ folders, trees }, changed),
      look: () => fingerprintOf(commonDirs),
    });
    // Between the sync that found these repositories and now, nobody listened.
    if (isNew) this.#refs.touch();
  }

  /** Reopens a group if its folders changed or its watch failed. */
  #group({ name, key, debounce, watch, look }: Opening): void {
    const before = this.#groups.get(name);
    const isSame = before?.key === key;
    if (isSame && before.poll === null && !before.watches.some(({ broken }) => broken)) return;
    // To the system a folder is watched once: closing later would end the new watches.
    before?.watches.forEach((one) => one[Symbol.dispose]());
    const changed = ({ places }: { places: boolean }) => {
      this.#stale ||= places;
      debounce.touch();
    };
    const watches = watch(changed);
    if (watches === null) {
      const kept = isSame ? before.poll : null;
      if (kept === null) before?.poll?.[Symbol.dispose]();
      const poll = kept ?? new Poll(look, () => changed({ places: true }));
      this.#groups.set(name, { key, watches: [], poll });
      return;
    }
    before?.poll?.[Symbol.dispose]();
    this.#groups.set(name, { key, watches, poll: null });
    if (before !== undefined) debounce.touch();
  }

  /** Watches an agent's folders; null if the system cannot watch one that is there. */
  #watchSources(
    roots: readonly WatchRoot[],
    changed: FileEventsOptions["changed"],
  ): FileEvents[] | null {
    const options = { matters: isSource, places: () => false, changed };
    const opened: FileEvents[] = [];
    for (const recursive of [true, false]) {
      const folders = roots.filter((root) => root.recursive === recursive).map(({ path }) => path);
      if (folders.length === 0) continue;
      const watch = this.#watch({ folders, recursive, ...options });
      if (watch !== null) opened.push(watch);
      else {
        opened.forEach((other) => other[Symbol.dispose]());
        return null;
      }
    }
    return opened;
  }

  #watchRefs(
    { folders, trees }: { folders: string[]; trees: string[] },
    changed: FileEventsOptions["changed"],
  ): FileEvents[] | null {
    const options = { matters: isOfRefs, places: isRefLocation, changed };
    const opened: FileEvents[] = [];
    for (const one of [{ folders, recursive: false }, { folders: trees, recursive: true }]) {
      if (one.folders.length === 0) continue;
      const watch = this.#watch({ ...one, ...options });
      if (watch !== null) opened.push(watch);
      else {
        opened.forEach((other) => other[Symbol.dispose]());
        return null;
      }
    }
    return opened;
  }

  /** One sync sees both. */
  #touched(): void {
    this.#refs[Symbol.dispose]();
    this.#sources[Symbol.dispose]();
    this.#options.touched();
  }
}

function close({ watches, poll }: Group): void {
  for (const watch of watches) watch[Symbol.dispose]();
  poll?.[Symbol.dispose]();
}

/** Sources have an ending and are written as such; what has none is a folder that came or went. */
function isSource(path: string): boolean {
  return !/\.(?:tmp|lock|swp)$|[.-]shm$|~$/.test(path);
}

function lookOf(reader: AgentReader, roots: readonly string[]): string {
  return reader.discover(roots).sources.map(({ key, stamp }) => `${key} ${stamp}`).join("\n");
}

async function fingerprintOf(commonDirs: readonly string[]): Promise<string> {
  const seen: string[] = [];
  for (const commonDir of commonDirs) {
    const read = await readFingerprint(commonDir, { now: Date.now });
    seen.push(
      "fingerprint" in read ? `${read.fingerprint.refs} ${read.fingerprint.recorders}` : read.kind,
    );
  }
  return seen.join(" ");
}
