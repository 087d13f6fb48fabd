import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import type { CommitHash, SessionId } from "../../lib/domain/ids.ts";
import { hashLine } from "../../lib/domain/line_hashes.ts";
import type { Claim, FactKind, LinkRule } from "../../lib/links/claim.ts";
import { LinkContext } from "../../lib/links/context.ts";
import { decide, inOrder, linkRepository } from "../../lib/links/engine.ts";
import { commitCommand } from "../../lib/links/rules/commit_command.ts";
import { commitOutput } from "../../lib/links/rules/commit_output.ts";
import { commitSkill } from "../../lib/links/rules/commit_skill.ts";
import { conflictResolution } from "../../lib/links/rules/conflict_resolution.ts";
import { content } from "../../lib/links/rules/content.ts";
import { duringSession } from "../../lib/links/rules/during_session.ts";
import { files } from "../../lib/links/rules/files.ts";
import { trailer } from "../../lib/links/rules/trailer.ts";
import type {
  Action,
  CommitChange,
  CommitFacts,
  RepositoryFacts,
  SessionWork,
} from "../../lib/domain/link_facts.ts";

const T = Date.UTC(2026, 0, 5, 9);
const LINES = Array.from({ length: 14 }, (_, i) => hashLine(`const telling${i} = someCall(${i});`));
const FILES = ["a.ts", "src/b.ts", "c.go", "package-lock.json"];
const SUBJECTS = ["add the first thing", "repair the second thing", "fix"];

const minute = fc.integer({ min: 0, max: 400 }).map((n) => T + n * 60_000);
const lines = fc.uniqueArray(fc.constantFrom(...LINES), { maxLength: 5 })
  .map((hashes) => Uint32Array.from(hashes));

interface Commit {
  facts: CommitFacts;
  change: CommitChange;
}

const commits: fc.Arbitrary<Commit[]> = fc.array(
  fc.record({
    at: minute,
    later: fc.constantFrom(0, 0, 0, 3_600_000),
    subject: fc.constantFrom(...SUBJECTS),
    author: fc.constantFrom("me@x", "me@x", "other@y"),
    files: fc.uniqueArray(
      fc.record({
        path: fc.constantFrom(...FILES),
        added: lines,
        removed: lines,
        around: lines,
      }),
      { maxLength: 3, selector: ({ path }) => path },
    ),
    parent: fc.nat({ max: 8 }),
  }),
  { minLength: 1, maxLength: 6 },
).map((drafts) =>
  drafts.map(({ at, later, subject, author, files, parent }, i) => ({
    facts: {
      hash: String(i).repeat(40) as CommitHash,
      parents: parent < i ? [String(parent).repeat(40)] : [],
      authorAt: at,
      committerAt: at + later,
      authorName: author,
      authorEmail: author,
      committerEmail: author,
      subject,
      trailers: [],
      reachable: true,
    },
    change: {
      files: files.map(({ path, added, removed, around }) => ({
        path,
        oldPath: null,
        added,
        places: Uint32Array.from(added, (_, place) => place + 1),
        removed,
        around,
      })),
    },
  }))
);

const editAct = fc.record({
  at: minute,
  path: fc.constantFrom(...FILES),
  added: lines,
  removed: lines,
})
  .map((edit): Action => ({
    kind: "edit",
    event: 1,
    by: "tool",
    partial: false,
    doubtfulSince: null,
    ...edit,
  }));
const anyAct: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: editAct, weight: 5 },
  minute.map((at): Action => ({ kind: "skill", event: 1, at, skill: "commit" })),
  fc.tuple(minute, fc.constantFrom(...SUBJECTS, null)).map(([at, subject]): Action => ({
    kind: "commitCommand",
    event: 1,
    at,
    subject,
    verb: "commit",
    amend: false,
    targets: [],
    ended: "well",
  })),
  fc.tuple(minute, fc.nat({ max: 7 })).map(([at, i]): Action => ({
    kind: "commit",
    event: 1,
    at,
    hash: String(i).repeat(8),
    branch: "main",
    subject: null,
    amend: false,
    source: "output",
    rebased: false,
  })),
);

const sessions: fc.Arbitrary<SessionWork[]> = fc.array(
  fc.tuple(fc.array(anyAct, { maxLength: 6 }), minute, fc.integer({ min: 1, max: 90 })),
  { minLength: 1, maxLength: 4 },
).map((drafts) =>
  drafts.map(([actions, startedAt, minutes], i) => ({
    id: `session-${i}` as SessionId,
    agent: "claude-code",
    externalIds: [],
    activities: [{ startedAt, endedAt: startedAt + minutes * 60_000 }],
    actions: actions.toSorted((a, b) => a.at - b.at),
  }))
);

function factsOf(made: readonly Commit[], worked: readonly SessionWork[]): RepositoryFacts {
  const changes = new Map(made.map(({ facts, change }) => [facts.hash, change]));
  return {
    userEmail: "me@x",
    commits: made.map(({ facts }) => facts),
    sessions: worked,
    changeOf: (hash) => changes.get(hash) ?? null,
    named: null,
  };
}

function confidences(facts: RepositoryFacts): Map<string, number> {
  const ordered = inOrder(facts);
  const found = new Map<string, number>();
  for (const decision of decide(ordered)) {
    if (decision === undefined) continue;
    const { commit, verdicts } = decision;
    for (const { session, confidence } of verdicts) {
      found.set(`${ordered.commits[commit].hash} ${ordered.sessions[session].id}`, confidence);
    }
  }
  return found;
}

describe("the engine", () => {
  it("gives the same links whatever order sessions, commits and files come in", () => {
    fc.assert(
      fc.property(commits, sessions, fc.infiniteStream(fc.nat()), (made, worked, dice) => {
        const shuffle = <Item>(items: readonly Item[]): Item[] =>
          items.map((item) => ({ item, key: dice.next().value as number }))
            .sort((a, b) => a.key - b.key).map(({ item }) => item);
        const other = shuffle(made).map(({ facts, change }) => ({
          facts,
          change: { files: shuffle(change.files) },
        }));
        const before = linkRepository(factsOf(made, worked));
        const after = linkRepository(factsOf(other, shuffle(worked)));
        assertEquals(after, before);
      }),
      { numRuns: 300 },
    );
  });

  it("never lowers a session's confidence for evidence that speaks for it", () => {
    fc.assert(
      fc.property(
        commits,
        sessions,
        fc.nat(),
        fc.nat(),
        (made, worked, pickCommit, pickSession) => {
          const { facts, change } = made[pickCommit % made.length];
          const session = worked[pickSession % worked.length];
          const before = confidences(factsOf(made, worked));
          for (const action of evidenceFor(facts, change)) {
            const more = worked.map((one) =>
              one === session
                ? { ...one, actions: [...one.actions, action].sort((a, b) => a.at - b.at) }
                : one
            );
            const after = confidences(factsOf(made, more));
            const key = `${facts.hash} ${session.id}`;
            assert(
              (after.get(key) ?? 0) >= (before.get(key) ?? 0),
              `${action.kind}: ${before.get(key)} became ${after.get(key)}`,
            );
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives confidences from 0 to 1, and links nothing below a half", () => {
    fc.assert(
      fc.property(commits, sessions, (made, worked) => {
        for (const { confidence, share } of linkRepository(factsOf(made, worked))) {
          assert(confidence >= 0.5 && confidence <= 1);
          assert(share === null || (share >= 0 && share <= 1));
        }
      }),
      { numRuns: 200 },
    );
  });
});

const LINK_RULES = [
  commitCommand,
  commitOutput,
  commitSkill,
  conflictResolution,
  content,
  duringSession,
  files,
  trailer,
];

describe("every rule", () => {
  it("reads no facts but those that it declares", () => {
    fc.assert(
      fc.property(commits, sessions, (made, worked) => {
        const facts = inOrder(factsOf(made, worked));
        for (const { rule, reads, prepare } of LINK_RULES) {
          assertEquals(
            claimsOf(prepare, only(facts, reads)),
            claimsOf(prepare, facts),
            `${rule} reads more than ${reads.join(", ")}`,
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The facts without the kinds that are not named. */
function only(facts: RepositoryFacts, kinds: readonly FactKind[]): RepositoryFacts {
  const has = (kind: FactKind) => kinds.includes(kind);
  return {
    ...facts,
    commits: has("commits") ? facts.commits : [],
    changeOf: has("changes") ? facts.changeOf : () => null,
    named: has("recorded") ? facts.named : null,
    sessions: facts.sessions.map((session) => ({
      id: has("ids") ? session.id : "" as SessionId,
      agent: session.agent,
      externalIds: has("ids") ? session.externalIds : [],
      activities: has("activities") ? session.activities : [],
      actions: session.actions.filter(({ kind }) => has(kind)),
    })),
  };
}

function claimsOf(prepare: LinkRule["prepare"], facts: RepositoryFacts): Claim[][] {
  const preparing = LinkContext.over(facts);
  let step = preparing.next();
  while (!step.done) step = preparing.next();
  const lookUp = prepare(step.value);
  return facts.commits.map((_, commit) => lookUp(commit));
}

/** What a session might have done that speaks for its having made or written a commit. */
function evidenceFor(facts: CommitFacts, { files }: CommitChange): Action[] {
  const at = facts.authorAt - 1_000;
  return [
    {
      kind: "commit",
      at: at + 1_000,
      event: 9,
      hash: facts.hash,
      branch: null,
      subject: facts.subject,
      amend: false,
      source: "structured",
      rebased: false,
    },
    {
      kind: "commitCommand",
      at,
      event: 9,
      verb: "commit",
      subject: facts.subject,
      amend: false,
      targets: [],
      ended: "well",
    },
    { kind: "skill", at, event: 9, skill: "commit" },
    ...files.map(({ path, added }): Action => ({
      kind: "edit",
      at,
      event: 9,
      by: "tool",
      partial: false,
      doubtfulSince: null,
      path,
      added,
      removed: new Uint32Array(0),
    })),
  ];
}
