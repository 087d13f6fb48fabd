import { authorship, range } from "./range.ts";
import { blame, blameView, files } from "./blame.ts";
import { commit, commitCounts, commits } from "./commits.ts";
import { changes, diff } from "./diff.ts";
import { explanation } from "./explanation.ts";
import { editCounts, edits, everyEdit, everyLink, links } from "./links.ts";
import { dashboard, loom, news, overview, search } from "./overview.ts";
import type { Query, QueryName, StreamName, StreamQuery } from "./query.ts";
import { aliases, repositories, repository, repositoryNames } from "./repositories.ts";
import { project, projects, projectSessions, session, sessionFiles, sessions } from "./sessions.ts";
import { health, runs, settings, status, storage, syncRepositories } from "./status.ts";
import { timeline } from "./timeline.ts";

/** Everything that can be asked, by name: what API, pages, commands and tools of agents answer with. */
export const ALL_QUERIES: { [Name in QueryName]: Query<Name> } = {
  aliases,
  authorship,
  blame,
  blameView,
  changes,
  commit,
  commitCounts,
  commits,
  dashboard,
  diff,
  editCounts,
  edits,
  explanation,
  files,
  health,
  links,
  loom,
  news,
  overview,
  project,
  projects,
  projectSessions,
  range,
  repositories,
  repository,
  repositoryNames,
  runs,
  search,
  session,
  sessionFiles,
  sessions,
  settings,
  status,
  storage,
  syncRepositories,
  timeline,
};

/** Every list that is given item by item, by name. */
export const ALL_STREAMS: { [Name in StreamName]: StreamQuery<Name> } = { everyEdit, everyLink };
