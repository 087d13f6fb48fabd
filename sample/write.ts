import type { GitRunner } from "../lib/git/run/runner.ts";
import type { History, Person, PlannedCommit, Tree } from "./history.ts";
import { withHashes } from "./session.ts";
import { MARA, type TranscriptPages, type World } from "./world.ts";

/** The team's time zone. */
const ZONE = "+0100";
const SCRATCH = "refs/sample/scratch";

/**
 * Writes a history as a stream for `git fast-import`, commits that no branch holds any more included.
 */
function fastImportStream(history: History): string {
  const trees = new Map<number, Tree>();
  const parts: string[] = ["feature done\n"];
  for (const commit of history.commits) {
    parts.push(commitCommand(commit, trees.get(commit.parents[0]) ?? new Map()));
    trees.set(commit.mark, commit.tree);
  }
  for (const [branch, mark] of history.branches) {
    parts.push(`reset refs/heads/${branch}\nfrom :${mark}\n\n`);
  }
  for (const [tag, mark] of history.tags) parts.push(`reset refs/tags/${tag}\nfrom :${mark}\n\n`);
  parts.push(`reset ${SCRATCH}\nfrom 0000000000000000000000000000000000000000\n\n`, "done\n");
  return parts.join("");
}

function commitCommand(commit: PlannedCommit, before: Tree): string {
  const [parent, ...others] = commit.parents;
  const changed = [...commit.tree].filter(([path, text]) => before.get(path) !== text);
  return [
    `commit ${SCRATCH}\nmark :${commit.mark}\n`,
    `author ${signature(commit.author, commit.authorAt)}\n`,
    `committer ${signature(commit.author, commit.committerAt)}\n`,
    data(commit.message),
    parent === undefined ? "" : `from :${parent}\n`,
    ...others.map((other) => `merge :${other}\n`),
    ...changed.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    "\n",
  ].join("");
}

function signature({ name, email }: Person, at: number): string {
  return `${name} <${email}> ${Math.floor(at / 1000)} ${ZONE}`;
}

function data(text: string): string {
  return `data ${new TextEncoder().encode(text).length}\n${text}\n`;
}

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

/**
 * Writes every transcript below `projects` in `claudeDir`, with the hashes that git gave.
 *
 * @param options.hashesOf The hashes of the repository that a folder belongs to.
 */
export async function writeTranscripts(
  world: World,
  options: { claudeDir: string; hashesOf: (cwd: string) => Hashes },
): Promise<void> {
  for (const pages of world.transcripts) {
    const { path, folder } = place(pages, options.claudeDir);
    await Deno.mkdir(folder, { recursive: true });
    const lines = pages.lines.map((line) => JSON.stringify(line) + "\n").join("");
    await Deno.writeTextFile(path, withHashes(lines, options.hashesOf(pages.cwd)));
    if (pages.agent === null) continue;
    const meta = JSON.stringify({ agentType: "general-purpose" });
    await Deno.writeTextFile(path.replace(/\.jsonl$/, ".meta.json"), meta + "\n");
  }
}

function place(pages: TranscriptPages, claudeDir: string): { path: string; folder: string } {
  const project = `${claudeDir}/projects/${pages.cwd.replace(/[^a-zA-Z0-9]/g, "-")}`;
  if (pages.agent === null) return { folder: project, path: `${project}/${pages.sessionId}.jsonl` };
  const folder = `${project}/${pages.sessionId}/subagents`;
  return { folder, path: `${folder}/agent-${pages.agent}.jsonl` };
}
