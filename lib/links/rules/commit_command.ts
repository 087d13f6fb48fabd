import type { Action } from "../../domain/link_facts.ts";
import { DAY_MS } from "../../time/days.ts";
import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import { isRevert, plainSubject } from "../copies.ts";

type CommandAct = Extract<Action, { kind: "commitCommand" }>;

/** The subject is the command's, and the author time lies within the command's run. */
const ON_TIME = 0.97;
/** The same, though the call did not end well: a hook may have refused the commit, and somebody else made it later. */
const ENDED: Record<CommandAct["ended"], number> = {
  well: 1,
  failed: 0.85,
  interrupted: 0.85,
  unknown: 0.7,
};
/** The subject is the command's and no other commit's, at another time: a rewrite that took a new author time. */
const LATER = 0.8;
/** The commit is gone, and a squash lists its subject. Fitted, see docs/linking.md. */
const LISTED = 0.8;
/** A commit without a known message was asked for, and one was made at that moment. */
const UNNAMED = 0.45;
/** Something was merged, reverted or picked, and such a commit was made at that moment. */
const DERIVED = 0.8;

/** How long a commit's hooks may run. */
const RUNNING_MS = 15 * 60_000;
/** A commit whose message is not known must follow within this time. */
const SOON_MS = 30_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;
/** A subject of fewer characters is no name: `wip`, `fmt`. */
const MIN_NAME = 12;
/** A clock that slept, knows no time zone or is rounded puts a commit before its command by so much at most. */
const SKEW_MS = 15 * 3_600_000;
/** Rewrites with a new author time happen within this time. */
const REWRITE_MS = 30 * DAY_MS;

/** The session ran `git commit` with this subject, and the commit followed. */
export const commitCommand: LinkRule = {
  rule: "commit_command",
  reads: ["commits", "commitCommand"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ actions }, session) => {
    for (const action of actions) {
      if (action.kind !== "commitCommand") continue;
      const claim = (commit: number, strength: number, listed = false): void => {
        const { authorAt, committerAt } = context.commit(commit);
        const base = action.subject !== null && action.verb === "commit" ? authorAt : committerAt;
        claims.add(commit, {
          session,
          strength: Math.min(strength, ENDED[action.ended]),
          evidence: {
            rule: "commit_command",
            command: action.verb,
            subject: action.subject,
            ...(listed ? { listed } : {}),
            afterSecs: Math.round((base - action.at) / 1000),
            failed: action.ended === "failed",
            ...(action.ended === "interrupted" || action.ended === "unknown"
              ? { ended: action.ended }
              : {}),
            at: action.at,
            event: action.event,
          },
        });
      };
      if (action.verb !== "commit") derived(context, { action, claim });
      else if (action.subject === null) unnamed(context, { action, claim });
      else named(context, { action, subject: action.subject, claim });
    }
  });
  return (commit) => claims.of(commit);
}

type Report = (commit: number, strength: number, listed?: boolean) => void;

function named(
  context: LinkContext,
  { action, subject, claim }: { action: CommandAct; subject: string; claim: Report },
): void {
  const same = context.bySubject(subject);
  const onTime = same.filter((place) => {
    const { authorAt, committerAt } = context.commit(place);
    const at = action.amend ? committerAt : authorAt;
    return at >= action.at - SECOND_MS && at <= action.at + RUNNING_MS;
  });
  for (const place of onTime) claim(place, ON_TIME);
  if (onTime.length > 0) return;
  const squash = context.squashes.listing(subject, action.at);
  if (squash !== null) claim(squash, LISTED, true);
  const name = plainSubject(subject);
  if (name.length < MIN_NAME || !name.includes(" ")) return;
  if (action.ended === "interrupted" || action.ended === "unknown") return;
  const later = same.filter((place) => {
    const { authorAt } = context.commit(place);
    return authorAt > action.at - SKEW_MS && authorAt <= action.at + REWRITE_MS;
  });
  const moments = new Set(later.map((place) => context.commit(place).authorAt));
  if (moments.size === 1) { for (const place of later) claim(place, LATER); }
}

function unnamed(
  context: LinkContext,
  { action, claim }: { action: CommandAct; claim: Report },
): void {
  const found = context.committedWithin(action.at - SECOND_MS, action.at + SOON_MS)
    .filter((place) => {
      const { authorAt, committerAt, parents } = context.commit(place);
      return parents.length < 2 && (action.amend || committerAt - authorAt < SOON_MS);
    });
  if (found.length > 0) claim(found[0], UNNAMED);
}

/** Finds what `git merge`, `git revert` and `git cherry-pick` made. */
function derived(
  context: LinkContext,
  { action, claim }: { action: CommandAct; claim: Report },
): void {
  for (const place of context.committedWithin(action.at - SECOND_MS, action.at + 4 * SOON_MS)) {
    const commit = context.commit(place);
    const fits = action.verb === "merge"
      ? commit.parents.length > 1 && (!commit.subject.startsWith("Merge ") ||
        action.targets.some((target) => commit.subject.includes(target)))
      : action.verb === "revert"
      ? isRevert(commit)
      : commit.parents.length === 1 && commit.authorAt < commit.committerAt;
    if (fits) claim(place, DERIVED);
  }
}
