import type { ProjectId, RepositoryId, RepositoryKey } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import type { MachineReads, Reads } from "../reads.ts";
import { listAliases, suggestMoves } from "../write/repository_aliases.ts";
import { lastTimes, listRuns } from "../write/runs.ts";
import { countSources } from "../write/sources.ts";
import { isStored } from "../write/settings.ts";
import { cached } from "./cached.ts";
import { findCommit } from "./commit_detail.ts";
import { commitsOfHashes, countCommitsByState, listCommits } from "./commit_list.ts";
import { countEditsByLanded, iterateEdits, listEdits } from "./edit_list.ts";
import { landedOfRepository } from "./landed_counts.ts";
import { iterateLinks, listLinks } from "./link_list.ts";
import { getLoom } from "./loom.ts";
import { listProjects, projectKey } from "./projects.ts";
import { repositoryKey } from "./refs.ts";
import { getRepository, listRepositories, listRepositoryNames } from "./repositories.ts";
import { search } from "./search.ts";
import { agentsOf, filesOfSession, getSession } from "./session_detail.ts";
import { countSessions, listSessions } from "./session_list.ts";
import { placeOfPrompt, promptText, workItems } from "./session_prompts.ts";
import { extentOf, getDashboard, getStatus } from "./stats.ts";
import { writtenLines } from "./written_lines.ts";

/** What no row has: the number that an id stands for which is not known. */
const NO_KEY = -1;

/**
 * The reads of this machine's own database. It answers at once, so each promise is settled when it is returned. Ids
 * become the numbers of rows here, and nowhere else.
 */
export function sqliteReads(db: Database): Reads & MachineReads {
  const later =
    <Args extends unknown[], Answer>(read: (db: Database, ...args: Args) => Answer) =>
    (...args: Args) => Promise.try(read, db, ...args);
  const keyOf = (repository: RepositoryId) =>
    repositoryKey(db, repository) ?? NO_KEY as RepositoryKey;
  const keys = <Filter extends { repository?: RepositoryId; project?: ProjectId }>(
    { repository, project, ...filter }: Filter,
  ) => ({
    ...filter,
    repositoryKey: repository === undefined ? undefined : keyOf(repository),
    projectKey: project === undefined ? undefined : projectKey(db, project) ?? NO_KEY,
  });
  return {
    status: later(getStatus),
    dashboard: later((db, options) => getDashboard(db, keys(options))),
    extent: later((db, repository) => extentOf(db, repository && keyOf(repository))),
    search: later(search),
    loom: later((db, filter) => getLoom(db, keys(filter))),

    projects: later(listProjects),
    sessions: later((db, options) => listSessions(db, keys(options))),
    countSessions: later((db, filter) => countSessions(db, keys(filter))),
    session: later(getSession),
    agentsOf: later(agentsOf),
    prompt: later(promptText),
    filesOfSession: later(filesOfSession),
    placeOfPrompt: later(placeOfPrompt),
    workItems: later((db, id, stretches) => stretches.map((stretch) => workItems(db, id, stretch))),

    commits: later((db, options) => listCommits(db, keys(options))),
    countCommits: later((db, filter) => countCommitsByState(db, keys(filter))),
    commit: later((db, hash, options) => findCommit(db, hash, keys(options))),
    commitsOfHashes: later((db, repository, hashes) =>
      commitsOfHashes(db, keyOf(repository), hashes)
    ),
    writtenLines: later((db, repository, options) => writtenLines(db, keyOf(repository), options)),

    repositories: later(listRepositories),
    repositoryNames: later(listRepositoryNames),
    repository: later((db, id) => getRepository(db, keyOf(id))),
    landedOfRepository: later((db, id) => landedOfRepository(db, keyOf(id))),

    links: later((db, options) => listLinks(db, keys(options))),
    everyLink: async function* (filter) {
      yield* iterateLinks(db, keys(filter));
    },
    edits: later((db, options) => listEdits(db, keys(options))),
    countEdits: later((db, filter) => countEditsByLanded(db, keys(filter))),
    everyEdit: async function* (filter) {
      yield* iterateEdits(db, keys(filter));
    },

    runs: later(listRuns),
    lastTimes: later(() => cached(db, "lastTimes", () => lastTimes(db))),
    agentSources: later(countSources),
    aliases: later(listAliases),
    moveSuggestions: later(suggestMoves),
    isStored: later(isStored),
  };
}
