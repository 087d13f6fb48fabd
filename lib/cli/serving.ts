import type { AgentFolders, AgentSetting, Config } from "../domain/settings.ts";
import { readerOf } from "../sessions/registry.ts";
import { join } from "node:path";
import { sleep } from "../async/yield.ts";
import { readConfig, readGitEnvironment } from "../config.ts";
import { acquireLock, type LockFile, type LockOwner } from "../fs/lock_file.ts";
import type { GitReading } from "../git/read/reading.ts";
import { createGitRunner, type GitRunner } from "../git/run/runner.ts";
import { streamsOf } from "../http/streams.ts";
import { listBackups } from "../store/backup.ts";
import type { Database } from "../store/database.ts";
import { SAMPLE_FOLDER } from "../store/erase.ts";
import { openStore } from "../store/open.ts";
import { countSessions } from "../store/write/sessions.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import { openServices, type SyncServices } from "../sync/services.ts";
import { errorMessage } from "../text/errors.ts";
import { createLog, type Log } from "../text/log.ts";
import type { Call, OpenServices } from "./command.ts";
import { makeFolder } from "./with_lock.ts";

/** Whether there is a session of any agent to read. */
function hasSources(agents: readonly AgentFolders[]): boolean {
  return agents.some(({ agent, roots }) => readerOf(agent).discover(roots).sources.length > 0);
}

/** Says that there is nothing to read, to a user who may have named the wrong folders. */
export function noteWithoutSources({ config, output }: Pick<Call, "config" | "output">): void {
  if (!hasSources(config.agents)) output.log(withoutSources(config.agents));
}

/** The sentence that says where no sessions were found, and how to name other folders. */
function withoutSources(agents: readonly AgentSetting[]): string {
  const folders = agents.flatMap(({ roots }) => roots);
  const flags = agents.map(({ flag }) => flag);
  return `No agent's sessions are in ${
    folders.join(", ")
  }. If they are somewhere else, name the folder with ${flags.slice(0, -1).join(", ")} or ${
    flags.at(-1)
  }.`;
}

/** The sample workspace that is shown while there is no real one. */
export interface SampleWorkspace {
  /** Where its database is, apart from the real one. */
  dataDir: string;
  claudeDir: string;
}

/**
 * Makes the sample workspace inside a data folder, unless today's is there already.
 *
 * @throws {Error} If git is missing, or the folder cannot be written.
 */
async function prepareSample(
  dataDir: string,
  { git, today }: { git: GitRunner; today: string },
): Promise<SampleWorkspace> {
  const folder = sampleFolder(dataDir);
  const stamp = join(folder, "date");
  const workspace = join(folder, "workspace");
  const sample = { dataDir: join(folder, "data"), claudeDir: join(workspace, "claude") };
  if (readIfThere(stamp) === today) return sample;
  removeSample(dataDir);
  // Its stories are many, and few need them.
  const { buildSample } = await import("../../sample/sample.ts");
  await buildSample(workspace, { date: today, git });
  await Deno.mkdir(sample.dataDir);
  // Written last: a sample that was cut short is made again.
  await Deno.writeTextFile(stamp, today);
  return sample;
}

/** Removes the sample workspace with its database, where there is one. */
function removeSample(dataDir: string): void {
  try {
    Deno.removeSync(sampleFolder(dataDir), { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function sampleFolder(dataDir: string): string {
  return join(dataDir, SAMPLE_FOLDER);
}

function readIfThere(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}

/**
 * Opens the services once, when they are first asked for, with the settings of the environment. They stay open for as
 * long as the process lives.
 */
export function lazyServices(): () => Promise<OpenServices> {
  let opening: Promise<OpenServices> | null = null;
  return () => opening ??= open();
}

async function open(): Promise<OpenServices> {
  const settings = readConfig({});
  if (settings.kind === "invalid") throw new Error(settings.message);
  const { config } = settings;
  makeFolder(config.dataDir);
  const outcome = await openServing(config, createLog(config.logLevel));
  switch (outcome.kind) {
    case "opened":
      await outcome.serving.begin(null);
      return outcome.serving;
    case "held":
      throw new Error(`Another process owns ${config.dataDir}: stop it, or set ASCRIBE_DATA_DIR`);
    case "failed":
      throw new Error(outcome.message);
    default:
      return outcome satisfies never;
  }
}

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
   * @param ready When the other threads and the sync may begin: they would slow down the first page.
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

  /** Goes over to the real workspace once there is a session. */
  async #leaveSample(): Promise<void> {
    const sample = this.#sample;
    if (sample === null || !hasSources(this.config.agents)) return;
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
    this.#log.info("a session is there: the sample workspace is gone");
    this.#sample = null;
    this.#services = opened.services;
    sample.services.gitSync.announcements.changed(["sessions", "commits", "links"]);
    streamsOf(sample.services).closeAll("The sample workspace is gone");
    await sleep(GRACE_MS);
    await sample.services[Symbol.asyncDispose]();
    removeSample(this.config.dataDir);
    if (!this.#closed) await this.begin(this.#address);
  }
}

/** Opens the services that a server with this config has. The data folder must exist. */
export async function openServing(config: Config, log: Log): Promise<ServingOutcome> {
  if (hasSources(config.agents) || hasSessions(config.dataDir)) {
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
  const { dataDir, agents, logLevel } = config;
  return openServices({ dataDir, agents, logLevel, gitEnvironment: readGitEnvironment() });
}

async function openSample(config: Config) {
  const gitEnvironment = readGitEnvironment();
  const git = createGitRunner({ environment: gitEnvironment });
  const today = new Date().toISOString().slice(0, 10);
  try {
    const { dataDir, claudeDir } = await prepareSample(config.dataDir, { git, today });
    const { logLevel } = config;
    return await openServices({
      dataDir,
      agents: [{ agent: "claude-code", roots: [claudeDir] }],
      logLevel,
      gitEnvironment,
    });
  } catch (error) {
    const message = errorMessage(error);
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
