import { parentPath } from "../../text/paths.ts";

/** What is at a path. */
export type Entry = "folder" | "other" | "missing" | "unreadable" | "timeout";

/** What makes a folder look like the top of a repository. */
export type Mark = "worktree" | "gitDirectory" | "none";

/** The calls of the file system that finding a repository takes; tests of dead mounts bring their own. */
export type FileSystem = Pick<typeof Deno, "stat" | "lstat" | "realPath">;

/** How long the file system may take to answer: longer than a sleeping disk, shorter than a dead mount. */
const ANSWER_MS = 5_000;

/**
 * Looks at folders and remembers what it saw: many sessions worked below the same parents. No call of it waits
 * for a dead mount for long, and none asks the same mount twice.
 */
export class FolderProbe {
  #fs: FileSystem;
  #answerMs: number;
  #entries = new Map<string, Promise<Entry>>();
  #marks = new Map<string, Promise<Mark | "timeout">>();

  /** @param options.answerMs How long the file system may take to answer. @default {5_000} */
  constructor({ fs = Deno, answerMs = ANSWER_MS }: { fs?: FileSystem; answerMs?: number } = {}) {
    this.#fs = fs;
    this.#answerMs = answerMs;
  }

  /** What is at `path`, links followed. */
  entry(path: string): Promise<Entry> {
    return remembered(this.#entries, path, () => this.#look(path));
  }

  /** Whether `folder`, a canonical path, is the top of a worktree or a git directory itself. */
  mark(folder: string): Promise<Mark | "timeout"> {
    return remembered(this.#marks, folder, async () => {
      const at = folder === "/" ? "" : folder;
      const dotGit = await this.#answer(() => this.#fs.lstat(`${at}/.git`));
      if (dotGit === "timeout") return dotGit;
      if (dotGit !== null) {
        if (dotGit.isDirectory) this.#entries.set(`${at}/.git`, Promise.resolve("folder"));
        return "worktree";
      }
      if ((await this.entry(`${at}/HEAD`)) !== "other") return "none";
      const parts = await Promise.all([this.entry(`${at}/objects`), this.entry(`${at}/refs`)]);
      return parts.every((part) => part === "folder") ? "gitDirectory" : "none";
    });
  }

  /** The canonical spelling of a path that exists, or null where that cannot be told. */
  async realPath(path: string): Promise<string | null> {
    const real = await this.#answer(() => this.#fs.realPath(path));
    return real === "timeout" ? null : real;
  }

  async #look(path: string): Promise<Entry> {
    if (path.includes("\0")) return "missing";
    const parent = parentPath(path);
    if (parent !== path) {
      // What many gone folders have in common is asked for once.
      const above = await this.entry(parent);
      if (above === "other") return "missing";
      if (above !== "folder") return above;
    }
    try {
      const info = await this.#inTime(this.#fs.stat(path));
      if (info === "timeout") return info;
      return info.isDirectory ? "folder" : "other";
    } catch (error) {
      return entryOf(error);
    }
  }

  async #answer<Value>(ask: () => Promise<Value>): Promise<Value | "timeout" | null> {
    try {
      return await this.#inTime(ask());
    } catch {
      return null;
    }
  }

  async #inTime<Value>(asked: Promise<Value>): Promise<Value | "timeout"> {
    const { promise, resolve } = Promise.withResolvers<"timeout">();
    const timer = setTimeout(() => resolve("timeout"), this.#answerMs);
    try {
      return await Promise.race([asked, promise]);
    } finally {
      clearTimeout(timer);
      asked.catch(() => {});
    }
  }
}

function entryOf(error: unknown): Entry {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return "missing";
  }
  // A name too long for the file system was never there, however the path came to be written down.
  if (error instanceof Error && /too long/i.test(error.message)) return "missing";
  return "unreadable";
}

function remembered<Value>(
  memo: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  let value = memo.get(key);
  if (value === undefined) {
    value = make();
    memo.set(key, value);
  }
  return value;
}
