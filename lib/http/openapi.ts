import { type CopyReason, LANDED, type Reason, RULES } from "../domain/links.ts";
import { VERSION } from "../domain/version.ts";
import { COMMIT_STATES } from "../store/read/commit_list.ts";
import { SESSION_SORTS } from "../store/read/session_list.ts";
import { INTERVAL_LIMITS } from "../store/write/settings.ts";

/** A JSON Schema, as far as the API's description needs it. */
export interface Schema {
  $ref?: string;
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
  description?: string;
  enum?: readonly (string | number | null)[];
  format?: "date-time" | "date";
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  anyOf?: readonly Schema[];
}

export const TEXT: Schema = { type: "string" };
export const COUNT: Schema = { type: "integer", minimum: 0 };
export const FLAG: Schema = { type: "boolean" };
/** ISO 8601, in UTC. */
export const TIME: Schema = { type: "string", format: "date-time" };
/** From 0 to 1. */
export const SHARE: Schema = { type: "number", minimum: 0, maximum: 1 };
/** 1: somebody or something recorded the connection. 2: it was inferred. */
export const TIER: Schema = { type: "integer", enum: [1, 2] };

/** What came of the lines that sessions wrote. */
export const LANDED_COUNTS: Record<string, Schema> = {
  linesWritten: COUNT,
  linesLanded: COUNT,
  linesSuperseded: COUNT,
  linesNotLanded: COUNT,
};

/** A schema under `components.schemas`. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with all of these properties and no others. */
export function object(properties: Record<string, Schema>): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

export function arrayOf(items: Schema): Schema {
  return { type: "array", items };
}

/** An object of whatever keys, with values of one shape. */
export function mapOf(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

export function oneOf(...choices: (string | null)[]): Schema {
  return { enum: choices };
}

/** One page of a list. */
export function pageOf(items: Schema): Schema {
  return object({ items: arrayOf(items), total: COUNT, cursor: nullable(TEXT) });
}

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: "path" | "query";
  required?: boolean;
  description?: string;
  schema: Schema;
}

/** What one method of one address does. */
export interface Operation {
  summary: string;
  parameters?: readonly Parameter[];
  requestBody?: { required: true; content: { "application/json": { schema: Schema } } };
  responses: Record<string, ApiResponse>;
}

/** One answer that an operation may give. */
export interface ApiResponse {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

/** A parameter of the query. */
export function query(name: string, schema: Schema, description?: string): Parameter {
  return { name, in: "query", schema, ...(description && { description }) };
}

/** A part of the path. */
export function inPath(name: string, schema: Schema, description: string): Parameter {
  return { name, in: "path", required: true, schema, description };
}

/** An answer as JSON. */
export function json(description: string, schema: Schema): ApiResponse {
  return { description, content: { "application/json": { schema } } };
}

/** An answer as a stream of events. */
export function eventStream(description: string): ApiResponse {
  return { description, content: { "text/event-stream": { schema: { type: "string" } } } };
}

/** An answer that says what went wrong. */
export function failure(description: string): ApiResponse {
  return json(description, ref("Error"));
}

/** Which page of a list. */
export const PAGE: readonly Parameter[] = [
  query("limit", { type: "integer", minimum: 1, maximum: 500 }, "How many items. Default 50."),
  query("cursor", { type: "string" }, "The cursor that the page before gave."),
];

/** A `GET` that answers with one schema, and with 400 where a parameter has a value that it cannot have. */
export function read(
  summary: string,
  { parameters = [], gives, missing }: {
    parameters?: readonly Parameter[];
    gives: Schema;
    /** What a 404 means. */
    missing?: string;
  },
): { get: Operation } {
  return {
    get: {
      summary,
      ...(parameters.length > 0 && { parameters }),
      responses: {
        "200": json(summary, gives),
        ...(parameters.some((parameter) => parameter.in === "query") && {
          "400": failure("A parameter has a value that it cannot have."),
        }),
        ...(missing && { "404": failure(missing) }),
      },
    },
  };
}

const COPY_REASONS: readonly CopyReason[] = ["sameAuthorship", "sameChange", "sameThird"];
const REASONS: readonly Reason[] = [
  "outweighed",
  "timeOnly",
  "otherPerson",
  "onTheWeb",
  "tooLittle",
];

const SESSION: Record<string, Schema> = {
  sessionId: TEXT,
  title: nullable(TEXT),
  firstMessage: nullable(TEXT),
  project: nullable(ref("ProjectRef")),
  branch: nullable(TEXT),
  models: arrayOf(TEXT),
  startedAt: nullable(TIME),
  endedAt: nullable(TIME),
  messageCount: COUNT,
  promptCount: COUNT,
  editCount: COUNT,
  commitCount: COUNT,
  ...LANDED_COUNTS,
};

const LINK: Record<string, Schema> = {
  tier: TIER,
  confidence: SHARE,
  share: nullable(SHARE),
  evidence: arrayOf(ref("Evidence")),
};

const COMMIT: Record<string, Schema> = {
  hash: TEXT,
  repository: ref("RepositoryRef"),
  subject: TEXT,
  authorName: TEXT,
  authorEmail: TEXT,
  authoredAt: TIME,
  committedAt: TIME,
  elsewhere: FLAG,
  reachable: FLAG,
  tier: nullable(TIER),
  sessions: arrayOf(object({ sessionId: TEXT, title: nullable(TEXT), ...LINK })),
};

const WORK = object({
  edits: COUNT,
  files: COUNT,
  commands: COUNT,
  commits: COUNT,
  skills: arrayOf(TEXT),
  failures: COUNT,
});

/** Shapes of what lists and pages show, by name. */
export const LIST_SCHEMAS: Record<string, Schema> = {
  Error: object({ error: TEXT, message: TEXT }),
  Evidence: {
    type: "object",
    properties: { rule: { enum: RULES } },
    required: ["rule"],
    description: "One reason for a link: a rule's name and the facts it saw.",
  },
  RepositoryRef: object({ id: COUNT, name: TEXT, path: TEXT }),
  ProjectRef: object({ id: COUNT, name: TEXT, path: TEXT }),
  SessionRef: object({ sessionId: TEXT, title: nullable(TEXT) }),
  Project: object({
    id: COUNT,
    name: TEXT,
    path: TEXT,
    sessionCount: COUNT,
    sessionsWithCommits: COUNT,
    startedAt: nullable(TIME),
    endedAt: nullable(TIME),
    repository: nullable(ref("RepositoryRef")),
  }),
  Session: object(SESSION),
  SessionDetail: object({
    ...SESSION,
    lastMessage: nullable(TEXT),
    cwds: arrayOf(TEXT),
    tools: { type: "object", additionalProperties: COUNT },
    forkedFrom: nullable(TEXT),
    activities: arrayOf(object({ startedAt: TIME, endedAt: TIME })),
    workBefore: WORK,
    prompts: arrayOf(
      object({ id: COUNT, at: TIME, text: TEXT, cut: FLAG, copied: FLAG, work: WORK }),
    ),
    nextPrompts: nullable(COUNT),
    lines: ref("LineCounts"),
    commits: arrayOf(
      object({
        ...COMMIT,
        linkTier: TIER,
        confidence: SHARE,
        share: nullable(SHARE),
        evidence: arrayOf(ref("Evidence")),
      }),
    ),
    transcripts: arrayOf(object({
      path: TEXT,
      bytes: COUNT,
      lines: COUNT,
      skipped: { type: "object", additionalProperties: COUNT },
      failure: nullable(TEXT),
      goneAt: nullable(TIME),
    })),
    skippedLines: COUNT,
    openAtTheTime: arrayOf(ref("Session")),
  }),
  Commit: object(COMMIT),
  CommitDetail: object({
    ...COMMIT,
    committerEmail: TEXT,
    parents: arrayOf(object({ hash: TEXT, subject: nullable(TEXT) })),
    trailers: arrayOf(object({ key: TEXT, value: TEXT })),
    considered: arrayOf(object({
      sessionId: TEXT,
      title: nullable(TEXT),
      confidence: SHARE,
      reason: { enum: REASONS },
      by: nullable(ref("SessionRef")),
      evidence: arrayOf(ref("Evidence")),
    })),
    writtenLines: arrayOf(ref("WrittenRange")),
    alsoIn: arrayOf(ref("RepositoryRef")),
    copies: arrayOf(ref("Copy")),
  }),
  Copy: object({
    hash: TEXT,
    subject: TEXT,
    committedAt: TIME,
    reachable: FLAG,
    reason: { enum: COPY_REASONS },
  }),
  Explanation: object({
    commit: TEXT,
    subject: TEXT,
    notes: arrayOf(TEXT),
    copies: arrayOf(ref("Copy")),
    sessions: arrayOf(object({
      sessionId: TEXT,
      title: nullable(TEXT),
      linked: FLAG,
      tier: nullable(TIER),
      confidence: SHARE,
      share: nullable(SHARE),
      reason: { enum: [...REASONS, null] },
      by: nullable(ref("SessionRef")),
      verdict: TEXT,
      evidence: arrayOf(object({
        rule: { enum: RULES },
        sentence: TEXT,
        weighed: TEXT,
        facts: ref("Evidence"),
      })),
    })),
  }),
  Repository: object({
    id: COUNT,
    name: TEXT,
    path: TEXT,
    commonDir: TEXT,
    state: TEXT,
    userEmail: nullable(TEXT),
    remotes: arrayOf(TEXT),
    lastScannedAt: nullable(TIME),
    lastOutcome: oneOf("scanned", "unchanged", "empty", "failed", null),
    failure: nullable(object({ code: TEXT, message: TEXT })),
    excluded: FLAG,
    commits: object({ total: COUNT, linked: COUNT, unlinked: COUNT, elsewhere: COUNT }),
    lines: ref("LineCounts"),
    sessionCount: COUNT,
    lastCommitAt: nullable(TIME),
    folders: arrayOf(object({ path: TEXT, worktree: nullable(TEXT) })),
    worktrees: arrayOf(TEXT),
  }),
  Edit: object({
    session: ref("SessionRef"),
    repository: ref("RepositoryRef"),
    path: TEXT,
    ...LANDED_COUNTS,
    linesUncounted: COUNT,
    firstEditAt: TIME,
    lastEditAt: TIME,
  }),
  Link: object({
    sessionId: TEXT,
    commit: TEXT,
    repository: TEXT,
    tier: TIER,
    confidence: SHARE,
    evidence: arrayOf(ref("Evidence")),
  }),
};

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

const WORDS: Schema = { type: "string", maxLength: 200 };
const RANGE = [
  query("from", TEXT, "A date (in `timeZone`) or a time with its zone, inclusive."),
  query("to", TEXT, "A date (to its end) or a time with its zone, inclusive."),
  query("timeZone", TEXT, "Where days begin, such as Europe/Berlin. Default UTC."),
];
const REPOSITORY = query("repository", COUNT, "The number of a repository.");
const ORDER = query("order", { enum: ["asc", "desc"] }, "Default desc.");
const LANDED_PARAM = query(
  "landed",
  { enum: LANDED },
  "How many of the lines written are in a commit; missing: none or some.",
);
const SESSION_FILTER = [
  ...PAGE,
  query("repository", COUNT, "Sessions that worked in it."),
  query("text", WORDS, "Words of the title or first message, or the start of an id."),
  query("hasCommits", FLAG, "Whether the session has links."),
  LANDED_PARAM,
  ...RANGE,
  query("sort", { enum: SESSION_SORTS }, "Default ended."),
  ORDER,
];

/** Addresses that read what is stored. */
export const READ_PATHS: Record<string, { get: Operation }> = {
  "/api/stats/dashboard": read("Totals, activity by day, coverage and the newest links.", {
    parameters: [...RANGE, REPOSITORY],
    gives: ref("Dashboard"),
  }),
  "/api/projects": read("Folders that sessions were started in.", {
    parameters: PAGE,
    gives: pageOf(ref("Project")),
  }),
  "/api/projects/{id}/sessions": read("Sessions of a project.", {
    parameters: [inPath("id", COUNT, "The project's number."), ...SESSION_FILTER],
    gives: pageOf(ref("Session")),
    missing: "No project has this number.",
  }),
  "/api/sessions": read("Sessions.", {
    parameters: [...SESSION_FILTER, query("project", COUNT, "The number of a project.")],
    gives: pageOf(ref("Session")),
  }),
  "/api/sessions/{id}": read("A session with its prompts, commits and transcripts.", {
    parameters: [
      inPath("id", TEXT, "The session's id."),
      query("prompts", COUNT, "How many prompts to skip, as nextPrompts said."),
    ],
    gives: ref("SessionDetail"),
    missing: "No session has this id.",
  }),
  "/api/commits": read("Commits that a branch or tag holds, by author time.", {
    parameters: [
      ...PAGE,
      query("state", { enum: COMMIT_STATES }, "How the commit came about."),
      REPOSITORY,
      query("author", WORDS, "Words of the author's name and e-mail address."),
      query("text", WORDS, "Words of the subject, or the start of a hash."),
      ...RANGE,
      ORDER,
    ],
    gives: pageOf(ref("Commit")),
  }),
  "/api/commits/{hash}": {
    get: withAmbiguous(
      read("A commit with its sessions and the evidence for each.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("CommitDetail"),
        missing: "No commit has this hash.",
      }).get,
    ),
  },
  "/api/commits/{hash}/explanation": {
    get: withAmbiguous(
      read("Why a commit is linked with its sessions, and why not with others.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("Explanation"),
        missing: "No commit has this hash.",
      }).get,
    ),
  },
  "/api/repositories": read("Repositories with their counts, folders and last scan.", {
    parameters: PAGE,
    gives: pageOf(ref("Repository")),
  }),
  "/api/links": read("Links between sessions and commits, with their evidence.", {
    parameters: [...PAGE, REPOSITORY, query("tier", TIER)],
    gives: pageOf(ref("Link")),
  }),
  "/api/edits": read("What sessions wrote, file by file, and how much of it is in a commit.", {
    parameters: [
      ...PAGE,
      REPOSITORY,
      query("session", WORDS, "A session's id."),
      LANDED_PARAM,
      ...RANGE,
    ],
    gives: pageOf(ref("Edit")),
  }),
  "/api/search": read("Sessions, commits, files and prompts that hold words.", {
    parameters: [
      query("q", WORDS, "Words, each taken as the start of one; or the start of a hash or id."),
      query("limit", { type: "integer", minimum: 1, maximum: 50 }, "How many of each. Default 8."),
    ],
    gives: ref("SearchResult"),
  }),
  "/api/loom": read("Sessions, commits and links as the loom draws them, column by column.", {
    parameters: [
      ...RANGE,
      REPOSITORY,
      query("project", COUNT, "Sessions of a project, and commits where they worked."),
    ],
    gives: ref("Loom"),
  }),
  "/api/openapi.json": read("This description.", { gives: { type: "object" } }),
};

function withAmbiguous(operation: Operation): Operation {
  const ambiguous = {
    description: "Several commits start with this.",
    content: { "application/json": { schema: ref("Error") } },
  };
  return { ...operation, responses: { ...operation.responses, "409": ambiguous } };
}

const LINE: Schema = { type: "integer", minimum: 1 };
const HASH = TEXT;

/** Addresses that read repositories themselves. */
export const GIT_PATHS: Record<string, { get: Operation }> = {
  "/api/commits/{hash}/diff": {
    get: withTrouble(
      read("What a commit changes, line by line, and which lines sessions wrote.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("Diff"),
        missing: "No commit has this hash.",
      }).get,
      { "409": failure("Several commits start with this.") },
    ),
  },
  "/api/repositories/{id}/blame": {
    get: withTrouble(
      read("Who wrote each line of a file, and what had been asked for.", {
        parameters: [
          inPath("id", COUNT, "The repository's number."),
          {
            ...query("path", TEXT, "The file, from the repository's topmost folder."),
            required: true,
          },
          query("rev", TEXT, "A branch, a tag, a commit's hash or HEAD, which is the default."),
          query("from", LINE, "The first line. Default 1."),
          query("count", { ...LINE, maximum: 1_000 }, "How many lines. Default 1000."),
        ],
        gives: ref("Blame"),
        missing: "There is no such repository, revision or text file.",
      }).get,
    ),
  },
};

/** Shapes of what is read from repositories, by name. */
export const GIT_SCHEMAS: Record<string, Schema> = {
  Diff: {
    ...object({
      hash: HASH,
      against: oneOf("parent", "parents", "nothing"),
      cut: FLAG,
      files: arrayOf(object({
        path: TEXT,
        spelledPath: TEXT,
        oldPath: nullable(TEXT),
        status: oneOf("added", "deleted", "modified", "renamed", "copied", "typeChanged"),
        oldMode: nullable(TEXT),
        newMode: nullable(TEXT),
        binary: FLAG,
        added: COUNT,
        removed: COUNT,
        cut: FLAG,
        hunks: arrayOf(object({
          oldStart: COUNT,
          newStart: COUNT,
          heading: TEXT,
          lines: arrayOf(object({
            kind: oneOf("context", "added", "removed"),
            oldLine: nullable(LINE),
            newLine: nullable(LINE),
            text: TEXT,
          })),
        })),
        writtenLines: arrayOf(ref("WrittenRange")),
      })),
    }),
    description:
      "Of a merge, what it has from none of its parents. `cut` says that there is more than is given. " +
      "`spelledPath` is what `path` is for a blame: in quotes, with `\\351` for a byte, where the name is not UTF-8.",
  },
  WrittenRange: object({
    path: TEXT,
    firstLine: COUNT,
    lastLine: COUNT,
    session: ref("SessionRef"),
    prompt: nullable(object({ id: COUNT, at: TIME, text: TEXT })),
  }),
  Blame: {
    ...object({
      path: TEXT,
      hash: HASH,
      lineCount: COUNT,
      firstLine: LINE,
      lastLine: COUNT,
      counts: object({
        session: COUNT,
        commit: COUNT,
        nobody: COUNT,
        elsewhere: COUNT,
        unknown: COUNT,
      }),
      groups: arrayOf(object({
        firstLine: LINE,
        lines: arrayOf(TEXT),
        commit: object({
          hash: HASH,
          subject: TEXT,
          authorName: TEXT,
          authoredAt: TIME,
          stored: FLAG,
        }),
        source: oneOf("session", "commit", "nobody", "elsewhere", "unknown"),
        session: nullable(ref("SessionRef")),
        prompt: nullable(object({ id: COUNT, at: TIME, text: TEXT })),
      })),
    }),
    description:
      "`source` says what tells whose a group of lines is: an edit of a session (session), the " +
      "commit's link (commit), nothing (nobody), that others made the commit (elsewhere), or that it is " +
      "older than what is stored (unknown).",
  },
};

function withTrouble(operation: Operation, more: Operation["responses"] = {}): Operation {
  return {
    ...operation,
    responses: {
      ...operation.responses,
      ...more,
      "503": failure("git cannot read the repository; the message says why and what to do."),
    },
  };
}

const ALIAS = object({ oldPath: TEXT, newPath: TEXT });
const REFUSED = failure("The request comes from another site.");

/** Addresses that start, end and watch syncs, or tell how the program is. */
export const SYNC_PATHS: Record<string, Record<string, Operation>> = {
  "/api/health": read("Whether the server answers.", {
    gives: object({ status: oneOf("ok"), name: oneOf("ascribe"), version: TEXT }),
  }),
  "/api/status": read("What is stored, when it was brought up to date, and what is running.", {
    gives: ref("Status"),
  }),
  "/api/events": {
    get: {
      summary: "Announcements: syncStarted, syncEnded and changed, as long as somebody listens.",
      responses: { "200": eventStream("Events with JSON data.") },
    },
  },
  "/api/sync/git": {
    post: {
      summary: "Starts a sync.",
      responses: {
        "202": json("The sync has started.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("A sync that somebody asked for is running."),
      },
    },
    delete: {
      summary: "Cancels the sync that somebody asked for; what it stored stays.",
      responses: {
        "202": json("The sync is being cancelled.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("No sync is running that could be cancelled."),
      },
    },
  },
  "/api/sync/git/progress": {
    get: {
      summary: "The progress of a sync: scanning, correlating, then done or error.",
      responses: {
        "200": eventStream("Events with JSON data; the stream ends after done or error."),
        "204": { description: "This client has seen the end already." },
      },
    },
  },
  "/api/sync/runs": read("Syncs, the newest first.", {
    parameters: PAGE,
    gives: pageOf(ref("SyncRun")),
  }),
  "/api/sync/repositories": read("Where each repository stands in the newest run.", {
    gives: ref("SyncRepositories"),
  }),
  "/api/indexing/progress": {
    get: {
      summary: "The progress of reading transcripts: discovering, indexing, then ready or failed.",
      responses: {
        "200": eventStream("Events with JSON data; the stream ends after ready or failed."),
        "204": { description: "This client has seen the end already." },
      },
    },
  },
  "/api/indexing/rebuild": {
    post: {
      summary: "Reads every transcript anew; links and sessions stay until the new ones are ready.",
      responses: {
        "202": json("The rebuild has started.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("A sync that somebody asked for is running."),
      },
    },
  },
  "/api/settings": read("The settings.", { gives: ref("Settings") }),
  "/api/settings/git-sync-interval": {
    put: {
      summary: "Sets the seconds between background syncs; 0 turns them off.",
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: object({ seconds: { ...COUNT, maximum: INTERVAL_LIMITS.max } }),
          },
        },
      },
      responses: {
        "200": json("The settings.", ref("Settings")),
        "400": failure(
          `seconds is neither 0 nor a whole number from ${INTERVAL_LIMITS.min} to ${INTERVAL_LIMITS.max}.`,
        ),
        "403": REFUSED,
        "415": failure("The body is not JSON."),
      },
    },
  },
  "/api/repositories/aliases": {
    ...read("Folders that the user says are elsewhere now, and those that look like it.", {
      gives: object({
        aliases: arrayOf(ALIAS),
        suggestions: arrayOf(object({ repositoryId: COUNT, oldPath: TEXT, newPath: TEXT })),
      }),
    }),
    put: {
      summary:
        "Says that what sessions saw at oldPath is at newPath now; the next sync looks there.",
      requestBody: { required: true, content: { "application/json": { schema: ALIAS } } },
      responses: {
        "200": json("The alias.", ALIAS),
        "400": failure("They are no absolute paths, or there is no folder at newPath."),
        "403": REFUSED,
        "415": failure("The body is not JSON."),
      },
    },
    delete: {
      summary: "Takes an alias back.",
      parameters: [query("oldPath", TEXT)],
      responses: {
        "200": json("It is gone.", object({ oldPath: TEXT, newPath: oneOf(null) })),
        "403": REFUSED,
        "404": failure("There is no such alias."),
      },
    },
  },
  "/api/data": {
    delete: {
      summary: "Removes everything that is stored, and turns background syncs off.",
      responses: {
        "200": json("Nothing is left.", object({ message: TEXT })),
        "403": REFUSED,
        "409": failure("The sample workspace is shown."),
      },
    },
  },
  "/metrics": {
    get: {
      summary: "Counters for Prometheus.",
      responses: {
        "200": {
          description: "The text format of Prometheus.",
          content: { "text/plain": { schema: { type: "string" } } },
        },
      },
    },
  },
};

/** The API's description, in OpenAPI's shape. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Describes every address that programs may use, with the shapes of what it takes and gives. */
export const OPENAPI: OpenApiDocument = {
  openapi: "3.1.0",
  info: {
    title: "Ascribe",
    version: VERSION,
    description:
      "Which AI coding session every git commit came from. Times are ISO 8601 in UTC; errors are { error, message }. " +
      "POST, PUT and DELETE need an Origin of this server.",
  },
  paths: { ...SYNC_PATHS, ...READ_PATHS, ...GIT_PATHS },
  components: { schemas: { ...LIST_SCHEMAS, ...MORE_SCHEMAS, ...GIT_SCHEMAS } },
};
