import {
  arrayOf,
  COUNT,
  FLAG,
  LANDED_COUNTS,
  nullable,
  object,
  oneOf,
  ref,
  type Schema,
  SHARE,
  TEXT,
  TIER,
  TIME,
} from "./schema.ts";

/** Unix milliseconds. */
const MOMENT: Schema = { type: "integer" };

const COMMIT_COUNTS = { linked: COUNT, unlinked: COUNT, elsewhere: COUNT };
/** `unknown` are those of `unlinked` that a session may have made. */
const TIMED_COUNTS = { ...COMMIT_COUNTS, unknown: COUNT };

/** Shapes of totals, of what was searched for and of syncs, by name. */
export const MORE_SCHEMAS: Record<string, Schema> = {
  Excerpt: {
    ...object({
      text: TEXT,
      marks: arrayOf({ type: "array", items: COUNT, minItems: 2, maxItems: 2 }),
    }),
    description: "A piece of a text; each mark is where a word starts and where it has ended.",
  },
  LineCounts: {
    ...object({
      written: COUNT,
      standing: COUNT,
      uncounted: COUNT,
      failures: arrayOf(TEXT),
      skippedFiles: object({ large: COUNT, name: COUNT, slow: COUNT }),
    }),
    description:
      "Lines of commits that sessions' edits wrote, and how many of them stand in what is " +
      "checked out. `uncounted` repositories changed since, or were never counted. " +
      "`skippedFiles` are too large, have names that git cannot be asked for, or took it too long: " +
      "their lines do not count as standing.",
  },
  SearchResult: object({
    sessions: arrayOf(object({
      sessionId: TEXT,
      title: nullable(TEXT),
      excerpt: ref("Excerpt"),
      endedAt: nullable(TIME),
      commitCount: COUNT,
    })),
    commits: arrayOf(object({
      hash: TEXT,
      repository: ref("RepositoryRef"),
      excerpt: ref("Excerpt"),
      authorName: TEXT,
      authoredAt: TIME,
      tier: nullable(TIER),
    })),
    files: arrayOf(object({
      path: TEXT,
      excerpt: ref("Excerpt"),
      repository: nullable(ref("RepositoryRef")),
      pathInRepository: nullable(TEXT),
      session: nullable(ref("SessionRef")),
      editedAt: nullable(TIME),
    })),
    prompts: arrayOf(
      object({ id: COUNT, session: ref("SessionRef"), excerpt: ref("Excerpt"), at: TIME }),
    ),
  }),
  Dashboard: object({
    from: nullable(TIME),
    to: nullable(TIME),
    timeZone: TEXT,
    granularity: oneOf("day", "week", "month"),
    totals: object({
      ...TIMED_COUNTS,
      commits: COUNT,
      sessions: COUNT,
      tier1: COUNT,
      tier2: COUNT,
      activeMinutes: COUNT,
    }),
    coverage: object({
      commitsWithSession: COUNT,
      commitsWithoutSession: COUNT,
      sessionsWithCommits: COUNT,
      sessionsWithoutCommits: COUNT,
      sessionsWithLinesNotLanded: COUNT,
      ...LANDED_COUNTS,
    }),
    lines: ref("LineCounts"),
    days: arrayOf(object({
      date: { type: "string", format: "date" },
      ...TIMED_COUNTS,
      activities: COUNT,
      sessions: COUNT,
      activeMinutes: COUNT,
    })),
    newestLinks: arrayOf(ref("Commit")),
    repositories: arrayOf(
      object({ id: COUNT, ...COMMIT_COUNTS, commits: COUNT, activeMinutes: COUNT }),
    ),
  }),
  Loom: {
    ...object({
      from: MOMENT,
      to: MOMENT,
      cut: FLAG,
      repositories: arrayOf(object({ id: COUNT, name: TEXT })),
      sessions: object({
        ids: arrayOf(TEXT),
        titles: arrayOf(TEXT),
        starts: arrayOf(MOMENT),
        ends: arrayOf(MOMENT),
        activities: arrayOf(arrayOf(MOMENT)),
      }),
      commits: object({
        hashes: arrayOf(TEXT),
        repositories: arrayOf(COUNT),
        times: arrayOf(MOMENT),
        kinds: arrayOf(COUNT),
      }),
      links: object({
        sessions: arrayOf(COUNT),
        commits: arrayOf(COUNT),
        tiers: arrayOf(TIER),
        confidences: arrayOf(SHARE),
      }),
    }),
    description: "Column by column, in ascending order of time; links name rows. Times are Unix " +
      "milliseconds; a commit's kind is 0 for linked, 1 for unlinked, 2 for elsewhere.",
  },
  SyncRepositories: object({
    runId: COUNT,
    items: arrayOf(object({
      id: nullable(COUNT),
      name: TEXT,
      path: TEXT,
      state: oneOf("queued", "scanning", "scanned", "unchanged", "empty", "failed"),
      message: nullable(TEXT),
    })),
  }),
  Status: object({
    sessionsIndexed: COUNT,
    projectsFound: COUNT,
    repositoriesFound: COUNT,
    commitsFound: COUNT,
    linksCreated: COUNT,
    lastIndexedAt: nullable(TIME),
    lastGitSyncAt: nullable(TIME),
    gitSyncIntervalSecs: COUNT,
    running: oneOf(null, "user", "background"),
    version: COUNT,
  }),
  Settings: object({ gitSyncIntervalSecs: COUNT }),
  Accepted: object({ message: TEXT, status: oneOf("accepted"), runId: COUNT }),
  SyncRun: object({
    id: COUNT,
    kind: oneOf("user", "background"),
    startedAt: TIME,
    endedAt: nullable(TIME),
    outcome: oneOf("running", "completed", "failed", "cancelled", "interrupted"),
    reposScanned: COUNT,
    totalRepos: COUNT,
    commitsFound: COUNT,
    linksCreated: COUNT,
    error: nullable(TEXT),
    failures: arrayOf(object({ repo: TEXT, code: TEXT, message: TEXT })),
  }),
};
