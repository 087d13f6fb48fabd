import type { Config } from "../domain/settings.ts";

import { join } from "node:path";
import { readGitEnvironment } from "../config.ts";
import type { CommitHash, RepositoryId, SessionId } from "../domain/ids.ts";
import { exists } from "../fs/files.ts";
import { findOwner } from "../fs/lock_file.ts";
import { FolderResolver } from "../git/locate/identity.ts";
import type { GitError } from "../git/read/queries.ts";
import { createGitReading, type GitReading } from "../git/read/reading.ts";
import { createGitRunner, type GitDir, type GitRunner } from "../git/run/runner.ts";
import { resolveCommit } from "../git/scan/refs.ts";
import type { QueryContext } from "../queries/query.ts";
import { repositoryNames } from "../queries/repositories.ts";
import { databasePath, openStore } from "../store/open.ts";
import { SAMPLE_FOLDER } from "../store/erase.ts";
import { sqliteReads } from "../store/read/sqlite_reads.ts";
import { parentPath } from "../text/paths.ts";
import { closest } from "./closest.ts";
import { type Call, CommandFailure, type Flag, type Flags, UsageError } from "./command.ts";

/** What queries of a command are answered from. Disposing of it closes the database. */
export interface ReadingContext extends QueryContext, Disposable {
  git: GitReading;
  runner: GitRunner;
  /** The folder that the command works in. */
  cwd: string;
}

/** Where what a server shows is kept: the sample's folder while there is no database but the sample's. */
function shownData(dataDir: string): string {
  const sample = join(dataDir, SAMPLE_FOLDER, "data");
  return !exists(databasePath(dataDir)) && exists(databasePath(sample)) ? sample : dataDir;
}

/**
 * Opens what queries are answered from, whether or not a server has the database open.
 *
 * @throws {CommandFailure} If there is no database, or it cannot be read.
 */
export function openReading({ config, cwd }: Pick<Call, "config" | "cwd">): ReadingContext {
  const opened = openStore(shownData(config.dataDir), "read");
  if (opened.kind !== "opened") throw new CommandFailure(opened.message);
  const { db } = opened;
  const reads = sqliteReads(db);
  const runner = createGitRunner({ environment: readGitEnvironment() });
  return {
    reads,
    machine: reads,
    git: createGitReading(runner),
    runner,
    cwd,
    sync: null,
    config,
    [Symbol.dispose]: () => db[Symbol.dispose](),
  };
}

/** The flags that every printed list takes. */
export const LIST_FLAGS: Record<string, Flag> = {
  "format": { type: "string", value: "FORMAT", help: "text or json, one item a line (text)" },
  "json": { type: "boolean", help: "the same as --format json" },
  "repository": {
    type: "string",
    value: "NAME",
    help: "one repository, by name or folder; . is the one here",
  },
};

/**
 * Tells whether a list is to be printed as JSON.
 *
 * @throws {UsageError} If `--format` is neither text nor json.
 */
export function wantsJson(flags: Flags): boolean {
  const format = flags.text("format");
  if (format !== undefined && format !== "text" && format !== "json") {
    throw new UsageError(`--format must be text or json, not ${JSON.stringify(format)}`);
  }
  return format === "json" || (format === undefined && flags.on("json"));
}

/**
 * Finds the repository that `--repository` names, by its name or its folder; undefined where nothing is said.
 *
 * @throws {UsageError} If none or several are called so.
 */
export async function repositoryOf(
  context: ReadingContext,
  name: string | undefined,
): Promise<RepositoryId | undefined> {
  if (name === undefined) return undefined;
  if (name === ".") return (await repositoryHere(context)).id;
  const all = await repositoryNames.run(context, {});
  const found = all.filter((it) => it.name === name || it.path === name);
  if (found.length === 1) return found[0].id;
  const near = closest(name, all.map((it) => it.name));
  throw new UsageError(
    found.length === 0
      ? `No repository is called ${JSON.stringify(name)}: ${
        near === null ? "ascribe repositories lists them" : `did you mean ${near}?`
      }`
      : `Several repositories are called ${name}: give the folder, ${
        found.map(({ path }) => path).join(" or ")
      }`,
  );
}

/** The repository that a command was started in. */
export interface RepositoryHere {
  id: RepositoryId;
  name: string;
  /** The main worktree's folder, or the git directory of a bare repository. */
  path: string;
  commonDir: string;
  /** Where git is run, so that paths and HEAD are those of this folder. */
  place: GitDir;
  /** The worktree's folder; null in a bare repository. */
  worktree: string | null;
  /** This folder as seen from the worktree; "" for the worktree itself. */
  inside: string;
}

/**
 * Finds the repository that a command was started in.
 *
 * @throws {UsageError} If the folder is in none.
 * @throws {CommandFailure} If it cannot be read, or nothing is stored of it.
 */
export async function repositoryHere(context: ReadingContext): Promise<RepositoryHere> {
  const { cwd } = context;
  const found = await new FolderResolver(context.runner).resolve(cwd);
  switch (found.kind) {
    case "repository":
      break;
    case "notARepository":
    case "gone":
      throw new UsageError(`${cwd} is in no git repository.`);
    case "timeout":
      throw new CommandFailure(`git did not answer in time in ${cwd}.`);
    default:
      throw new CommandFailure(found.message);
  }
  const { path, commonDir, worktree, inside } = found;
  const known = (await repositoryNames.run(context, {})).find((it) => it.path === path);
  if (known === undefined) {
    throw new CommandFailure(
      `No session is known to have worked in ${path}. Was it lately? Run ascribe sync.`,
    );
  }
  const { id, name } = known;
  const place = { cwd, ceiling: parentPath(worktree ?? commonDir) };
  return { id, name, path, commonDir, place, worktree, inside };
}

/**
 * Finds the commit that one of git's revisions names in the repository here.
 *
 * @throws {UsageError} If there is none, with the name of a branch or tag that is near.
 */
export async function commitHere(
  context: ReadingContext,
  here: Pick<RepositoryHere, "place" | "path" | "commonDir">,
  revision: string,
): Promise<CommitHash> {
  const found = await resolveCommit(context.runner, { place: here.place, revision });
  if (found.kind === "ok") return (found.value as { hash: CommitHash }).hash;
  if (found.code !== "notFound") throw gitTrouble(found);
  const { path, commonDir } = here;
  const refs = await context.git.ask({ ask: "refs", repository: { path, commonDir } });
  const names = refs.kind === "ok" ? refs.value.refs.map(({ name }) => name) : [];
  const near = closest(revision, names);
  throw new UsageError(near === null ? found.message : `${found.message} Did you mean ${near}?`);
}

/** What git could not give, as what a command ends with. */
export function gitTrouble({ code, message }: GitError): UsageError | CommandFailure {
  return code === "notFound" ? new UsageError(message) : new CommandFailure(message);
}

/** Addresses of pages of the server that runs; undefined where none does. */
export interface Pages {
  commit(hash: string): string | undefined;
  session(id: SessionId): string | undefined;
}

/** Where the running server shows commits and sessions. */
export function pagesOf({ dataDir }: Pick<Config, "dataDir">): Pages {
  const address = findOwner(dataDir)?.address ?? null;
  const page = (path: string) => address === null ? undefined : `${address}${path}`;
  return {
    commit: (hash) => page(`/commits/${hash}`),
    session: (id) => page(`/sessions/${id}`),
  };
}
