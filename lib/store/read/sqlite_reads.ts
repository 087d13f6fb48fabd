import type { Database } from "../database.ts";
import type { MachineReads, Reads } from "../reads.ts";
import { listAliases, suggestMoves } from "../write/repository_aliases.ts";
import { lastTimes, listRuns } from "../write/runs.ts";
import { isStored } from "../write/settings.ts";
import { cached } from "./cached.ts";
import { findCommit } from "./commit_detail.ts";
import { commitsOfHashes, countCommitsByState, listCommits } from "./commit_list.ts";
import { countEditsByLanded, iterateEdits, listEdits } from "./edit_list.ts";
import { landedOfRepository } from "./landed_counts.ts";
import { iterateLinks, listLinks } from "./link_list.ts";
import { getLoom } from "./loom.ts";
import { listProjects } from "./projects.ts";
import { getRepository, listRepositories, listRepositoryNames } from "./repositories.ts";
import { search } from "./search.ts";
import { filesOfSession, getSession } from "./session_detail.ts";
import { countSessions, listSessions } from "./session_list.ts";
import { nextPromptTime, promptsBefore, workItems } from "./session_prompts.ts";
import { extentOf, getDashboard, getStatus } from "./stats.ts";
import { writtenLines } from "./written_lines.ts";

/** The reads of this machine's own database. It answers at once, so each promise is settled when it is returned. */
export function sqliteReads(db: Database): Reads & MachineReads {
  const later =
    <Args extends unknown[], Answer>(read: (db: Database, ...args: Args) => Answer) =>
    (...args: Args) => Promise.try(read, db, ...args);
  return {
    status: later(getStatus),
    dashboard: later(getDashboard),
    extent: later(extentOf),
    search: later(search),
    loom: later(getLoom),

    projects: later(listProjects),
    sessions: later(listSessions),
    countSessions: later(countSessions),
    session: later(getSession),
    filesOfSession: later(filesOfSession),
    promptsBefore: later(promptsBefore),
    nextPromptTime: later(nextPromptTime),
    workItems: later((db, id, stretches) => stretches.map((stretch) => workItems(db, id, stretch))),

    commits: later(listCommits),
    countCommits: later(countCommitsByState),
    commit: later(findCommit),
    commitsOfHashes: later(commitsOfHashes),
    writtenLines: later(writtenLines),

    repositories: later(listRepositories),
    repositoryNames: later(listRepositoryNames),
    repository: later(getRepository),
    landedOfRepository: later(landedOfRepository),

    links: later(listLinks),
    everyLink: async function* (filter) {
      yield* iterateLinks(db, filter);
    },
    edits: later(listEdits),
    countEdits: later(countEditsByLanded),
    everyEdit: async function* (filter) {
      yield* iterateEdits(db, filter);
    },

    runs: later(listRuns),
    lastTimes: later(() => cached(db, "lastTimes", () => lastTimes(db))),
    aliases: later(listAliases),
    moveSuggestions: later(suggestMoves),
    isStored: later(isStored),
  };
}
