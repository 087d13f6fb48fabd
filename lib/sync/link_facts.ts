import type { CommitHash } from "../domain/ids.ts";
import type {
  CommitChange,
  CommitFacts,
  NamedSessions,
  RepositoryFacts,
  SessionFacts,
} from "../links/facts.ts";
import type { Places } from "../links/places.ts";
import { loadChange, loadChangeLevels } from "../store/commit_changes.ts";
import type { Database } from "../store/database.ts";
import {
  type Keyed,
  type LinkRepository,
  loadSessionFacts,
  type SessionVersion,
} from "../store/link_facts.ts";
import { keptFactsOf } from "./kept_facts.ts";
import type { Pause } from "./turns.ts";

/** Changes are kept in memory during a run up to about this many lines; what is beyond is read from the store each time. */
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
  const levels = loadChangeLevels(db, repository.id);
  const facts = keptFactsOf(db);
  return {
    userEmail: repository.userEmail,
    commits: commits.map(({ facts }) => facts),
    sessions,
    changeOf: kept((hash) => {
      const key = keys.get(hash)!;
      const level = levels.get(key);
      if (level === undefined) return null;
      return facts.change({ repository: repository.id, hash, level }, () => loadChange(db, key));
    }),
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

/** What sessions did in a repository, in the same order. */
export async function sessionFactsOf(
  db: Database,
  { repository, sessions, places, pause }: {
    repository: number;
    sessions: readonly SessionVersion[];
    places: Places;
    pause: Pause;
  },
): Promise<SessionFacts[]> {
  const facts = keptFactsOf(db);
  const found: SessionFacts[] = [];
  for (const { key: session, factsVersion, placed } of sessions) {
    const version = `${factsVersion} ${placed}`;
    found.push(
      facts.session(
        { session, repository, version },
        () => loadSessionFacts(db, { session, repository, places }),
      ),
    );
    await pause();
  }
  return found;
}
