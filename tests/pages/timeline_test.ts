import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { CommitHash, PromptId, RepositoryId } from "../../lib/domain/ids.ts";
import type { TimelineEntry } from "../../lib/queries/schemas.ts";
import { layOutTimeline, type TimelineSource } from "../../lib/queries/timeline.ts";
import type {
  CommitOfSession,
  SessionPrompt,
  WorkCounts,
  WorkItem,
} from "../../lib/store/shapes.ts";

const NO_WORK: WorkCounts = {
  edits: 0,
  files: 0,
  commands: 0,
  commits: 0,
  skills: [],
  failures: 0,
};
const at = (minutes: number) => new Date(Date.UTC(2026, 5, 1, 8, minutes)).toISOString();

function prompt(id: number, minutes: number, work: Partial<WorkCounts> = {}): SessionPrompt {
  const all = { ...NO_WORK, ...work };
  return {
    id: String(id) as PromptId,
    at: at(minutes),
    text: `prompt ${id}`,
    cut: false,
    copied: false,
    work: all,
  };
}

function commit(hash: string, minutes: number, more: Partial<CommitOfSession> = {}) {
  return {
    hash: hash as CommitHash,
    repository: { id: "1" as RepositoryId, name: "loom", path: "/loom" },
    subject: `subject of ${hash}`,
    authorName: "Ada",
    authorEmail: "ada@example.org",
    authoredAt: at(minutes),
    committedAt: at(minutes),
    elsewhere: false,
    reachable: true,
    tier: 1,
    sessions: [],
    linkTier: 1,
    confidence: 0.9,
    share: null,
    evidence: [],
    ...more,
  } satisfies CommitOfSession;
}

function session(more: Partial<TimelineSource>): TimelineSource {
  return {
    activities: [],
    commits: [],
    prompts: [],
    startedAt: at(0),
    workBefore: NO_WORK,
    ...more,
  };
}

const options = { skipped: 0, until: Infinity, items: [], sizes: {} };
const said = (entries: TimelineEntry[]) =>
  entries.map((entry) =>
    entry.kind === "prompt"
      ? `prompt ${entry.number}`
      : entry.kind === "commit"
      ? [entry.commit, ...entry.copies].map(({ hash }) => hash).join(" ")
      : entry.kind
  );

describe("a session's timeline", () => {
  it("has prompts, commits and pauses in the order of time", () => {
    const entries = layOutTimeline(
      session({
        prompts: [prompt(1, 0), prompt(2, 90)],
        commits: [commit("aa", 10), commit("bb", 95)],
        activities: [
          { startedAt: at(0), endedAt: at(20) },
          { startedAt: at(90), endedAt: at(99) },
        ],
      }),
      options,
    );
    assertEquals(said(entries), ["prompt 1", "aa", "pause", "prompt 2", "bb"]);
    assertEquals(entries[2], {
      kind: "pause",
      at: new Date(Date.parse(at(20)) + 1).toISOString(),
      lengthMs: 70 * 60_000,
    });
  });

  it("shows a commit that a rebase made again once, the surest of them", () => {
    const same = { subject: "same" };
    const entries = layOutTimeline(
      session({
        commits: [
          commit("aa", 5, { ...same, confidence: 0.5 }),
          commit("bb", 5, { ...same, confidence: 0.9 }),
          commit("cc", 6, same),
        ],
      }),
      { ...options, sizes: { bb: { files: 1, added: 2, removed: 3 } } },
    );
    assertEquals(said(entries), ["bb aa", "cc"]);
    assertEquals(entries[0].kind === "commit" && entries[0].size, {
      files: 1,
      added: 2,
      removed: 3,
    });
  });

  it("has what was done after each prompt beside it", () => {
    const item: WorkItem = { kind: "edit", at: at(1), text: "src/loom.ts" };
    const entries = layOutTimeline(
      session({ prompts: [prompt(1, 0, { edits: 1 }), prompt(2, 5)] }),
      { ...options, items: [[item], []] },
    );
    assertEquals(
      entries.map((entry) => entry.kind === "prompt" && entry.items),
      [[item], []],
    );
  });

  it("shows of a part only what falls into it", () => {
    const entries = layOutTimeline(
      session({
        prompts: [prompt(201, 60), prompt(202, 70)],
        commits: [commit("aa", 10), commit("bb", 65), commit("cc", 80), commit("dd", 90)],
        workBefore: { ...NO_WORK, edits: 3 },
      }),
      { ...options, skipped: 200, until: Date.parse(at(85)) },
    );
    assertEquals(said(entries), ["prompt 201", "bb", "prompt 202", "cc"]);
  });
});
