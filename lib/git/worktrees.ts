/** The names of the linked worktrees that a repository keeps records of, sorted. */
export async function listWorktreeNames(commonDir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(`${commonDir}/worktrees`)) {
      if (isDirectory) names.push(name);
    }
  } catch {
    return [];
  }
  return names.sort();
}
