import { isWindowsPath, normalPath, parentPath } from "../../text/paths.ts";
import { explainFailure, explainUnreadable, saysNotARepository } from "../run/failure.ts";
import type { GitRunner } from "../run/runner.ts";
import { FolderProbe } from "./folder_probe.ts";

/**
 * What a folder is to git. Every kind but `repository` is an expected outcome, not an error.
 */
export type FolderOutcome =
  | ({ kind: "repository" } & RepositoryIdentity)
  /** The folder exists and no repository holds it. */
  | { kind: "notARepository" }
  /** The folder is gone, and no parent of it that still exists is a repository. */
  | { kind: "gone" }
  /** The folder or its git directory cannot be read. */
  | { kind: "unreadable"; message: string }
  /** The repository at `top` belongs to another user, and git refuses it until `safe.directory` allows it. */
  | { kind: "notOwned"; message: string; top: string }
  /** A git directory is there, at `top`, and git cannot use it. */
  | { kind: "corrupt"; message: string; top: string }
  /** git or the file system did not answer in time. */
  | { kind: "timeout" };

/** One git common directory with what tells it apart, and where the path asked for lies in it. */
export interface RepositoryIdentity {
  /** The canonical path of the common directory: the repository's identity. */
  commonDir: string;
  /** The main worktree's folder, or the git directory of a bare repository. */
  path: string;
  /** The canonical folder of the worktree that holds, or held, the path asked for; null for a bare repository. */
  worktree: string | null;
  /** The path asked for, as seen from `worktree`; "" for that folder itself. */
  inside: string;
  bare: boolean;
  /** The path asked for no longer exists; this repository was found at a parent of it. */
  pathGone: boolean;
}

/** A repository as seen from a folder at its top. */
export type KnownRepository = Omit<RepositoryIdentity, "inside" | "pathGone">;

/** The top of a repository, as found once for all the folders below it. */
type Top =
  | ({ kind: "repository" } & KnownRepository)
  | { kind: "notHere" }
  | Exclude<FolderOutcome, { kind: "repository" }>;

/** Worktrees that tools make inside the repository, and remove again. */
const INNER_WORKTREE = /^((?:.*\/)?(?:\.claude\/worktrees|\.?worktrees)\/[^/]+)(?:\/(.*))?$/;

/** No system opens a longer path. */
const LONGEST_PATH = 32_768;

/**
 * Tells which repository holds a folder, one resolver for all folders of a sync: whatever they have in common is
 * looked at once, and git is asked once for every folder that has a `.git` of its own.
 */
export class FolderResolver {
  #runner: GitRunner;
  #signal: AbortSignal | undefined;
  #probe: FolderProbe;
  #timeoutMs: number;
  #tops = new Map<string, Promise<Top>>();

  /**
   * @param options.timeoutMs How long git may take to answer. @default {10_000}
   * @param options.known Repositories that git told of before, by the folder it was asked in.
   */
  constructor(
    runner: GitRunner,
    { signal, probe = new FolderProbe(), timeoutMs = 10_000, known = [] }: {
      signal?: AbortSignal;
      probe?: FolderProbe;
      timeoutMs?: number;
      known?: Iterable<[string, KnownRepository]>;
    } = {},
  ) {
    this.#runner = runner;
    this.#signal = signal;
    this.#probe = probe;
    this.#timeoutMs = timeoutMs;
    for (const [folder, repository] of known) {
      this.#tops.set(folder, Promise.resolve({ kind: "repository", ...repository }));
    }
  }

  /**
   * Finds the repository of an absolute path, spelled as any system spells it, whether it still exists or not.
   *
   * @throws {DOMException} If the signal is aborted.
   * @throws {Error} If there is no git to ask.
   */
  async resolve(folder: string): Promise<FolderOutcome> {
    const path = toLocalPath(folder);
    if (path === null) return { kind: "gone" };
    const existing = await this.#nearestFolder(path);
    if (typeof existing !== "string") return existing;
    const real = await this.#probe.realPath(existing);
    if (real === null) return unreadable(existing);
    const top = await this.#topAbove(real);
    if (top.kind !== "repository") {
      return top.kind === "notARepository" && existing !== path ? { kind: "gone" } : top;
    }
    const tail = path.slice(existing === "/" ? 1 : existing.length + 1);
    return placed(top, { real, tail });
  }

  async #nearestFolder(path: string): Promise<string | FolderOutcome> {
    for (let at = path;; at = parentPath(at)) {
      const entry = await this.#probe.entry(at);
      if (entry === "folder") return at;
      if (entry === "timeout") return { kind: "timeout" };
      if (entry === "unreadable") return unreadable(at);
      if (at === "/") return { kind: "gone" };
    }
  }

  async #topAbove(real: string): Promise<Exclude<Top, { kind: "notHere" }>> {
    let corrupt: Top | null = null;
    for (let at = real;; at = parentPath(at)) {
      const mark = await this.#probe.mark(at);
      if (mark === "timeout") return { kind: "timeout" };
      if (mark !== "none") {
        const top = await this.#top(at);
        // As git does, look further up past a `.git` that is none, but remember it.
        if (top.kind === "notHere") corrupt ??= unusable(at);
        else return top;
      }
      if (at === "/") return corrupt ?? { kind: "notARepository" };
    }
  }

  #top(folder: string): Promise<Top> {
    let top = this.#tops.get(folder);
    if (top === undefined) {
      top = this.#ask(folder);
      this.#tops.set(folder, top);
    }
    return top;
  }

  async #ask(folder: string): Promise<Top> {
    const outcome = await this.#runner.run(
      ["rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--git-common-dir", "--git-dir"],
      {
        cwd: folder,
        ceiling: parentPath(folder),
        signal: this.#signal,
        timeoutMs: this.#timeoutMs,
      },
    );
    switch (outcome.kind) {
      case "ok":
        return await this.#read(new TextDecoder().decode(outcome.stdout), folder);
      case "failed":
        return await this.#complaint(outcome.stderr, folder);
      case "aborted":
        throw this.#signal?.reason ?? new DOMException("Aborted", "AbortError");
      case "timeout":
        return { kind: "timeout" };
      case "tooLarge":
        return unusable(folder);
      case "gitMissing":
        throw new Error(outcome.message);
      default:
        return outcome satisfies never;
    }
  }

  async #read(stdout: string, folder: string): Promise<Top> {
    const [isBare, isInside] = stdout.split("\n", 2);
    const paths = stdout.slice(isBare.length + isInside.length + 2).replace(/\n$/, "");
    const dirs = splitDirs(paths);
    if (dirs === null) return unusable(folder);
    const commonDir = await this.#probe.realPath(below(folder, dirs.common));
    if (commonDir === null) return unusable(folder);
    const bare = isBare === "true";
    const inside = isInside === "true";
    return {
      kind: "repository",
      commonDir,
      path: mainFolder({ commonDir, bare, linked: dirs.linked, seen: inside ? null : folder }),
      worktree: bare ? null : inside ? parentPath(commonDir) : folder,
      bare,
    };
  }

  async #complaint(stderr: string, folder: string): Promise<Top> {
    if (saysNotARepository(stderr)) {
      return (await this.#prunedWorktree(folder)) ?? { kind: "notHere" };
    }
    const { code, message } = explainFailure({ kind: "failed", code: 128, stderr }, folder);
    if (code === "unreadable") return { kind: "unreadable", message };
    return { kind: code === "notOwned" ? "notOwned" : "corrupt", message, top: folder };
  }

  /** A worktree that its repository has forgotten still names the repository. */
  async #prunedWorktree(folder: string): Promise<Top | null> {
    let text: string;
    try {
      const { isFile, size } = await Deno.lstat(`${folder}/.git`);
      if (!isFile || size > 65_536) return null;
      text = await Deno.readTextFile(`${folder}/.git`);
    } catch {
      return null;
    }
    const commonDir = /^gitdir: (.+)\/worktrees\/[^/]+\n?$/s.exec(text)?.[1];
    if (commonDir === undefined) return null;
    const real = await this.#probe.realPath(below(folder, commonDir));
    if (real === null) return null;
    if ((await this.#probe.mark(real)) !== "gitDirectory") return null;
    const top = await this.#top(real);
    return top.kind === "repository" ? { ...top, worktree: folder } : null;
  }
}

/** A folder's path as this machine would spell it; null where it can't be on this machine. */
export function toLocalPath(folder: string): string | null {
  if (folder.length > LONGEST_PATH || folder.includes("\0")) return null;
  const path = normalPath(folder);
  if (path.startsWith("/") && !isWindowsPath(folder)) return path;
  // In WSL the drives of Windows are below /mnt.
  const drive = /^([A-Z]):\/?(.*)$/s.exec(path);
  return drive === null ? null : normalPath(`/mnt/${drive[1].toLowerCase()}/${drive[2]}`);
}

function placed(
  top: Extract<Top, { kind: "repository" }>,
  { real, tail }: { real: string; tail: string },
): FolderOutcome {
  const pathGone = tail !== "";
  const base = top.worktree ?? real;
  const known = real.startsWith(`${base}/`) ? real.slice(base.length + 1) : "";
  const inside = [known, tail].filter((part) => part !== "").join("/");
  // A bare repository has no files of its own: what lay beside it was a worktree.
  const removed = (top.bare ? /^([^/]+)(?:\/(.*))?$/ : INNER_WORKTREE).exec(inside);
  if (!pathGone || removed === null) return { ...top, inside, pathGone };
  return { ...top, worktree: `${base}/${removed[1]}`, inside: removed[2] ?? "", pathGone };
}

/** The two paths that git printed one below the other; a path may hold a line break of its own. */
function splitDirs(paths: string): { common: string; linked: boolean } | null {
  for (let at = paths.indexOf("\n"); at !== -1; at = paths.indexOf("\n", at + 1)) {
    const common = paths.slice(0, at);
    const own = paths.slice(at + 1);
    if (own === common) return { common, linked: false };
    if (own.startsWith(`${common}/worktrees/`)) return { common, linked: true };
  }
  return null;
}

function mainFolder(
  { commonDir, bare, linked, seen }: {
    commonDir: string;
    bare: boolean;
    linked: boolean;
    seen: string | null;
  },
): string {
  if (bare) return commonDir;
  if (commonDir.endsWith("/.git")) return parentPath(commonDir);
  return linked || seen === null ? commonDir : seen;
}

function below(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

function unreadable(folder: string): Extract<FolderOutcome, { kind: "unreadable" }> {
  return { kind: "unreadable", message: explainUnreadable(folder).message };
}

function unusable(folder: string): Extract<FolderOutcome, { kind: "corrupt" }> {
  const message = `${folder} has a git directory that git does not recognise.`;
  return { kind: "corrupt", message, top: folder };
}
