/**
 * The shapes of what a store gives, as schemas: the description of the API, of tools and of exports is made from them,
 * and their inferred types are the types of the values. Times are ISO 8601 in UTC, shares and confidences from 0 to 1.
 *
 * Loading zod takes longer than making a page, so this module is imported for its types (`import type`), and for its
 * values only where schemas are described or checked.
 *
 * @module
 */

import { z } from "zod";
import { AGENT_IDS } from "../domain/agents.ts";
import type { CommitHash, ProjectId, PromptId, RepositoryId, SessionId } from "../domain/ids.ts";
import { type Evidence as EvidenceFacts, LANDED, RULES } from "../domain/links.ts";
import type { LoomData } from "../domain/loom.ts";

/** A count of things. */
export const Count = z.int().min(0);
/** A time, such as `2026-03-01T09:30:00.000Z`. */
export const Time = z.iso.datetime({ precision: 3 });
/** A share or a confidence. */
export const Share = z.number().min(0).max(1);
/** 1: somebody or something recorded the connection. 2: it was inferred. */
export const Tier = z.literal([1, 2]);

const sessionId = z.string() as unknown as z.ZodType<SessionId, SessionId>;
const commitHash = z.string() as unknown as z.ZodType<CommitHash, CommitHash>;
const repositoryId = z.string() as unknown as z.ZodType<RepositoryId, RepositoryId>;
const projectId = z.string() as unknown as z.ZodType<ProjectId, ProjectId>;
const promptId = z.string() as unknown as z.ZodType<PromptId, PromptId>;

/** One page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    total: Count.describe("How many items the filter gives in all."),
    cursor: z.string().nullable().describe("Where the next page starts; null on the last page."),
  });
}

/** One page of a list, as its type. */
export type Page<Item> = Omit<z.infer<ReturnType<typeof pageOf<z.ZodUnknown>>>, "items"> & {
  items: Item[];
};

export const Evidence = z.looseObject({ rule: z.enum(RULES) }).meta({
  id: "Evidence",
  description: "One reason for a link: a rule's name and the facts it saw.",
}) as unknown as z.ZodType<EvidenceFacts, EvidenceFacts>;

export const RepositoryRef = z.object({ id: repositoryId, name: z.string(), path: z.string() })
  .meta({ id: "RepositoryRef", description: "The few words by which lists name a repository." });
export type RepositoryRef = z.infer<typeof RepositoryRef>;

export const ProjectRef = z.object({ id: projectId, name: z.string(), path: z.string() }).meta({
  id: "ProjectRef",
  description: "The few words by which lists name a project: the folder where sessions started.",
});
export type ProjectRef = z.infer<typeof ProjectRef>;

/** The agent that a session is of. */
export const Agent = z.enum(AGENT_IDS);

export const SessionRef = z.object({
  sessionId,
  title: z.string().nullable(),
  agent: Agent.nullable().describe("Null where the session is stored no more."),
}).meta({
  id: "SessionRef",
  description: "The few words by which a commit's page names a session.",
});
export type SessionRef = z.infer<typeof SessionRef>;

/** The few words by which a choice of several commits names each. */
export interface CommitRef {
  hash: CommitHash;
  repositoryId: RepositoryId;
  subject: string;
}

/** What came of lines that sessions wrote. Each different line of a file counts once a session. */
export const LandedCounts = z.object({
  linesWritten: Count,
  linesLanded: Count.describe("In a commit that a branch or tag holds."),
  linesSuperseded: Count.describe("In no commit: the session itself took them away again."),
  linesNotLanded: Count.describe("In no commit, as far as the session goes."),
});
export type LandedCounts = z.infer<typeof LandedCounts>;

export const LineCounts = z.object({
  written: Count,
  standing: Count,
  uncounted: Count,
  failures: z.array(z.string()),
  skippedFiles: z.object({ large: Count, name: Count, slow: Count }),
}).meta({
  id: "LineCounts",
  description:
    "Lines of commits that sessions' edits wrote, and how many of them survive in what is " +
    "checked out. `uncounted` repositories changed since, or were never counted. " +
    "`skippedFiles` are too large, have names that git cannot be asked for, or took it too long: " +
    "their lines do not count as surviving.",
});
export type LineCounts = z.infer<typeof LineCounts>;

export const Project = z.object({
  ...ProjectRef.shape,
  sessionCount: Count,
  sessionsWithCommits: Count.describe("Sessions with at least one link."),
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  repository: RepositoryRef.nullable().describe("The repository that holds the folder."),
}).meta({ id: "Project", description: "A folder that sessions were started in." });
export type Project = z.infer<typeof Project>;

export const SessionSummary = z.object({
  ...SessionRef.shape,
  agent: Agent,
  firstMessage: z.string().nullable(),
  project: ProjectRef.nullable(),
  branch: z.string().nullable(),
  models: z.array(z.string()),
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  messageCount: Count,
  promptCount: Count,
  editCount: Count,
  commitCount: Count.describe("How many commits are linked with it."),
  ...LandedCounts.shape,
}).meta({ id: "Session", description: "A session as lists show it." });
export type SessionSummary = z.infer<typeof SessionSummary>;

/** A session that a commit is linked with. */
export const SessionOfCommit = z.object({
  ...SessionRef.shape,
  tier: Tier,
  confidence: Share,
  share: Share.nullable().describe(
    "The share of the commit's lines that the session wrote; null where no lines tell.",
  ),
  evidence: z.array(Evidence),
});
export type SessionOfCommit = z.infer<typeof SessionOfCommit>;

export const CommitSummary = z.object({
  hash: commitHash,
  repository: RepositoryRef,
  subject: z.string(),
  authorName: z.string(),
  authorEmail: z.string(),
  authoredAt: Time,
  committedAt: Time,
  elsewhere: z.boolean().describe("Made by other people: outside coverage."),
  reachable: z.boolean().describe("Whether a branch or tag still holds it."),
  tier: Tier.nullable().describe("The best tier of its links; null where it has none."),
  sessions: z.array(SessionOfCommit).describe("The sessions it is linked with, surest first."),
}).meta({ id: "Commit", description: "A commit as lists show it." });
export type CommitSummary = z.infer<typeof CommitSummary>;

/** A commit that a session is linked with, and why. */
export const CommitOfSession = z.object({
  ...CommitSummary.shape,
  linkTier: Tier,
  confidence: Share,
  share: Share.nullable(),
  evidence: z.array(Evidence),
});
export type CommitOfSession = z.infer<typeof CommitOfSession>;

/** What a session did between two prompts. */
export const WorkCounts = z.object({
  edits: Count,
  files: Count.describe("Different files edited."),
  commands: Count.describe("Shell commands that run git or write a file."),
  commits: Count.describe("Commits that a tool's result shows being made."),
  skills: z.array(z.string()).describe("Skills and slash commands."),
  failures: Count,
});
export type WorkCounts = z.infer<typeof WorkCounts>;

/** A prompt and the work that followed it. */
export const SessionPrompt = z.object({
  id: promptId,
  at: Time,
  text: z.string(),
  cut: z.boolean().describe("Whether the prompt goes on."),
  copied: z.boolean().describe("Copied from the session it was forked from or resumed."),
  work: WorkCounts,
});
export type SessionPrompt = z.infer<typeof SessionPrompt>;

/** A source that a session is kept in. */
export const SessionSource = z.object({
  path: z.string(),
  bytes: Count,
  lines: Count,
  skipped: z.record(z.string(), Count).describe("Lines that were not used, by reason."),
  failure: z.string().nullable(),
  goneAt: Time.nullable().describe("When it was found deleted; null while it is there."),
});
export type SessionSource = z.infer<typeof SessionSource>;

export const SessionDetail = z.object({
  ...SessionSummary.shape,
  lastMessage: z.string().nullable(),
  cwds: z.array(z.string()),
  tools: z.record(z.string(), Count).describe("How often each tool was used."),
  forkedFrom: sessionId.nullable(),
  activities: z.array(z.object({ startedAt: Time, endedAt: Time })),
  workBefore: WorkCounts.describe("What was done before the first prompt, or without any."),
  prompts: z.array(SessionPrompt),
  nextPrompts: Count.nullable().describe(
    "How many prompts to skip for the next ones; null where these are the last.",
  ),
  lines: LineCounts,
  commits: z.array(CommitOfSession).describe("Linked commits by author time."),
  transcripts: z.array(SessionSource),
  skippedLines: Count.describe("Lines of all its transcripts that were not used."),
  openAtTheTime: z.array(SessionSummary).describe(
    "Sessions that were at work in the same project while this one was.",
  ),
}).meta({ id: "SessionDetail", description: "A session with everything its page shows." });
export type SessionDetail = z.infer<typeof SessionDetail>;

/** One thing that a session did, short enough for a line. */
export const WorkItem = z.object({
  kind: z.enum(["edit", "command", "skill", "commit", "published", "failure"]),
  at: Time,
  text: z.string().describe(
    "The file, the command's first line, the skill, or the commit's hash and subject.",
  ),
});
export type WorkItem = z.infer<typeof WorkItem>;

/** Where a file is: in which repository, and at which path of it. */
export const FileLocation = z.object({ repository: RepositoryRef, pathInRepository: z.string() });
export type FileLocation = z.infer<typeof FileLocation>;

/** A file that a session edited. */
export const SessionFile = z.object({
  path: z.string().describe("As the transcript spells it."),
  edits: Count,
  landed: Count.describe("Edits of which at least one line is in a linked commit."),
  place: FileLocation.nullable().describe("Where it is in a repository; null where none holds it."),
});
export type SessionFile = z.infer<typeof SessionFile>;

/** The prompt that led to an edit. */
export const PromptRef = z.object({ id: promptId, at: Time, text: z.string() });
export type PromptRef = z.infer<typeof PromptRef>;

export const WrittenRange = z.object({
  path: z.string(),
  firstLine: Count,
  lastLine: Count,
  session: SessionRef,
  prompt: PromptRef.nullable().describe(
    "What was asked before the edit; null where the session holds no prompt before it.",
  ),
}).meta({
  id: "WrittenRange",
  description: "Lines of a commit's version of a file that one edit of a session wrote.",
});
export type WrittenRange = z.infer<typeof WrittenRange>;

/** Why a session that something speaks for got no link; `Reason` says what each means. */
export const NoLinkReason = z.enum([
  "outweighed",
  "timeOnly",
  "otherPerson",
  "onTheWeb",
  "tooLittle",
]);

/** A session that was not linked with a commit, and why. */
export const ConsideredSession = z.object({
  ...SessionRef.shape,
  confidence: Share,
  reason: NoLinkReason,
  by: SessionRef.nullable().describe("The session whose evidence outweighed it, where one did."),
  evidence: z.array(Evidence),
});
export type ConsideredSession = z.infer<typeof ConsideredSession>;

export const CopiedCommit = z.object({
  hash: commitHash,
  subject: z.string(),
  committedAt: Time,
  reachable: z.boolean().describe("Whether a branch or tag still holds it."),
  reason: z.enum(["sameAuthorship", "sameChange", "sameThird"]),
}).meta({
  id: "Copy",
  description: "Another commit that the same change was made into: by a rebase, for one.",
});
export type CopiedCommit = z.infer<typeof CopiedCommit>;

export const CommitDetail = z.object({
  ...CommitSummary.shape,
  committerEmail: z.string(),
  parents: z.array(
    z.object({
      hash: commitHash,
      subject: z.string().nullable().describe("Null where the store does not hold it."),
    }),
  ),
  trailers: z.array(z.object({ key: z.string(), value: z.string() })),
  considered: z.array(ConsideredSession).describe(
    "Sessions that something speaks for and that were not linked all the same, surest first.",
  ),
  writtenLines: z.array(WrittenRange).describe("The lines that sessions wrote, by path."),
  alsoIn: z.array(RepositoryRef).describe("Other repositories that hold the same commit."),
  copies: z.array(CopiedCommit).describe("Commits of the same change, the oldest first."),
}).meta({ id: "CommitDetail", description: "A commit with all that is stored of it." });
export type CommitDetail = z.infer<typeof CommitDetail>;

/** Commits by how they came about: each one counts once. */
export const CommitCounts = z.object({
  linked: Count.describe("With a session."),
  unlinked: Count.describe("Of this user, without a session."),
  elsewhere: Count.describe("By other people."),
});
export type CommitCounts = z.infer<typeof CommitCounts>;

export const RepositorySummary = z.object({
  ...RepositoryRef.shape,
  commonDir: z.string(),
  state: z.string(),
  userEmail: z.string().nullable(),
  remotes: z.array(z.string()),
  lastScannedAt: Time.nullable(),
  lastOutcome: z.enum(["scanned", "unchanged", "empty", "failed"]).nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  excluded: z.boolean().describe("Left out of syncs by a setting."),
  commits: z.object({ total: Count, ...CommitCounts.shape }),
  lines: LineCounts,
  sessionCount: Count.describe("Sessions that worked in it."),
  lastCommitAt: Time.nullable(),
  folders: z.array(
    z.object({
      path: z.string(),
      worktree: z.string().nullable().describe("The worktree that holds it; null if unknown."),
    }),
  ).describe("Folders that sessions saw it under."),
  worktrees: z.array(z.string()),
}).meta({ id: "Repository", description: "A repository with what is known of it." });
export type RepositorySummary = z.infer<typeof RepositorySummary>;

export const EditSummary = z.object({
  session: SessionRef,
  repository: RepositoryRef,
  path: z.string().describe("As the repository tracks it, as far as known."),
  ...LandedCounts.shape,
  linesUncounted: Count.describe(
    "Lines that say too little to be told apart, and those of generated files.",
  ),
  firstEditAt: Time,
  lastEditAt: Time,
}).meta({ id: "Edit", description: "What a session wrote in one file, and what came of it." });
export type EditSummary = z.infer<typeof EditSummary>;

export const LinkRecord = z.object({
  sessionId,
  agent: Agent,
  commit: commitHash,
  repository: z.string().describe("The repository's folder."),
  tier: Tier,
  confidence: Share,
  evidence: z.array(Evidence),
}).meta({ id: "Link", description: "A link between a session and a commit." });
export type LinkRecord = z.infer<typeof LinkRecord>;

export const Excerpt = z.object({
  text: z.string(),
  marks: z.array(z.tuple([Count, Count])),
}).meta({
  id: "Excerpt",
  description: "A piece of a text; each mark is where a word starts and where it has ended.",
});
export type Excerpt = z.infer<typeof Excerpt>;

/** A session found by its title or first message. */
export const SessionHit = z.object({
  ...SessionRef.shape,
  excerpt: Excerpt,
  endedAt: Time.nullable(),
  commitCount: Count,
});
export type SessionHit = z.infer<typeof SessionHit>;

/** A commit found by its subject, author or hash. */
export const CommitHit = z.object({
  hash: commitHash,
  repository: RepositoryRef,
  excerpt: Excerpt,
  authorName: z.string(),
  authoredAt: Time,
  tier: Tier.nullable(),
});
export type CommitHit = z.infer<typeof CommitHit>;

/** A file that a session edited, found by its path. */
export const FileHit = z.object({
  path: z.string().describe("As the transcript spells it."),
  excerpt: Excerpt,
  repository: RepositoryRef.nullable(),
  pathInRepository: z.string().nullable(),
  session: SessionRef.nullable().describe("Who edited it last."),
  editedAt: Time.nullable(),
});
export type FileHit = z.infer<typeof FileHit>;

/** A prompt found by its words. */
export const PromptHit = z.object({
  id: promptId,
  session: SessionRef,
  excerpt: Excerpt,
  at: Time,
});
export type PromptHit = z.infer<typeof PromptHit>;

export const SearchResult = z.object({
  sessions: z.array(SessionHit),
  commits: z.array(CommitHit),
  files: z.array(FileHit),
  prompts: z.array(PromptHit),
}).meta({ id: "SearchResult", description: "What was found, each kind with the best first." });
export type SearchResult = z.infer<typeof SearchResult>;

/** What a store holds. */
export const StoreStatus = z.object({
  sessionsIndexed: Count,
  projectsFound: Count.describe("Folders that sessions were started in."),
  repositoriesFound: Count,
  commitsFound: Count.describe("Commits that a branch or tag holds."),
  linksCreated: Count.describe("Links stored."),
});
export type StoreStatus = z.infer<typeof StoreStatus>;

/** Commits of a stretch of time by how they came about. */
export const TimedCommitCounts = z.object({
  ...CommitCounts.shape,
  unknown: Count.describe(
    "Of those without a session, the ones that a session may have made; the others were made by hand.",
  ),
});
export type TimedCommitCounts = z.infer<typeof TimedCommitCounts>;

/** What an agent's sessions did in a stretch of time, and how much of it survives. */
export const AgentActivity = z.object({
  agent: Agent,
  sessions: Count,
  commits: Count.describe("Commits that are linked with a session of it."),
  written: Count.describe("Lines of the range's commits that its sessions wrote."),
  standing: Count.describe("How many of them survive in what is checked out."),
  models: z.array(z.object({ model: z.string(), sessions: Count })).describe(
    "The models that its sessions used, the most used first.",
  ),
});
export type AgentActivity = z.infer<typeof AgentActivity>;

/** One bar of the overview's charts. */
export const DashboardDay = z.object({
  date: z.iso.date().describe("The first day of the bar, in the time zone asked for."),
  ...TimedCommitCounts.shape,
  activities: Count.describe("Activities that began in it."),
  sessions: Count.describe("Sessions that these activities belong to."),
  activeMinutes: Count.describe("The length of these activities."),
});
export type DashboardDay = z.infer<typeof DashboardDay>;

/** What happened in a repository in a stretch of time. */
export const RepositoryActivity = z.object({
  id: repositoryId,
  ...CommitCounts.shape,
  commits: Count,
  activeMinutes: Count.describe(
    "The length of the activities of sessions that worked in it, as far as they began in the stretch.",
  ),
});
export type RepositoryActivity = z.infer<typeof RepositoryActivity>;

export const Dashboard = z.object({
  from: Time.nullable().describe("The first day's start; null where there is nothing to show."),
  to: Time.nullable().describe("The last day's end, exclusive."),
  timeZone: z.string(),
  granularity: z.enum(["day", "week", "month"]),
  totals: z.object({
    ...TimedCommitCounts.shape,
    commits: Count,
    sessions: Count,
    tier1: Count.describe("Commits linked by what somebody or something recorded."),
    tier2: Count.describe("Commits linked by inference."),
    activeMinutes: Count,
  }),
  coverage: z.object({
    commitsWithSession: Count,
    commitsWithoutSession: Count,
    sessionsWithCommits: Count,
    sessionsWithoutCommits: Count,
    sessionsWithLinesNotLanded: Count,
    ...LandedCounts.shape,
  }),
  lines: LineCounts.describe("Lines of the range's commits that sessions wrote."),
  days: z.array(DashboardDay),
  newestLinks: z.array(CommitSummary).describe("The commits that were linked and made last."),
  agents: z.array(AgentActivity).describe(
    "Agents with a session at work or a linked commit, the one with most sessions first.",
  ),
  repositories: z.array(RepositoryActivity).describe(
    "Repositories with a session at work or a commit, the busiest first.",
  ),
}).meta({ id: "Dashboard", description: "What happened in a range, bar by bar and in all." });
export type Dashboard = z.infer<typeof Dashboard>;

/** Unix milliseconds. */
const Moment = z.int();

export const Loom = z.object({
  from: Moment,
  to: Moment,
  cut: z.boolean().describe("Whether there is more: the oldest are left out."),
  repositories: z.array(z.object({ id: z.string(), name: z.string() })),
  sessions: z.object({
    ids: z.array(z.string()),
    titles: z.array(z.string()),
    agents: z.array(Agent),
    starts: z.array(Moment),
    ends: z.array(Moment),
    activities: z.array(z.array(Moment)).describe("Of each session: from, to, from, to …"),
  }),
  commits: z.object({
    hashes: z.array(z.string()),
    repositories: z.array(Count),
    times: z.array(Moment),
    kinds: z.array(Count),
  }),
  links: z.object({
    sessions: z.array(Count),
    commits: z.array(Count),
    tiers: z.array(Tier),
    confidences: z.array(Share),
  }),
}).meta({
  id: "Loom",
  description: "Column by column, in ascending order of time; links name rows. Times are Unix " +
    "milliseconds; a commit's kind is 0 for linked, 1 for unlinked, 2 for elsewhere.",
}) as unknown as z.ZodType<LoomData, LoomData>;

export const SyncRun = z.object({
  id: Count,
  kind: z.enum(["user", "background"]),
  startedAt: Time,
  endedAt: Time.nullable(),
  outcome: z.enum(["running", "completed", "failed", "cancelled", "interrupted"]),
  reposScanned: Count,
  totalRepos: Count,
  commitsFound: Count,
  linksCreated: Count,
  error: z.string().nullable().describe("Why it failed."),
  failures: z.array(z.object({ repo: z.string(), code: z.string(), message: z.string() }))
    .describe("Repositories that could not be scanned or linked."),
}).meta({ id: "SyncRun", description: "One sync." });

/** Files or commits by how much of what was written in them is in a commit. */
export const LandedFileCounts = z.object(
  Object.fromEntries(["every", ...LANDED].map((name) => [name, Count])) as Record<
    "every" | typeof LANDED[number],
    typeof Count
  >,
);
export type LandedFileCounts = z.infer<typeof LandedFileCounts>;

/** How much room Ascribe takes in its data folder, in bytes. */
export const DataSize = z.object({
  database: Count.describe("The database with its side files."),
  backups: Count,
  backupCount: Count,
  sample: Count.describe("The sample workspace."),
  other: Count.describe("Anything else of ours, such as a damaged database that was set aside."),
  total: Count,
});
export type DataSize = z.infer<typeof DataSize>;
