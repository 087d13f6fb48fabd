import type { Claim, LinkRule } from "../claim.ts";
import type { RepositoryFacts } from "../facts.ts";
import { within } from "../time_index.ts";

/** How long before the skill's invocation a commit may have been made: clocks and batching differ by this much. */
const BEFORE_MS = 60_000;
/** How long after the skill's invocation the commit is still its work. */
const AFTER_MS = 300_000;

const COMMIT_SKILL = /^\/?(?:[\w.-]+:)*(?:git-)?commit(?:[-_](?:push|pr|and|all|push-pr|\w+))*$/i;

/** Tells whether a skill or slash command is one that commits: `commit`, `commit-commands:commit-push-pr`, and the like. */
export function isCommitSkill(skill: string): boolean {
  return COMMIT_SKILL.test(skill);
}

/** A commit skill was invoked at T, and the commit was made within [T − 60 s, T + 300 s]. */
export const commitSkill: LinkRule = { rule: "commit_skill", find };

function* find(facts: RepositoryFacts): Generator<Claim> {
  const commits = within(facts.commits.map((commit) => commit.committerAt));
  for (const [session, { acts }] of facts.sessions.entries()) {
    for (const act of acts) {
      if (act.kind !== "skill" || !isCommitSkill(act.skill)) continue;
      for (const commit of commits(act.at - BEFORE_MS, act.at + AFTER_MS)) {
        yield {
          session,
          commit,
          evidence: {
            rule: "commit_skill",
            skill: act.skill,
            at: act.at,
            afterSecs: Math.round((facts.commits[commit].committerAt - act.at) / 1000),
            event: act.event,
          },
        };
      }
    }
  }
}
