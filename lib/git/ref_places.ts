/** The folders of a repository in which files change whenever a ref does. */
export interface RefPlaces {
  /** Folders whose own files tell. */
  folders: string[];
  /** Folders that tell with everything below them. */
  trees: string[];
}

/** Finds the folders to watch for a repository's refs: what the fingerprint reads lies in them. */
export async function findRefPlaces(commonDir: string): Promise<RefPlaces> {
  const worktrees = await foldersIn(`${commonDir}/worktrees`);
  const folders = [
    commonDir,
    `${commonDir}/refs`,
    `${commonDir}/reftable`,
    `${commonDir}/worktrees`,
    ...worktrees,
    ...worktrees.map((folder) => `${folder}/reftable`),
  ];
  const trees = ["heads", "remotes", "tags"].map((kind) => `${commonDir}/refs/${kind}`);
  return { folders: await existing(folders), trees: await existing(trees) };
}

const REF_FILE =
  /[\\/](?:HEAD|packed-refs|config|shallow|gitdir|tables\.list)$|[\\/]refs[\\/](?!.*\.lock$)/;
const REF_PLACE =
  /[\\/](?:refs|worktrees|reftable)$|[\\/]refs[\\/](?:heads|remotes|tags)$|[\\/]worktrees[\\/][^\\/]+$/;

/** Whether a change of this path, in one of the {@linkcode RefPlaces}, can be one of refs. Locks and indexes are none. */
export function isOfRefs(path: string): boolean {
  return REF_FILE.test(path) || REF_PLACE.test(path);
}

/** Whether this path, if it came or went, makes for other {@linkcode RefPlaces}. */
export function isRefPlace(path: string): boolean {
  return REF_PLACE.test(path);
}

async function existing(folders: string[]): Promise<string[]> {
  const found = await Promise.all(folders.map(isFolder));
  return folders.filter((_, i) => found[i]);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) found.push(`${folder}/${name}`);
    }
  } catch {
    return [];
  }
  return found.sort();
}
