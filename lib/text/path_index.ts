import { composed, folded, isWindowsPath, joinPath, normalPath, parentPath } from "./paths.ts";

/** A folder that was looked up in git. */
export interface KnownPath {
  path: string;
  /** The store's number of the repository that holds it, or null. */
  repository: number | null;
  /** The worktree's folder, which tracked paths start from; null where it is unknown. */
  root: string | null;
  /** Whether the folder is not there any more, under this spelling. @default {false} */
  gone?: boolean;
}

/** A user's word that a folder is now elsewhere. */
export interface Alias {
  oldPath: string;
  newPath: string;
}

/** Makes the function that gives a normalised path as aliases say it is now; of several, the longest old path counts. */
export function aliasTranslator(aliases: readonly Alias[]): (path: string) => string {
  const longestFirst = aliases
    .map(({ oldPath, newPath }) => ({
      oldPath: normalPath(oldPath),
      newPath: normalPath(newPath),
    }))
    .sort((a, b) => b.oldPath.length - a.oldPath.length);
  return (path) => {
    for (const { oldPath, newPath } of longestFirst) {
      if (path === oldPath) return newPath;
      if (path.startsWith(`${oldPath}/`)) return newPath + path.slice(oldPath.length);
    }
    return path;
  };
}

/** Where a path lies. */
export interface Location {
  repository: number;
  /** The path as the repository tracks it, as far as known: from the worktree's folder on; "" for that folder itself. */
  path: string;
}

/** A worktree that lay inside its repository, wherever tools put them. */
const INNER_WORKTREE = /^(?:.*\/)?(?:\.claude\/worktrees|\.?worktrees)\/[^/]+\/?/;

/** Knows which repository a path on this machine lies in, as far as was ever found out. */
export class PathIndex {
  #paths = new Map<string, KnownPath>();
  #folded = new Map<string, KnownPath | null>();
  readonly #translate: (path: string) => string;
  #memo = new Map<string, Location | null>();

  constructor(paths: Iterable<KnownPath>, aliases: readonly Alias[]) {
    for (const known of paths) this.#learn(known);
    this.#translate = aliasTranslator(aliases);
  }

  /**
   * Finds the repository of an absolute path, a file's or a folder's, by its nearest parent that is known.
   *
   * @returns null where no repository is known to hold it.
   */
  find(path: string): Location | null {
    const spelled = this.#translate(normalPath(path));
    const memo = this.#memo.get(spelled);
    if (memo !== undefined) return memo;
    const found = this.#search(spelled);
    this.#memo.set(spelled, found);
    return found;
  }

  #learn(known: KnownPath): void {
    const path = normalPath(known.path);
    this.#paths.set(path, known);
    this.#learnFolded(folded(path), known);
    if (known.repository === null || known.root === null) return;
    const root = normalPath(known.root);
    if (root !== path && !this.#paths.has(root)) this.#learn({ ...known, path: root });
  }

  /** Of spellings that differ in case or in Unicode form, the one that leads to a repository counts; null where several do. */
  #learnFolded(path: string, known: KnownPath): void {
    const other = this.#folded.get(path);
    if (other === undefined || (other !== null && other.repository === null)) {
      this.#folded.set(path, known);
    } else if (known.repository !== null && known.repository !== other?.repository) {
      this.#folded.set(path, null);
    }
  }

  #search(path: string): Location | null {
    for (let folder = path;; folder = parentPath(folder)) {
      const exact = this.#paths.get(folder);
      const lost = exact === undefined || (exact.repository === null && exact.gone === true);
      const known = lost ? this.#folded.get(folded(folder)) ?? exact : exact;
      if (known !== undefined && known !== null) {
        return known.repository === null
          ? null
          : { repository: known.repository, path: inside(known, path) };
      }
      if (folder === "/" || !folder.includes("/")) return null;
    }
  }
}

function inside(known: KnownPath, path: string): string {
  let root = normalPath(known.root ?? known.path);
  if (!path.startsWith(root)) [root, path] = [composed(root), composed(path)];
  const under = path.slice(0, root.length).toLowerCase() === root.toLowerCase();
  const rest = under ? path.slice(root.length).replace(/^\//, "") : "";
  return rest.replace(INNER_WORKTREE, "");
}

/** An event's path, absolute: what it names, else where it stood. */
export function absolutePath(path: string, cwd: string | null): string | null {
  return isWindowsPath(path) || path.startsWith("/") ? normalPath(path) : joinPath(cwd, path);
}
