import type { CommitHash } from "../ids.ts";
import type {
  CommitChange,
  CommitFacts,
  NamedSessions,
  RepositoryFacts,
  SessionFacts,
} from "../links/facts.ts";
import { loadChange } from "../store/commit_changes.ts";
import type { Database } from "../store/database.ts";
import type { Keyed, LinkRepository } from "../store/link_facts.ts";

/** Changes are kept in memory up to about this many lines; what is beyond is read from the store each time. */
const KEPT_LINES = 8_000_000;
/** What a commit takes besides its lines, in lines. */
const LINES_PER_COMMIT = 50;

/** The checkpoints that commits name. */
export function checkpointsOf(commits: readonly Keyed<CommitFacts>[]): Set<string> {
  const checkpoints = new Set<string>();
  for (const { facts } of commits) {
    for (const { key, value } of facts.trailers) {
      if (/^entire-checkpoint$/i.test(key)) checkpoints.add(value.trim());
    }
  }
  return checkpoints;
}

/** All that the links of a repository are made from. */
export function factsOf(
  db: Database,
  { repository, commits, sessions, named }: {
    repository: LinkRepository;
    commits: readonly Keyed<CommitFacts>[];
    sessions: SessionFacts[];
    named: NamedSessions | null;
  },
): RepositoryFacts {
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash, key]));
  return {
    userEmail: repository.userEmail,
    commits: commits.map(({ facts }) => facts),
    sessions,
    changeOf: kept((hash) => loadChange(db, keys.get(hash)!)),
    named,
  };
}

/** Remembers what `load` gave, as far as memory is to be used for it. */
function kept(load: (hash: CommitHash) => CommitChange | null): RepositoryFacts["changeOf"] {
  const changes = new Map<CommitHash, CommitChange | null>();
  let lines = 0;
  return (hash) => {
    const known = changes.get(hash);
    if (known !== undefined) return known;
    const change = load(hash);
    if (lines < KEPT_LINES) {
      changes.set(hash, change);
      lines += LINES_PER_COMMIT;
      for (const { added, removed } of change?.files ?? []) lines += added.length + removed.length;
    }
    return change;
  };
}
