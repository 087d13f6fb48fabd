import { exists } from "../../fs/files.ts";
import { errorMessage } from "../../text/errors.ts";
import {
  childEnvironment,
  gitCandidates,
  type GitEnvironment,
  GLOBAL_OPTIONS,
} from "./environment.ts";

/** What every call of git may be told. */
export interface GitOptions {
  /** The folder that git works in: a worktree's, or a bare repository's git directory. Without it, `/`. */
  cwd?: string;
  /** Parents that git must not look for a repository in or above. */
  ceiling?: string;
  signal?: AbortSignal;
  /** The longest that the call may take. @default {30_000} */
  timeoutMs?: number;
  /** What git reads; without it, nothing. */
  input?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** What `run` may be told besides. */
export interface RunOptions extends GitOptions {
  /** How much output is taken before the call is given up. @default {67_108_864} */
  maxBytes?: number;
}

/** What `stream` may be told besides. */
export interface StreamOptions extends Omit<GitOptions, "timeoutMs"> {
  /** The longest that the whole call may take. @default {600_000} */
  timeoutMs?: number;
  /** The longest that git may stay silent while it is being read from. @default {60_000} */
  idleMs?: number;
}

/** How a call of git ended, when not well. */
export type GitFailure =
  /** git said no: its exit code, and the first 16 KB of what it said. */
  | { kind: "failed"; code: number; stderr: string }
  /** git took too long, or was silent for too long, and was killed. */
  | { kind: "timeout" }
  /** `signal` was aborted; git was killed. */
  | { kind: "aborted" }
  /** git said more than `maxBytes` and was killed. */
  | { kind: "tooLarge" }
  /** There is no git on this machine, or we may not run it. */
  | { kind: "gitMissing"; message: string };

/** How a call of git ended. `stderr` may hold warnings. */
export type GitEnd = { kind: "ok"; stderr: string } | GitFailure;

/** How a call of git ended, with what it said. */
export type GitOutcome = { kind: "ok"; stdout: Uint8Array; stderr: string } | GitFailure;

/** A call of git whose output is read while it runs. git waits while nobody reads. */
export interface GitStream extends AsyncIterable<Uint8Array> {
  /** Resolves once git has ended and was reaped. Leaving the iteration early kills git: `aborted`. */
  readonly ended: Promise<GitEnd>;
}

/** Runs git, and nothing that a repository's configuration names. */
export interface GitRunner {
  /** Runs git to its end and gives all that it said. */
  run(args: readonly string[], options?: RunOptions): Promise<GitOutcome>;
  /** Runs git and gives its output piece by piece. */
  stream(args: readonly string[], options?: StreamOptions): GitStream;
}

/** Puts pieces of bytes one behind the other; one alone is given back as it is. */
export function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Lets at most so many tasks run at once; the others wait in the order they came. */
class Semaphore {
  #free: number;
  #waiting: (() => void)[] = [];

  /** @throws {RangeError} If `limit` is not a positive integer. */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot run ${limit} tasks at once: the limit must be 1 or more`);
    }
    this.#free = limit;
  }

  /**
   * Waits for a turn. Who got one gives it back by calling what this resolves with, once.
   *
   * @returns null if `signal` was aborted before there was a turn.
   */
  async acquire(signal?: AbortSignal): Promise<(() => void) | null> {
    if (signal?.aborted) return null;
    if (this.#free > 0) this.#free--;
    else if (!(await this.#wait(signal))) return null;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }

  #wait(signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const turn = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve(true);
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        resolve(false);
      };
      this.#waiting.push(turn);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}

/** How a runner is made. */
export interface GitRunnerOptions {
  /** Our environment, as far as git gets to see it. */
  environment: GitEnvironment;
  /** How many children may run at once. @default {4} */
  parallel?: number;
}

const STDERR_BYTES = 16_384;
const KILL_AFTER_MS = 1_000;
const FORGET_AFTER_MS = 2_000;

/**
 * Makes the one thing that starts processes.
 *
 * Each child gets an environment of a few fixed variables, no terminal, no shell, no network, and options that override
 * whatever the repository configures. It is killed when its time is over or its signal aborted, and always waited for.
 */
export function createGitRunner({ environment, parallel = 4 }: GitRunnerOptions): GitRunner {
  const turns = new Semaphore(parallel);
  const env = childEnvironment(environment);
  let program: Promise<string | null> | null = null;

  async function* output(
    args: readonly string[],
    { options, end }: { options: StreamOptions; end: (outcome: GitEnd) => void },
  ): AsyncGenerator<Uint8Array> {
    let outcome: GitEnd = { kind: "aborted" };
    const release = await turns.acquire(options.signal);
    try {
      if (release === null) return;
      program ??= findGit(environment);
      const git = await program;
      if (git === null) {
        program = null;
        outcome = { kind: "gitMissing", message: GIT_MISSING };
        return;
      }
      const child = spawn(git, { args, options, env });
      if (!(child instanceof Child)) {
        outcome = child;
        return;
      }
      try {
        yield* child.output(options.idleMs ?? 60_000);
      } finally {
        outcome = await child.end();
      }
    } finally {
      release?.();
      end(outcome);
    }
  }

  function stream(args: readonly string[], options: StreamOptions = {}): GitStream {
    const { promise: ended, resolve: end } = Promise.withResolvers<GitEnd>();
    return { ended, [Symbol.asyncIterator]: () => output(args, { options, end }) };
  }

  async function run(args: readonly string[], options: RunOptions = {}): Promise<GitOutcome> {
    const { maxBytes = 67_108_864, timeoutMs = 30_000 } = options;
    const reading = stream(args, { ...options, timeoutMs, idleMs: timeoutMs });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of reading) {
      size += chunk.byteLength;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
    const outcome = await reading.ended;
    if (size > maxBytes && outcome.kind === "aborted") return { kind: "tooLarge" };
    if (outcome.kind !== "ok") return outcome;
    return { ...outcome, stdout: joined(chunks, size) };
  }

  return { run, stream };
}

const GIT_MISSING = "git was not found in PATH. Install git and sync again.";

function spawn(
  git: string,
  { args, options, env }: {
    args: readonly string[];
    options: StreamOptions;
    env: Record<string, string>;
  },
): Child | GitFailure {
  const { cwd, ceiling, signal, timeoutMs = 600_000, input } = options;
  try {
    // git itself enters the repository: started inside it, a program there could be taken for git.
    const process = new Deno.Command(git, {
      args: [...(cwd === undefined ? [] : ["-C", cwd]), ...GLOBAL_OPTIONS, ...args],
      cwd: "/",
      clearEnv: true,
      env: ceiling === undefined ? env : { ...env, GIT_CEILING_DIRECTORIES: ceiling },
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new Child(process, { signal, timeoutMs, input });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      return { kind: "gitMissing", message: `git cannot be run: ${errorMessage(error)}` };
    }
    const message = exists(git)
      ? `${git} cannot be started: the program that it is run by is not there. ` +
        "Repair or remove that file, or put another git before it in PATH, and sync again."
      : GIT_MISSING;
    return { kind: "gitMissing", message };
  }
}

async function findGit(environment: GitEnvironment): Promise<string | null> {
  for (const candidate of gitCandidates(environment)) {
    try {
      const { isFile, mode } = await Deno.stat(candidate);
      if (isFile && (mode === null || (mode & 0o111) !== 0)) return candidate;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return null;
}

/** A running git: fed, watched, killed when it must end, and waited for. */
class Child {
  #process: Deno.ChildProcess;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #stderr: Promise<string>;
  #stdin: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #why: "aborted" | "timeout" | null = null;
  #ended = false;
  #timer: ReturnType<typeof setTimeout>;
  #killer: ReturnType<typeof setTimeout> | undefined;
  #signal: AbortSignal | undefined;
  #onAbort = () => this.#stop("aborted");

  constructor(
    process: Deno.ChildProcess,
    { signal, timeoutMs, input }: Pick<StreamOptions, "signal" | "input"> & { timeoutMs: number },
  ) {
    this.#process = process;
    this.#reader = process.stdout.getReader();
    this.#stderr = readStart(process.stderr);
    if (input !== undefined) {
      this.#stdin = process.stdin.getWriter();
      feed(this.#stdin, input);
    }
    this.#timer = setTimeout(() => this.#stop("timeout"), timeoutMs);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted) this.#stop("aborted");
  }

  async *output(idleMs: number): AsyncGenerator<Uint8Array> {
    while (this.#why === null) {
      const idle = setTimeout(() => this.#stop("timeout"), idleMs);
      const { done, value } = await this.#reader.read().finally(() => clearTimeout(idle));
      if (done) {
        this.#ended = true;
        return;
      }
      if (this.#why === null) yield value;
    }
  }

  /** Kills git unless its output has ended, waits for it, and says how it went. */
  async end(): Promise<GitEnd> {
    if (!this.#ended) this.#stop("aborted");
    await this.#reader.cancel().catch(() => {});
    const status = await this.#reaped();
    clearTimeout(this.#timer);
    clearTimeout(this.#killer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await this.#stdin?.abort().catch(() => {});
    if (this.#why !== null) return { kind: this.#why };
    const stderr = await this.#stderr;
    if (status === null) return { kind: "timeout" };
    return status.success ? { kind: "ok", stderr } : { kind: "failed", code: status.code, stderr };
  }

  /** Waits for the process; null for one that even SIGKILL does not end, as on a dead mount. */
  async #reaped(): Promise<Deno.CommandStatus | null> {
    const forgotten = Promise.withResolvers<null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = () => {
      timer = setTimeout(() => forgotten.resolve(null), KILL_AFTER_MS + FORGET_AFTER_MS);
    };
    if (this.#why !== null) forget();
    else this.#onStopped = forget;
    try {
      const status = await Promise.race([this.#process.status, forgotten.promise]);
      if (status === null) this.#process.unref();
      return status;
    } finally {
      clearTimeout(timer);
    }
  }

  #onStopped = () => {};

  #stop(why: "aborted" | "timeout"): void {
    if (this.#why !== null) return;
    this.#why = why;
    this.#kill("SIGTERM");
    this.#killer = setTimeout(() => this.#kill("SIGKILL"), KILL_AFTER_MS);
    this.#reader.cancel().catch(() => {});
    this.#onStopped();
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Reads a stream to its end and keeps its start. */
async function readStart(stream: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      if (size < STDERR_BYTES) chunks.push(chunk.subarray(0, STDERR_BYTES - size));
      size = Math.min(size + chunk.byteLength, STDERR_BYTES);
    }
  } catch {
    // What was read until then is all there is.
  }
  return new TextDecoder().decode(joined(chunks, size)).trim();
}

/** Writes all of `input`, or as much as git reads. Once the writer is aborted, `input` is asked for no more. */
async function feed(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  input: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    if (typeof input === "string") await writer.write(new TextEncoder().encode(input));
    else if (input instanceof Uint8Array) await writer.write(input);
    else for await (const chunk of input) await writer.write(chunk);
    await writer.close();
  } catch {
    // git stopped reading; its exit code says why.
    await writer.abort().catch(() => {});
  }
}

/** Where a repository is, for a call of git. */
export interface GitDir {
  /** The folder that git works in. */
  cwd: string;
  /** Its parent, above which git looks for nothing. */
  ceiling: string;
}
