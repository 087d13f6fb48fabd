import { RULES } from "../../links/link.ts";
import type { Reason } from "../../links/weigh.ts";
import {
  arrayOf,
  COUNT,
  FLAG,
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

const REASONS: readonly Reason[] = ["outweighed", "timeOnly", "otherPerson", "tooLittle"];

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
    writtenLines: arrayOf(object({
      path: TEXT,
      firstLine: COUNT,
      lastLine: COUNT,
      session: ref("SessionRef"),
      prompt: nullable(object({ id: COUNT, at: TIME, text: TEXT })),
    })),
    alsoIn: arrayOf(ref("RepositoryRef")),
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
    sessionCount: COUNT,
    lastCommitAt: nullable(TIME),
    folders: arrayOf(object({ path: TEXT, worktree: nullable(TEXT) })),
    worktrees: arrayOf(TEXT),
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
