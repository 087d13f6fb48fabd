import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import { plainSubject } from "../copies.ts";
import type { Action, CommitFacts } from "../../domain/link_facts.ts";

/** How long before the skill's invocation a commit may have been made: clocks and batching differ by this much. */
const BEFORE_MS = 60_000;
/** How long after the skill's invocation the commit is still its work. */
const AFTER_MS = 300_000;
/** The skill was asked to commit, and a commit was made: by it, unless somebody else committed in these minutes. */
const STRENGTH = 0.8;

const COMMIT_SKILL =
  /^\/?(?:[\w.-]+:)*(?:git[-_])?(?:quick|smart|auto)?[-_]?commit(?:[-_][a-z0-9]+)*$/i;

/** Tells whether a skill or slash command is one that commits: `commit`, `commit-commands:commit-push-pr`, and the like. */
export function isCommitSkill(skill: string): boolean {
  return COMMIT_SKILL.test(skill);
}

/**
 * A commit skill was invoked at T, and the commit was made within [T − 60 s, T + 300 s]. Where the session's own commands
 * show which commits came of it, it is no evidence for others.
 */
export const commitSkill: LinkRule = {
  rule: "commit_skill",
  reads: ["commits", "skill", "commit", "commitCommand"],
  prepare,
};

/** What shows which commit came of a skill. */
type Shown = Extract<Action, { kind: "commit" | "commitCommand" }>;

function isShown(action: Action): boolean {
  return action.kind === "commit" || (action.kind === "commitCommand" && action.subject !== null);
}

function follows({ at }: Action, since: number): boolean {
  return at >= since && at <= since + AFTER_MS;
}

function isOf(action: Shown, { hash, subject }: CommitFacts): boolean {
  return (action.kind === "commit" && hash.startsWith(action.hash)) ||
    (action.subject !== null && plainSubject(action.subject) === plainSubject(subject));
}

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ actions }, session) => {
    for (const action of actions) {
      if (action.kind !== "skill" || !isCommitSkill(action.skill)) continue;
      const shown = actions.filter((one): one is Shown => isShown(one) && follows(one, action.at));
      for (const commit of context.committedWithin(action.at - BEFORE_MS, action.at + AFTER_MS)) {
        if (shown.length > 0 && !shown.some((one) => isOf(one, context.commit(commit)))) continue;
        const { committerAt } = context.commit(commit);
        claims.add(commit, {
          session,
          strength: STRENGTH,
          evidence: {
            rule: "commit_skill",
            skill: action.skill,
            afterSecs: Math.round((committerAt - action.at) / 1000),
            at: action.at,
            event: action.event,
          },
        });
      }
    }
  });
  return (commit) => claims.of(commit);
}
