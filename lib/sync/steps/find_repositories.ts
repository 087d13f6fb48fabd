import { inParallel, type Pause } from "../../async/yield.ts";
import type { RepositoryKey } from "../../domain/ids.ts";
import type { FolderProbe } from "../../git/locate/folder_probe.ts";
import {
  type FolderOutcome,
  FolderResolver,
  type KnownRepository,
} from "../../git/locate/identity.ts";
import type { GitRunner } from "../../git/run/runner.ts";
import type { Database } from "../../store/database.ts";
import { nameDistinctly } from "../../store/write/distinct_names.ts";
import { assignRepositoryIds } from "../../store/write/repository_ids.ts";
import {
  listStoredRepositories,
  mergeRepositories,
  saveFailure,
  saveIdentity,
  type StoredRepository,
} from "../../store/write/repositories.ts";
import { listAliases } from "../../store/write/repository_aliases.ts";
import { listPaths, savePaths, type StoredPath } from "../../store/write/repository_paths.ts";
import { listUnknownFolders, refreshSessionFolders } from "../../store/write/session_folders.ts";
import { aliasTranslator } from "../../text/path_index.ts";
import { normalPath } from "../../text/paths.ts";
import { DAY_MS } from "../../time/days.ts";

/** Folders whose repository is known and still there are looked up again this often. */
const RECHECK_MS = DAY_MS;
const SESSIONS_AT_ONCE = 100;
const FOLDERS_AT_ONCE = 32;

/** What finding repositories takes. */
export interface FindDeps {
  db: Database;
  runGit: GitRunner;
  probe: FolderProbe;
  now: () => number;
}

/**
 * Looks up in git every folder that sessions named, and keeps which repository holds it. A folder that leads to no
 * repository any more keeps the one it had: what was done there was done in that one.
 */
export async function findRepositories(
  { db, runGit, probe, now }: FindDeps,
  { signal, pause }: { signal?: AbortSignal; pause: Pause },
): Promise<void> {
  while (refreshSessionFolders(db, SESSIONS_AT_ONCE) === SESSIONS_AT_ONCE) await pause();
  const known = new Map(listPaths(db).map((path) => [path.path, path]));
  const unknown = listUnknownFolders(db).filter((folder) => normalPath(folder) === folder);
  const stale = await findStale(known.values(), { probe, now: now() });
  const aliases = listAliases(db);
  const translate = aliasTranslator(aliases);
  const tops = knownTops(db, { paths: known.values(), now: now() });
  const resolver = new FolderResolver(runGit, { signal, probe, known: tops });
  const folders = [...unknown, ...stale].sort();
  const outcomes = new Map<string, FolderOutcome>();
  let settled = 0;
  let resolved: StoredPath[] = [];
  const save = () => {
    const paths = resolved;
    resolved = [];
    savePaths(db, paths);
  };
  await inParallel(folders, {
    limit: FOLDERS_AT_ONCE,
    work: async (folder) => {
      outcomes.set(folder, await resolver.resolve(translate(folder)));
      // Whichever git answers for first, repositories are numbered in the order of their folders.
      for (let outcome; (outcome = outcomes.get(folders[settled])); settled++) {
        const before = known.get(folders[settled]);
        const path = settle(db, { folder: folders[settled], outcome, before, at: now() });
        outcomes.delete(folders[settled]);
        if (before === undefined || !isSame(path, before)) resolved.push(path);
      }
      if (resolved.length >= 500) save();
      await pause();
    },
  });
  save();
  if (aliases.length > 0) await mergeMoved(db, { translate, resolver, probe });
  nameDistinctly(db, "repositories");
  assignRepositoryIds(db);
}

/** A repository that is gone, and that the user says is elsewhere now, becomes one with what is there. */
async function mergeMoved(
  db: Database,
  { translate, resolver, probe }: {
    translate: (path: string) => string;
    resolver: FolderResolver;
    probe: FolderProbe;
  },
): Promise<void> {
  for (const { id, path, commonDir } of listStoredRepositories(db)) {
    const moved = translate(path);
    if (moved === path || (await probe.entry(commonDir)) === "folder") continue;
    const outcome = await resolver.resolve(moved);
    if (outcome.kind !== "repository" || outcome.pathGone) continue;
    const into = saveIdentity(db, outcome);
    if (into !== id) mergeRepositories(db, { from: id, into });
  }
}

/** Whether a folder is what it was. A new time alone is no change, since some folders are checked in every sync. */
function isSame(path: StoredPath, before: StoredPath): boolean {
  const aged = Math.abs(path.checkedAt - before.checkedAt) > RECHECK_MS;
  return !aged && path.outcome === before.outcome && path.root === before.root &&
    path.repositoryId === before.repositoryId && path.inside === before.inside;
}

/** The folders at the top of repositories that git need not be asked about again. */
function* knownTops(
  db: Database,
  { paths, now }: { paths: Iterable<StoredPath>; now: number },
): Generator<[string, KnownRepository]> {
  const repositories = new Map<number, StoredRepository>();
  for (const repository of listStoredRepositories(db)) {
    const { id, path, commonDir, state } = repository;
    if (state !== "repository") continue;
    repositories.set(id, repository);
    if (commonDir === `${path}/.git`) {
      yield [path, { commonDir, path, worktree: path, bare: false }];
    }
  }
  for (const { repositoryId, outcome, root, checkedAt } of paths) {
    if (outcome !== "repository" || root === null || isOld(checkedAt, now)) continue;
    const repository = repositories.get(repositoryId ?? NaN);
    if (repository === undefined || repository.path === repository.commonDir) continue;
    const { commonDir, path } = repository;
    yield [root, { commonDir, path, worktree: root, bare: false }];
  }
}

function isOld(checkedAt: number, now: number): boolean {
  return checkedAt > now || now - checkedAt > RECHECK_MS;
}

/** The folders that may be something else by now. */
async function findStale(
  paths: Iterable<StoredPath>,
  { probe, now }: { probe: FolderProbe; now: number },
): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, outcome, root, checkedAt } of paths) {
    const settled = outcome === "repository" &&
      (root === null || (await probe.mark(root)) === "worktree");
    if (isOld(checkedAt, now) || !settled) stale.push(path);
  }
  return stale;
}

function settle(
  db: Database,
  { folder, outcome, before, at }: {
    folder: string;
    outcome: FolderOutcome;
    before: StoredPath | undefined;
    at: number;
  },
): StoredPath {
  const row = {
    path: folder,
    repositoryId: before?.repositoryId ?? null,
    outcome: outcome.kind as string,
    root: before?.root ?? null,
    inside: before?.inside ?? "",
    checkedAt: at,
  };
  switch (outcome.kind) {
    case "repository": {
      if (outcome.pathGone && row.repositoryId !== null) return { ...row, outcome: "folderGone" };
      return {
        ...row,
        repositoryId: saveIdentity(db, outcome),
        outcome: outcome.pathGone ? "folderGone" : "repository",
        root: outcome.worktree,
        inside: outcome.inside,
      };
    }
    case "corrupt":
    case "notOwned":
      return { ...row, repositoryId: row.repositoryId ?? saveUnusable(db, outcome) };
    case "notARepository":
    case "gone":
    case "unreadable":
    case "timeout":
      return row;
    default:
      return outcome satisfies never;
  }
}

/** A repository that git will not open is one nevertheless: it counts, and its page says what is wrong. */
function saveUnusable(
  db: Database,
  outcome: Extract<FolderOutcome, { kind: "corrupt" | "notOwned" }>,
): RepositoryKey {
  const id = saveIdentity(db, { commonDir: `${outcome.top}/.git`, path: outcome.top });
  saveFailure(db, id, {
    code: outcome.kind,
    message: outcome.message,
    state: outcome.kind,
    commitsChanged: false,
  });
  return id;
}
