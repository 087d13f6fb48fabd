import type { RepositoryKey } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import { countedOnce } from "./cached.ts";
import type { Bucket } from "../../time/days.ts";

/** Commits by how they came about: each one counts once. */
export interface StateCounts {
  /** All of them. */
  all: number;
  /** Linked by what somebody or something recorded. */
  tier1: number;
  /** Linked by inference. */
  tier2: number;
  /** This user's, without a session. */
  unlinked: number;
  /** Of these, those that a session may have made all the same. */
  unknown: number;
  /** Other people's. */
  elsewhere: number;
}

/** The counts of one bucket: of {@linkcode StateCounts} without `unlinked`, in this order. */
const COUNTS = ["all", "tier1", "tier2", "elsewhere", "unknown"] as const;

/** Counts the commits that a ref holds, bucket by bucket, in one repository or all. */
export function countCommitsByBucket(
  db: Database,
  { buckets, repositoryKey }: { buckets: readonly Bucket[]; repositoryKey?: RepositoryKey },
): StateCounts[] {
  const sums = new Uint32Array(buckets.length * COUNTS.length);
  for (const { id, version } of versionsOf(db, repositoryKey)) {
    const key = ["commits", id, buckets.length, buckets.at(0)?.from, buckets.at(-1)?.to].join(" ");
    const counts = countedOnce(db, { key, version }, () => count(db, id, buckets));
    for (let i = 0; i < sums.length; i++) sums[i] += counts[i];
  }
  return buckets.map((_, place) => stateCounts(sums.subarray(place * COUNTS.length)));
}

/** Counts the commits of a repository that a ref holds. */
export function countCommitsOfRepository(
  db: Database,
  id: RepositoryKey,
): StateCounts & { linked: number } {
  const buckets = [{ date: "", from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }];
  const [counts] = countCommitsByBucket(db, { buckets, repositoryKey: id });
  return { ...counts, linked: counts.tier1 + counts.tier2 };
}

/** Of each repository what changes with every change of its commits and their links. */
function versionsOf(
  db: Database,
  repositoryKey?: RepositoryKey,
): { id: RepositoryKey; version: string }[] {
  const select = "SELECT id, facts_version || ' ' || coalesce(links_fingerprint, '') AS version " +
    "FROM repositories";
  return repositoryKey === undefined
    ? db.all(select)
    : db.all(`${select} WHERE id = ?`, repositoryKey);
}

/** Bucket after bucket, {@linkcode COUNTS} of each. */
function count(db: Database, id: RepositoryKey, buckets: readonly Bucket[]): Uint32Array {
  const counts = new Uint32Array(buckets.length * COUNTS.length);
  buckets.forEach(({ from, to }, place) => {
    const row = db.get<Record<typeof COUNTS[number], number>>(
      `SELECT count(*) AS "all",
        count(*) FILTER (WHERE best_tier = 1) AS tier1,
        count(*) FILTER (WHERE best_tier = 2) AS tier2,
        count(*) FILTER (WHERE best_tier IS NULL AND by_others = 1) AS elsewhere,
        count(*) FILTER (WHERE best_tier IS NULL AND by_others = 0
          AND EXISTS (SELECT 1 FROM doubtful_commits d WHERE d.commit_id = commits.id)) AS unknown
      FROM commits WHERE repository_id = ? AND author_at >= ? AND author_at < ? AND reachable = 1`,
      id,
      from,
      to,
    )!;
    COUNTS.forEach((name, at) => counts[place * COUNTS.length + at] = row[name]);
  });
  return counts;
}

function stateCounts([all, tier1, tier2, elsewhere, unknown]: Uint32Array): StateCounts {
  return { all, tier1, tier2, elsewhere, unknown, unlinked: all - tier1 - tier2 - elsewhere };
}
