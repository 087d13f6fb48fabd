/**
 * What can be asked: each query's name, what it takes and what it gives. The API's description, the tools of agents and
 * the types of all queries are made from this list.
 *
 * @module
 */

import { z } from "zod";
import { AGENT_IDS } from "../domain/agents.ts";
import type { ProjectId, PromptId, RepositoryId } from "../domain/ids.ts";
import { LANDED, RULES } from "../domain/links.ts";
import { isTimeZone } from "../domain/preferences.ts";
import { isRevision } from "../git/scan/refs.ts";
import { COMMIT_STATES } from "../store/read/commit_list.ts";
import { SESSION_SORTS } from "../store/read/session_list.ts";
import {
  CommitDetail,
  CommitOfSession,
  CommitSummary,
  CopiedCommit,
  Count,
  Dashboard,
  DataSize,
  EditSummary,
  Evidence,
  LandedCounts,
  LandedFileCounts,
  LinkRecord,
  Loom,
  NoLinkReason,
  pageOf,
  Project,
  PromptRef,
  RepositoryRef,
  RepositorySummary,
  SearchResult,
  SessionDetail,
  SessionFile,
  SessionPrompt,
  SessionRef,
  SessionSummary,
  Share,
  StoreStatus,
  SyncRun,
  Tier,
  Time,
  WorkCounts,
  WorkItem,
  WrittenRange,
} from "../store/shapes.ts";
import { INTERVAL_LIMITS, isInterval } from "../store/write/settings.ts";
import { isWholePath } from "../text/paths.ts";
import { isTypedTime } from "../time/typed_time.ts";
import { RANGE_NAMES } from "../time/ranges.ts";

// What queries take. A message goes on from the field's name: "limit must be a whole number from 1 to 500".

/** The longest text that is searched for. */
const MOST_TEXT = 200;

function integer({ min = 1, max }: { min?: number; max?: number } = {}) {
  const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
  const error = `must be a whole number ${range}`;
  return z.int({ error }).min(min, { error }).max(max ?? Number.MAX_SAFE_INTEGER, { error });
}

function choice<const Choices extends readonly string[]>(choices: Choices) {
  return z.enum(choices, { error: `must be one of ${choices.join(", ")}` });
}

const flag = z.boolean({ error: "must be one of true, false" });
const words = z.string().trim().max(MOST_TEXT, {
  error: `must be at most ${MOST_TEXT} characters`,
}).transform((text) => text === "" ? undefined : text);
const time = z.string().refine(isTypedTime, {
  error: "must be a date such as 2026-03-01 or a time such as 2026-03-01T09:30:00Z",
});
const revision = z.string().trim().refine(isRevision, {
  error:
    "must be a branch, a tag, a commit's hash or HEAD: ranges, searches and steps are not taken.",
});

const page = {
  limit: integer({ max: 500 }).optional().describe("How many items. Default 50."),
  cursor: z.string().optional().describe("The cursor that the page before gave."),
};
const range = {
  from: time.optional().describe("A date (in `timeZone`) or a time with its zone, inclusive."),
  to: time.optional().describe("A date (to its end) or a time with its zone, inclusive."),
  timeZone: z.string()
    .refine(isTimeZone, { error: "must be a time zone such as Europe/Berlin" }).optional()
    .describe("Where days begin, such as Europe/Berlin. Default UTC."),
};
const repositoryId = z.string() as unknown as z.ZodType<RepositoryId, RepositoryId>;
const projectId = z.string() as unknown as z.ZodType<ProjectId, ProjectId>;
const repository = {
  repository: repositoryId.optional().describe("A repository's id, or the slug of its name."),
};
const order = { order: choice(["asc", "desc"]).optional().describe("Default desc.") };
const landed = {
  landed: choice(LANDED).optional().describe(
    "How many of the lines written are in a commit; missing: none or some.",
  ),
};

const ofAgent = choice(AGENT_IDS).optional();
const sessionFilter = {
  ...page,
  agent: ofAgent.describe("Sessions of this agent."),
  repository: repositoryId.optional().describe("Sessions that worked in it."),
  text: words.optional().describe(
    "Words of the title or first message, or the start of an id.",
  ),
  hasCommits: flag.optional().describe("Whether the session has links."),
  ...landed,
  ...range,
  sort: choice(SESSION_SORTS).optional().describe("Default ended."),
  ...order,
};
const commitFilter = {
  ...repository,
  agent: ofAgent.describe("Commits that are linked with a session of this agent."),
  author: words.optional().describe("Words of the author's name and e-mail address."),
  text: words.optional().describe("Words of the subject, or the start of a hash."),
  ...range,
};
const editFilter = {
  ...repository,
  session: words.optional().describe("A session's id."),
  ...landed,
  ...range,
};
const linkFilter = {
  ...repository,
  tier: z.literal([1, 2], { error: "must be a whole number from 1 to 2" }).optional()
    .describe("1: recorded connections; 2: inferred ones."),
};
const sessionId = z.string().describe("The session's id.");
const promptPage = {
  prompts: integer({ min: 0 }).optional()
    .describe("How many prompts to skip, as nextPrompts said."),
};
const commitHash = {
  hash: z.string().describe("The hash, or a start of it of 4 digits at least."),
  repository: repositoryId.optional().describe(
    "Which repository is meant where several hold the commit.",
  ),
};

// What queries give besides what the store does.

export const Settings = z.object({ gitSyncIntervalSecs: Count }).meta({
  id: "Settings",
  description: "What the user can set while the program runs.",
});

export const Status = z.object({
  ...StoreStatus.shape,
  lastIndexedAt: Time.nullable().describe("When sources were last read to the end."),
  lastGitSyncAt: Time.nullable().describe("When a sync last came to its end well."),
  ...Settings.shape,
  running: z.enum(["user", "background"]).nullable().describe("Who asked for the sync at work."),
  version: Count.describe("Grows whenever what is shown changes."),
}).meta({
  id: "Status",
  description: "What is stored, when it was brought up to date, and what is running.",
});
export type Status = z.infer<typeof Status>;

/** What happened since somebody was here last. */
export const News = z.object({
  since: Time,
  sessions: Count.describe("Sessions with a message since."),
  commits: Count.describe("Commits made since."),
  linked: Count,
  unlinked: Count,
  elsewhere: Count.describe("Other people's."),
});
export type News = z.infer<typeof News>;

export const Explanation = z.object({
  commit: CommitSummary.shape.hash,
  subject: z.string(),
  notes: z.array(z.string()).describe("What about the commit changed how it was judged."),
  copies: z.array(CopiedCommit),
  sessions: z.array(z.object({
    ...SessionRef.shape,
    linked: z.boolean(),
    tier: Tier.nullable().describe("Null for a session that was not linked."),
    confidence: Share,
    share: Share.nullable(),
    reason: NoLinkReason.nullable().describe("Why it was not linked; null where it was."),
    by: SessionRef.nullable().describe("The session whose evidence outweighed it."),
    verdict: z.string().describe("The verdict in a sentence."),
    evidence: z.array(z.object({
      rule: z.enum(RULES),
      sentence: z.string().describe("What was seen."),
      weighed: z.string().describe("What it weighed; empty where that was not kept."),
      facts: Evidence,
    })),
  })).describe("Linked sessions first, then those that were considered, each the surest first."),
}).meta({
  id: "Explanation",
  description: "Why a commit is linked with its sessions, and why not with others.",
});
export type Explanation = z.infer<typeof Explanation>;

const Line = z.int().min(1);

/** A piece of a line: plain text, or text with what it is in its language. */
const CodeLine = z.array(
  z.union([z.string(), z.tuple([z.string(), z.string()]).readonly()]),
).readonly();

/** What a diff has of a file besides its lines. */
const fileChange = {
  path: z.string(),
  spelledPath: z.string(),
  oldPath: z.string().nullable(),
  status: z.enum(["added", "deleted", "modified", "renamed", "copied", "typeChanged"]),
  oldMode: z.string().nullable(),
  newMode: z.string().nullable(),
  binary: z.boolean(),
  added: Count,
  removed: Count,
  cut: z.boolean(),
};
const diffOf = <File extends z.ZodType>(file: File) => ({
  against: z.enum(["parent", "parents", "nothing"]),
  cut: z.boolean(),
  files: z.array(file),
});
const hunkOf = <Part extends z.ZodRawShape>(part: Part) =>
  z.array(z.object({ oldStart: Count, newStart: Count, heading: z.string(), ...part }));
const lineOf = <Text extends z.ZodRawShape>(text: Text) =>
  z.array(
    z.object({
      kind: z.enum(["context", "added", "removed"]),
      oldLine: Line.nullable(),
      newLine: Line.nullable(),
      ...text,
    }),
  );

export const Diff = z.object({
  hash: CommitSummary.shape.hash,
  ...diffOf(
    z.object({
      ...fileChange,
      hunks: hunkOf({ lines: lineOf({ text: z.string() }) }),
      writtenLines: z.array(WrittenRange),
    }),
  ),
}).meta({
  id: "Diff",
  description:
    "Of a merge, what it has from none of its parents. `cut` says that there is more than is given. " +
    "`spelledPath` is what `path` is for a blame: in quotes, with `\\351` for a byte, where the name is not UTF-8.",
});

/** Who wrote a line: an edit of a session, with what it had been asked. */
export const Writer = z.object({ session: SessionRef, prompt: PromptRef.nullable() });
export type Writer = z.infer<typeof Writer>;

/** A file of a diff, its hunks cut into lines that belong together: unchanged ones, or those of one writer. */
export const DiffFile = z.object({
  ...fileChange,
  hunks: hunkOf({
    chunks: z.array(z.object({
      kind: z.enum(["context", "written", "added", "removed"]).describe(
        "written and added: added lines, of a session and of nobody known.",
      ),
      writer: Writer.nullable(),
      lines: lineOf({ code: CodeLine }),
    })),
  }),
  shown: Count.describe("How many lines are shown."),
  written: Count.describe("How many of them sessions are known to have written."),
});
export type DiffFile = z.infer<typeof DiffFile>;

/** Why git gave no answer, as a sentence. */
const GitTrouble = z.object({ kind: z.literal("error"), message: z.string() });

/** Branches and tags. */
const RefNames = z.object({
  refs: z.array(z.object({ kind: z.enum(["branch", "remote", "tag"]), name: z.string() })),
  cut: z.boolean().describe("Whether there are more."),
});

/** What git has of a commit; null for what it could not tell. */
export const CommitChanges = z.object({
  message: z.object({
    body: z.string().describe("Trailers included; empty where there is only a subject."),
    cut: z.boolean(),
  }).nullable(),
  refs: RefNames.nullable().describe("The branches and tags that hold it."),
  diff: z.union([
    z.object({ kind: z.literal("ok"), ...diffOf(DiffFile) }),
    GitTrouble,
  ]).nullable().describe("Null where nothing here can read repositories."),
});

const source = z.enum(["session", "commit", "nobody", "elsewhere", "unknown"]);
const sourceCounts = z.object({
  session: Count,
  commit: Count,
  nobody: Count,
  elsewhere: Count,
  unknown: Count,
});
/** The commit that lines came with. */
const SourceCommit = z.object({
  hash: CommitSummary.shape.hash,
  subject: z.string(),
  authorName: z.string(),
  authoredAt: Time,
  stored: z.boolean().describe("Whether the store holds it, so that it has a page."),
});

export const Blame = z.object({
  path: z.string(),
  hash: CommitSummary.shape.hash,
  lineCount: Count,
  firstLine: Line,
  lastLine: Count,
  counts: sourceCounts,
  groups: z.array(z.object({
    firstLine: Line,
    lines: z.array(z.string()),
    commit: SourceCommit,
    source,
    session: SessionRef.nullable(),
    prompt: PromptRef.nullable(),
  })),
}).meta({
  id: "Blame",
  description:
    "`source` says what tells whose a group of lines is: an edit of a session (session), the " +
    "commit's link (commit), nothing (nobody), that others made the commit (elsewhere), or that it is " +
    "older than what is stored (unknown).",
});

/** Whose a line is, as far as anything tells: `source` of {@linkcode Blame}, with who that is. */
const Source = z.union([
  z.object({ kind: z.literal("session"), writer: Writer }),
  z.object({ kind: z.literal("commit"), session: SessionRef }),
  z.object({ kind: z.enum(["nobody", "elsewhere", "unknown"]) }),
]);
export type Source = z.infer<typeof Source>;

/** Neighbouring lines that came with one commit, from one prompt. */
export const BlameChunk = z.object({
  commit: SourceCommit,
  source: Source,
  first: Line,
  lines: z.array(CodeLine),
  previous: z.object({ hash: CommitSummary.shape.hash, path: z.string() }).nullable().describe(
    "The version before that commit; null where the file begins with it.",
  ),
});
export type BlameChunk = z.infer<typeof BlameChunk>;

/** Lines of a file by who wrote them, as a page shows them. */
export const BlameView = z.object({
  chunks: z.array(BlameChunk),
  lineCount: Count,
  from: Line,
  to: Count,
  counts: sourceCounts,
  writers: z.array(z.object({
    ...Writer.shape,
    lines: Count,
    first: Line.describe("The first of them."),
  })).describe("Who wrote lines of this page, those with the most lines first."),
});
export type BlameView = z.infer<typeof BlameView>;

/** One version of a repository's file or folder, and what can be looked at besides. */
const version = {
  repository: RepositorySummary,
  hash: CommitSummary.shape.hash.nullable().describe("The version; null where there is none."),
  refs: RefNames.shape.refs,
};

/** What a commit has at a path. */
const PathAt = z.union([
  z.object({
    kind: z.literal("folder"),
    entries: z.array(z.object({
      name: z.string(),
      path: z.string(),
      kind: z.enum(["folder", "file", "link", "submodule"]),
      size: Count.nullable(),
    })),
    cut: z.boolean(),
  }),
  z.object({ kind: z.literal("file"), size: Count, mode: z.string() }),
  z.object({ kind: z.literal("submodule"), hash: z.string() }),
]);

/** What git could not give of a repository. */
const GitFailure = z.object({
  kind: z.literal("error"),
  code: z.enum([
    "notFound",
    "gone",
    "unreadable",
    "notOwned",
    "corrupt",
    "timeout",
    "tooLarge",
    "unexpected",
  ]),
  message: z.string(),
});

const agent = z.string().nullable().describe("The agent's own name; null where none is known.");

/** Commits with the sessions that they came from. */
export const Authorship = z.object({
  commit: CommitSummary,
  sessions: z.array(z.object({
    ...SessionRef.shape,
    agent,
    tier: Tier,
    confidence: Share,
    share: Share.nullable(),
    prompt: PromptRef.nullable().describe("The prompt that most of its lines answer."),
  })).describe("The surest first."),
});
export type Authorship = z.infer<typeof Authorship>;

/** Added lines by whom they are of. */
const LinesByWriter = z.object({
  added: Count,
  bySessions: Count.describe("Traced to an edit of a session."),
  withSessions: Count.describe("In a commit of a session, and traced to no edit."),
  byHand: Count.describe("In this user's commits without a session."),
  byOthers: Count.describe("In other people's commits."),
  unknown: Count.describe("In commits that are not stored."),
});

/** What a reviewer wants to know of a branch. */
export const RangeReport = z.object({
  base: CommitSummary.shape.hash,
  head: CommitSummary.shape.hash,
  mergeBase: CommitSummary.shape.hash.nullable().describe("Null without common history."),
  cut: z.boolean().describe("Whether older commits were left out because there are too many."),
  commits: z.array(z.object({
    hash: CommitSummary.shape.hash,
    subject: z.string(),
    authorName: z.string(),
    sessions: z.array(z.object({ ...SessionRef.shape, confidence: Share })),
  })).describe("The oldest first."),
  lines: LinesByWriter,
  sessions: z.array(z.object({
    ...SessionRef.shape,
    agent,
    commits: Count,
    lines: Count.describe("Lines of the range that it wrote."),
    notLanded: z.array(z.object({ path: z.string(), lines: Count })).describe(
      "What it wrote in this repository and no commit has.",
    ),
  })).describe("Those with the most lines first."),
  prompts: z.array(z.object({ ...PromptRef.shape, session: SessionRef, lines: Count })).describe(
    "The prompts behind the lines, in order.",
  ),
  files: z.array(z.object({ path: z.string(), test: z.boolean(), ...LinesByWriter.shape }))
    .describe("Those with the most added lines first."),
  testsTouched: z.boolean(),
}).meta({ id: "RangeReport", description: "The sessions, prompts and lines behind a branch." });
export type RangeReport = z.infer<typeof RangeReport>;

/** How much a commit changes. */
const CommitSize = z.object({ files: Count, added: Count, removed: Count });

/** What stands on a session's timeline, in the order it happened. */
export const TimelineEntry = z.union([
  z.object({
    kind: z.literal("prompt"),
    at: Time,
    number: Count.describe("From 1, over all prompts."),
    prompt: SessionPrompt,
    items: z.array(WorkItem),
  }),
  z.object({
    kind: z.literal("commit"),
    at: Time,
    commit: CommitOfSession,
    copies: z.array(CommitOfSession).describe("The same commit made again, as a rebase does."),
    size: CommitSize.nullable().describe("Null where git did not tell."),
  }),
  z.object({
    kind: z.literal("pause"),
    at: Time,
    lengthMs: Count,
  }).describe("The session rested: activities end where it did for more than half an hour."),
  z.object({ kind: z.literal("work"), at: Time, work: WorkCounts }),
]);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

const INTERVAL_RANGE =
  `must be 0, which turns background syncs off, or a whole number from ${INTERVAL_LIMITS.min} to ${INTERVAL_LIMITS.max}.`;
const nothing = z.object({});
const NO_COMMIT = {
  notFound: "No commit has this hash.",
  ambiguous: "Several commits start with this.",
};
const UNREADABLE = "git cannot read the repository; the message says why and what to do.";

/** Every query: what it takes and what it gives. */
export const QUERY_SCHEMAS = {
  health: {
    summary: "Whether the server answers.",
    input: nothing,
    output: z.object({
      status: z.literal("ok"),
      name: z.literal("ascribe"),
      version: z.string(),
    }),
  },
  status: {
    summary: "What is stored, when it was brought up to date, and what is running.",
    input: nothing,
    output: Status,
  },
  dashboard: {
    summary: "Totals, activity by day, coverage and the newest links.",
    input: z.object({ ...range, ...repository }),
    output: Dashboard,
  },
  overview: {
    summary: "The same for a range by its name, or for the shortest one with anything in it.",
    input: z.object({
      range: choice(RANGE_NAMES).optional(),
      ...range,
      ...repository,
      weekStart: z.int().min(0).max(6).optional().describe(
        "The day that weeks begin with, 0 for Sunday. Default 1.",
      ),
    }),
    output: z.object({ range: z.enum(RANGE_NAMES), dashboard: Dashboard }),
  },
  news: {
    summary: "What happened since a moment.",
    input: z.object({ since: time }),
    output: News,
  },
  projects: {
    summary: "Folders that sessions were started in.",
    input: z.object(page),
    output: pageOf(Project),
  },
  project: {
    summary: "A folder that sessions were started in.",
    input: z.object({ id: projectId.describe("The project's id.") }),
    output: Project,
    fails: { notFound: "No project has this id." },
  },
  projectSessions: {
    summary: "Sessions of a project.",
    input: z.object({ id: projectId.describe("The project's id."), ...sessionFilter }),
    output: pageOf(SessionSummary),
    fails: { notFound: "No project has this id." },
  },
  sessions: {
    summary: "Sessions.",
    input: z.object({
      ...sessionFilter,
      project: projectId.optional().describe("A project's id."),
    }),
    output: pageOf(SessionSummary),
  },
  session: {
    summary: "A session with its prompts, commits and sources.",
    input: z.object({ id: sessionId, ...promptPage }),
    output: SessionDetail,
    fails: { notFound: "No session has this id." },
  },
  timeline: {
    summary: "A session, and in order what it was asked, what it did and committed.",
    input: z.object({
      id: sessionId,
      ...promptPage,
      prompt: (z.string() as unknown as z.ZodType<PromptId, PromptId>).optional().describe(
        "The id of the prompt that is to be among those given.",
      ),
    }),
    output: z.object({
      session: SessionDetail,
      skipped: Count.describe("How many prompts come before the first one given."),
      entries: z.array(TimelineEntry),
    }),
    fails: { notFound: "No session has this id." },
  },
  sessionFiles: {
    summary: "The files that a session edited, the most edited first.",
    input: z.object({ id: sessionId }),
    output: z.object({ files: z.array(SessionFile), total: Count }),
  },
  commits: {
    summary: "Commits that a branch or tag holds, by author time.",
    input: z.object({
      ...page,
      state: choice(COMMIT_STATES).optional().describe("How the commit came about."),
      ...commitFilter,
      ...order,
    }),
    output: pageOf(CommitSummary),
  },
  commitCounts: {
    summary: "How many commits there are, by how they came about.",
    input: z.object(commitFilter),
    output: z.object({
      all: Count,
      linked: Count,
      unlinked: Count,
      tier1: Count,
      tier2: Count,
      elsewhere: Count,
    }),
  },
  commit: {
    summary: "A commit with its sessions and the evidence for each.",
    input: z.object(commitHash),
    output: CommitDetail,
    fails: NO_COMMIT,
  },
  explanation: {
    summary: "Why a commit is linked with its sessions, and why not with others.",
    input: z.object(commitHash),
    output: Explanation,
    fails: NO_COMMIT,
  },
  diff: {
    summary: "What a commit changes, line by line, and which lines sessions wrote.",
    input: z.object(commitHash),
    output: Diff,
    fails: { ...NO_COMMIT, unavailable: UNREADABLE },
  },
  changes: {
    summary: "A commit's message, branches and diff, with who wrote which lines.",
    input: z.object(commitHash),
    output: CommitChanges,
    fails: NO_COMMIT,
  },
  repositories: {
    summary: "Repositories with their counts, folders and last scan.",
    input: z.object(page),
    output: pageOf(RepositorySummary),
  },
  repositoryNames: {
    summary: "The names of all repositories, for choosing one.",
    input: nothing,
    output: z.array(RepositoryRef),
  },
  repository: {
    summary: "A repository, and what came of the lines that sessions wrote in it.",
    input: z.object({ id: repositoryId.describe("The repository's id, or the slug of its name.") }),
    output: z.object({ repository: RepositorySummary, landed: LandedCounts }),
    fails: { notFound: "No repository has this id." },
  },
  files: {
    summary: "What a version of a repository has at a path.",
    input: z.object({
      id: repositoryId.describe("The repository's id, or the slug of its name."),
      path: z.string().optional().describe("Empty for the topmost folder."),
      at: revision.optional(),
    }),
    output: z.object({ ...version, found: z.union([PathAt, GitFailure]) }),
    fails: { notFound: "No repository has this id." },
  },
  authorship: {
    summary: "Which sessions commits of a repository came from, by the commits' full hashes.",
    input: z.object({
      id: repositoryId.describe("The repository's id, or the slug of its name."),
      hashes: z.array(z.string()).max(500),
    }),
    output: z.array(Authorship),
    fails: { notFound: "No repository has this id." },
  },
  range: {
    summary: "The sessions, prompts and lines behind the commits of a branch.",
    input: z.object({
      id: repositoryId.describe("The repository's id, or the slug of its name."),
      base: revision.describe("What the branch goes into."),
      head: revision.describe("The branch."),
    }),
    output: RangeReport,
    fails: { notFound: "There is no such repository or revision.", unavailable: UNREADABLE },
  },
  blame: {
    summary: "Who wrote each line of a file, and what had been asked for.",
    input: z.object({
      id: repositoryId.describe("The repository's id, or the slug of its name."),
      path: z.string({ error: "must be a file of the repository, such as src/main.ts." }).describe(
        "The file, from the repository's topmost folder.",
      ),
      rev: revision.optional().describe(
        "A branch, a tag, a commit's hash or HEAD, which is the default.",
      ),
      from: integer().optional().describe("The first line. Default 1."),
      count: integer({ max: 1_000 }).optional().describe("How many lines. Default 1000."),
    }),
    output: Blame,
    fails: {
      notFound: "There is no such repository, revision or text file.",
      unavailable: UNREADABLE,
    },
  },
  blameView: {
    summary: "The same for a page: code in colours, and where to look further.",
    input: z.object({
      id: repositoryId.describe("The repository's id, or the slug of its name."),
      path: z.string().optional(),
      at: revision.optional(),
      from: integer().optional(),
      line: integer().optional().describe("The line that is to be among those given."),
    }),
    output: z.object({
      ...version,
      found: z.union([
        z.object({
          kind: z.literal("text"),
          view: BlameView,
          lines: z.array(CodeLine).describe("The lines, where git cannot tell who wrote them."),
        }),
        z.object({ kind: z.literal("binary"), size: Count }),
        z.object({ kind: z.enum(["folder", "submodule"]) }),
        GitFailure,
      ]),
    }),
    fails: { notFound: "No repository has this id." },
  },
  links: {
    summary: "Links between sessions and commits, with their evidence.",
    input: z.object({ ...page, ...linkFilter }),
    output: pageOf(LinkRecord),
  },
  edits: {
    summary: "What sessions wrote, file by file, and how much of it is in a commit.",
    input: z.object({ ...page, ...editFilter }),
    output: pageOf(EditSummary),
  },
  editCounts: {
    summary: "How many files sessions wrote, by how much of them is in a commit.",
    input: z.object(editFilter),
    output: LandedFileCounts,
  },
  search: {
    summary: "Sessions, commits, files and prompts that hold words.",
    input: z.object({
      q: words.optional().describe(
        "Words, each taken as the start of one; or the start of a hash or id.",
      ),
      limit: integer({ max: 50 }).optional().describe("How many of each. Default 8."),
    }),
    output: SearchResult,
  },
  loom: {
    summary: "Sessions, commits and links as the loom draws them, column by column.",
    input: z.object({
      ...range,
      ...repository,
      project: projectId.optional().describe(
        "Sessions of a project, and commits where they worked.",
      ),
    }),
    output: Loom,
  },
  runs: {
    summary: "Syncs, the newest first.",
    input: z.object(page),
    output: pageOf(SyncRun),
  },
  syncRepositories: {
    summary: "Where each repository stands in the newest run.",
    input: nothing,
    output: z.object({
      runId: Count,
      items: z.array(z.object({
        id: RepositoryRef.shape.id.nullable(),
        name: z.string(),
        path: z.string(),
        state: z.enum(["queued", "scanning", "scanned", "unchanged", "empty", "failed"]),
        message: z.string().nullable(),
      })),
    }),
  },
  settings: {
    summary: "The settings.",
    input: nothing,
    output: Settings,
  },
  storage: {
    summary:
      "How much room the data folder takes, and which settings and what of each agent are stored there.",
    input: nothing,
    output: z.object({
      size: DataSize.nullable(),
      stored: z.array(z.keyof(Settings)),
      agents: z.array(z.object({
        agent: z.enum(AGENT_IDS),
        sessions: Count,
        sources: Count.describe("Those that are there."),
        writtenAt: Time.nullable().describe("When a source was written last."),
        failed: Count.describe("Sources that could not be read."),
        failure: z.string().nullable().describe("What went wrong with one of them."),
      })),
    }),
  },
  aliases: {
    summary: "Folders that the user says are elsewhere now, and those that look like it.",
    input: nothing,
    output: z.object({
      aliases: z.array(z.object({ oldPath: z.string(), newPath: z.string() })),
      suggestions: z.array(z.object({
        repositoryId: RepositoryRef.shape.id,
        oldPath: z.string(),
        newPath: z.string(),
      })),
    }),
  },
} satisfies Record<string, QuerySchema>;

/** Why a query has no answer. */
export type QueryErrorCode =
  /** What was asked for is not there. */
  | "notFound"
  /** What was given names several things. */
  | "ambiguous"
  /** What was given cannot be. */
  | "badRequest"
  /** It does not go together with what the program is doing. */
  | "conflict"
  /** What would answer cannot be read: `repositoryGone` and the like say what. */
  | "unavailable"
  | `repository${string}`;

/** What is said of a query or an action. */
export interface QuerySchema {
  /** One sentence: what it gives, or does. */
  summary: string;
  input: z.ZodObject;
  output: z.ZodType;
  /** What each error means that it may have; that the input is wrong goes without saying. */
  fails?: { [Code in QueryErrorCode]?: string };
}

/** Every list that is given item by item: what it takes and what each item is. */
export const STREAM_SCHEMAS = {
  everyLink: {
    summary: "Every link between a session and a commit, the oldest commit first.",
    input: z.object(linkFilter),
    item: LinkRecord,
  },
  everyEdit: {
    summary: "Every file that a session wrote, the last edit first.",
    input: z.object(editFilter),
    item: EditSummary,
  },
} satisfies Record<string, { summary: string; input: z.ZodObject; item: z.ZodType }>;

const Accepted = z.object({
  message: z.string(),
  status: z.literal("accepted"),
  runId: Count.describe("The run's number, as `/api/sync/runs` has it."),
}).meta({ id: "Accepted", description: "A run has begun, or is being cancelled." });

const folder = z.string({ error: "must be the absolute path of a folder" }).trim()
  .max(4_096, { error: "must be at most 4096 characters" })
  .refine((path) => isWholePath(path) && !path.includes("\0"), {
    error: "must be the absolute path of a folder",
  });
const RUNNING = "A sync that somebody asked for is running.";

/** Every action: what it takes and what it answers. */
export const ACTION_SCHEMAS = {
  startSync: {
    summary: "Starts a sync.",
    input: nothing,
    output: Accepted,
    fails: { conflict: RUNNING },
  },
  cancelSync: {
    summary: "Cancels the sync that somebody asked for; what it stored stays.",
    input: nothing,
    output: Accepted,
    fails: { conflict: "No sync is running that could be cancelled." },
  },
  rebuild: {
    summary: "Reads every source again; links and sessions stay until the new ones are ready.",
    input: nothing,
    output: Accepted,
    fails: { conflict: RUNNING },
  },
  setInterval: {
    summary: "Sets the seconds between background syncs; 0 turns them off.",
    input: z.object({
      seconds: z.int({ error: INTERVAL_RANGE }).max(INTERVAL_LIMITS.max, { error: INTERVAL_RANGE })
        .refine(isInterval, { error: INTERVAL_RANGE }),
    }),
    output: Settings,
  },
  setAlias: {
    summary: "Says that what sessions saw at oldPath is at newPath now; the next sync looks there.",
    input: z.object({ oldPath: folder, newPath: folder }),
    output: z.object({ oldPath: z.string(), newPath: z.string() }),
  },
  removeAlias: {
    summary: "Takes an alias back.",
    input: z.object({ oldPath: z.string().optional() }),
    output: z.object({ oldPath: z.string(), newPath: z.null() }),
    fails: { notFound: "There is no such alias." },
  },
  setExcluded: {
    summary: "Leaves a repository out of syncs, or includes it again.",
    input: z.object({ repository: repositoryId, excluded: z.boolean() }),
    output: z.object({ excluded: z.boolean() }),
    fails: { notFound: "No repository has this id." },
  },
  erase: {
    summary: "Removes everything that is stored, and turns background syncs off.",
    input: nothing,
    output: z.object({ message: z.string() }),
    fails: { conflict: "The sample workspace is shown." },
  },
} satisfies Record<string, QuerySchema>;
