import { type Config, readGitEnvironment } from "../config.ts";
import type { GitReading } from "../git/reading.ts";
import { createGitRunner } from "../git/runner.ts";
import { streamsOf } from "../http/streams.ts";
import { acquireLock, type LockFile, type LockOwner } from "../lock_file.ts";
import type { Log } from "../log.ts";
import { listBackups } from "../store/backups.ts";
import { openStore } from "../store/open.ts";
import { countSessions } from "../store/sessions.ts";
import type { Database } from "../store/database.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import { openServices, type SyncServices } from "../sync/services.ts";
import { hasTranscripts } from "./has_transcripts.ts";
import { prepareSample, removeSample } from "./sample_workspace.ts";
import type { OpenServices } from "./services.ts";

/** What a server works with, or why it cannot. */
export type ServingOutcome =
  | { kind: "opened"; serving: Serving }
  | { kind: "held"; owner: LockOwner | null }
  | { kind: "failed"; message: string };

/** How often the sample's server looks for a first real transcript, in milliseconds. */
const LOOK_MS = 3_000;
/** How long requests that began with the sample may go on with it. */
const GRACE_MS = 1_000;

/** The sample's services, while there is no transcript to show. */
interface SampleServices {
  services: SyncServices;
  /** The lock on the real data folder, whose database is not the sample's; null once it is given up. */
  lock: LockFile | null;
  timer: ReturnType<typeof setInterval>;
}

/**
 * The services of a server: those of the user's own work, or, as long as there is no transcript and never was one,
 * those of the sample workspace.
 */
export class Serving implements OpenServices, AsyncDisposable {
  readonly config: Config;
  readonly #log: Log;
  #services: SyncServices;
  #sample: SampleServices | null;
  #address: string | null = null;
  #closed = false;

  constructor(parts: {
    config: Config;
    log: Log;
    services: SyncServices;
    /** The lock on the data folder, where the services are the sample's. */
    sampleLock: LockFile | null;
  }) {
    this.config = parts.config;
    this.#log = parts.log;
    this.#services = parts.services;
    this.#sample = parts.sampleLock === null ? null : {
      services: parts.services,
      lock: parts.sampleLock,
      timer: setInterval(() => this.#leaveSample(), LOOK_MS),
    };
  }

  get store(): Database {
    return this.#services.store;
  }

  get gitSync(): GitSync {
    return this.#services.gitSync;
  }

  get git(): GitReading {
    return this.#services.git;
  }

  get indexing(): Indexing {
    return this.#services.indexing;
  }

  get sample(): boolean {
    return this.#sample !== null;
  }

  /**
   * Says where the server answers, gives up what it no longer needs, and runs the first background sync.
   *
   * @param ready When the other threads and the sync may begin: they take from whoever waits for the first page.
   * @default at once
   */
  async begin(address: string | null, ready?: Promise<void>): Promise<void> {
    this.#address = address;
    this.#services.lock.setAddress(address);
    this.#sample?.lock?.setAddress(address);
    await ready;
    if (this.#closed) return;
    // Leaving the sample behind takes the right to write.
    if (this.#sample === null) await this.#services.renounce();
    this.#services.gitSync.startSchedule();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#services[Symbol.asyncDispose]();
    if (this.#sample === null) return;
    clearInterval(this.#sample.timer);
    this.#sample.lock?.[Symbol.dispose]();
  }

  /** Goes over to the real workspace once there is a transcript. */
  async #leaveSample(): Promise<void> {
    const sample = this.#sample;
    if (sample === null || !hasTranscripts(this.config.claudeDirs)) return;
    clearInterval(sample.timer);
    sample.lock?.[Symbol.dispose]();
    sample.lock = null;
    const opened = await openReal(this.config);
    if (opened.kind !== "opened") {
      const reason = opened.kind === "held" ? "another process has taken it" : opened.message;
      this.#log.error(`cannot leave the sample workspace for ${this.config.dataDir}: ${reason}`);
      return;
    }
    if (this.#closed) return await opened.services[Symbol.asyncDispose]();
    this.#log.info("a transcript is there: the sample workspace is gone");
    this.#sample = null;
    this.#services = opened.services;
    sample.services.gitSync.announcements.changed(["sessions", "commits", "links"]);
    streamsOf(sample.services).closeAll("The sample workspace is gone");
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    await sample.services[Symbol.asyncDispose]();
    removeSample(this.config.dataDir);
    if (!this.#closed) await this.begin(this.#address);
  }
}

/** Opens the services that a server with this config has. The data folder must exist. */
export async function openServing(config: Config, log: Log): Promise<ServingOutcome> {
  if (hasTranscripts(config.claudeDirs) || hasSessions(config.dataDir)) {
    const opened = await openReal(config);
    if (opened.kind !== "opened") return opened;
    removeSample(config.dataDir);
    const { services } = opened;
    return { kind: "opened", serving: new Serving({ config, log, services, sampleLock: null }) };
  }
  const locked = await acquireLock(config.dataDir);
  if (locked.kind !== "acquired") return locked;
  const opened = await openSample(config);
  if (opened.kind === "opened") {
    const { services } = opened;
    const sampleLock = locked.lock;
    return { kind: "opened", serving: new Serving({ config, log, services, sampleLock }) };
  }
  locked.lock[Symbol.dispose]();
  if (opened.kind === "held") return opened;
  log.warn(`there is no sample workspace to show: ${opened.message}`);
  const empty = await openReal(config);
  if (empty.kind !== "opened") return empty;
  const { services } = empty;
  return { kind: "opened", serving: new Serving({ config, log, services, sampleLock: null }) };
}

function openReal(config: Config) {
  const { dataDir, claudeDirs, logLevel } = config;
  return openServices({ dataDir, claudeDirs, logLevel, gitEnvironment: readGitEnvironment() });
}

async function openSample(config: Config) {
  const gitEnvironment = readGitEnvironment();
  const git = createGitRunner({ environment: gitEnvironment });
  const today = new Date().toISOString().slice(0, 10);
  try {
    const { dataDir, claudeDir } = await prepareSample(config.dataDir, { git, today });
    const { logLevel } = config;
    return await openServices({ dataDir, claudeDirs: [claudeDir], logLevel, gitEnvironment });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed" as const, message };
  }
}

/** Whether the database holds sessions: transcripts may be gone, and what they said is still there. */
function hasSessions(dataDir: string): boolean {
  const opened = openStore(dataDir, "read");
  if (opened.kind === "missing") return listBackups(dataDir).length > 0;
  if (opened.kind !== "opened") return true;
  using db = opened.db;
  return countSessions(db) > 0;
}
