/** What a repository's files say of its worktrees without asking git. */
export interface WorktreeRecords {
  /** The names of the linked worktrees, sorted. */
  linked: string[];
  /** Whether a HEAD may name a commit that no branch does. */
  detached: boolean;
  /** Whether reflogs are kept. */
  reflogs: boolean;
}

/** Reads what a repository's common directory says of its worktrees. What cannot be read is taken to be there. */
export async function readWorktreeRecords(commonDir: string): Promise<WorktreeRecords> {
  const [linked, head, reflogs, reftable] = await Promise.all([
    namesIn(`${commonDir}/worktrees`),
    Deno.readTextFile(`${commonDir}/HEAD`).catch(() => ""),
    exists(`${commonDir}/logs`),
    exists(`${commonDir}/reftable`),
  ]);
  return {
    linked,
    detached: linked.length > 0 || reftable || !head.startsWith("ref: refs/heads/"),
    reflogs: reflogs || reftable,
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) names.push(name);
    }
  } catch {
    return [];
  }
  return names.sort();
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
