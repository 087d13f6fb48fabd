import type { GitRunner } from "../git/calls.ts";
import { fastImportStream } from "./fast_import.ts";
import { MARA, type World } from "./world.ts";

/** The hashes that git gave a history's commits, by mark. */
export type Hashes = ReadonlyMap<number, string>;

/**
 * Makes a repository of each history, with its worktrees, and one that git refuses to read.
 *
 * @returns The hashes of each repository's commits, by its name.
 */
export async function writeRepositories(
  world: World,
  git: GitRunner,
): Promise<Map<string, Hashes>> {
  const names = [...world.workshops.keys()];
  const hashes = await Promise.all(names.map((name) => writeRepository(world, { name, git })));
  for (const { repo, folder, branch } of world.worktrees) {
    await must(git, ["worktree", "add", "-q", folder, branch], world.folder(repo));
  }
  await writeBroken(world.folder("moorings"), git);
  return new Map(names.map((name, i) => [name, hashes[i]]));
}

async function writeRepository(
  world: World,
  { name, git }: { name: string; git: GitRunner },
): Promise<Hashes> {
  const folder = world.folder(name);
  await initialise(folder, git);
  const marks = `${folder}/.git/sample-marks`;
  await must(git, ["fast-import", "--quiet", `--export-marks=${marks}`], folder, {
    input: fastImportStream(world.workshop(name).history),
  });
  await must(git, ["reset", "-q", "--hard", "main"], folder);
  const lines = (await Deno.readTextFile(marks)).trimEnd().split("\n");
  await Deno.remove(marks);
  return new Map(lines.map((line) => {
    const [mark, hash] = line.slice(1).split(" ");
    return [Number(mark), hash];
  }));
}

async function initialise(folder: string, git: GitRunner): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await must(git, ["init", "-q", "-b", "main", "--object-format=sha1", "--template=", "."], folder);
  const user = `[user]\n\tname = ${MARA.name}\n\temail = ${MARA.email}\n`;
  await Deno.writeTextFile(`${folder}/.git/config`, user, { append: true });
}

/** A repository whose configuration was cut off in the middle of a line. */
async function writeBroken(folder: string, git: GitRunner): Promise<void> {
  await initialise(folder, git);
  await Deno.writeTextFile(`${folder}/.git/config`, '[remote "ori', { append: true });
  await Deno.writeTextFile(`${folder}/moorings.ts`, "export interface Mooring {}\n");
}

async function must(
  git: GitRunner,
  args: string[],
  cwd: string,
  options: { input?: string } = {},
): Promise<void> {
  const outcome = await git.run(args, { cwd, ...options });
  if (outcome.kind === "ok") return;
  const reason = outcome.kind === "failed" ? outcome.stderr.trim() : outcome.kind;
  throw new Error(`Cannot make the sample's repository ${cwd}: git ${args[0]}: ${reason}`);
}
