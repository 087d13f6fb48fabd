/** Whether a path leads to a folder that may be looked at, through links too. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** {@linkcode isFolder} without holding up the thread, as a folder on a network may. */
export async function isFolderAsync(
  path: string,
  { followLinks = true }: { followLinks?: boolean } = {},
): Promise<boolean> {
  try {
    return (await (followLinks ? Deno.stat(path) : Deno.lstat(path))).isDirectory;
  } catch {
    return false;
  }
}

/** Whether something is at a path; a link that leads nowhere is something. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The names of what is in a folder, in order; none if the folder is gone.
 *
 * @throws The system's error if the folder cannot be read.
 */
export function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
