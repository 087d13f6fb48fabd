import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import { isRevert, plainSubject } from "../copies.ts";
import type { Act } from "../../domain/link_facts.ts";

type CommandAct = Extract<Act, { kind: "commitCommand" }>;

/** The subject is the command's, and the author time lies within the command's run. */
const ON_TIME = 0.97;
/** The same, though the tool call failed: a hook may have refused the commit, and somebody else made it later. */
const FAILED = 0.85;
/** The subject is the command's and no other commit's, at another time: a rewrite that took a new author time. */
const LATER = 0.8;
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
/** Rewrites with a new author time happen within this time. */
const REWRITE_MS = 30 * 86_400_000;

/** The session ran `git commit` with this subject, and the commit followed. */
export const commitCommand: LinkRule = { rule: "commit_command", prepare };

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ acts }, session) => {
    for (const act of acts) {
      if (act.kind !== "commitCommand") continue;
      const claim = (commit: number, strength: number): void => {
        const { authorAt, committerAt } = context.commit(commit);
        const base = act.subject !== null && act.verb === "commit" ? authorAt : committerAt;
        claims.add(commit, {
          session,
          strength: act.failed ? Math.min(strength, FAILED) : strength,
          evidence: {
            rule: "commit_command",
            command: act.verb,
            subject: act.subject,
            afterSecs: Math.round((base - act.at) / 1000),
            failed: act.failed,
            at: act.at,
            event: act.event,
          },
        });
      };
      if (act.verb !== "commit") derived(context, { act, claim });
      else if (act.subject === null) unnamed(context, { act, claim });
      else named(context, { act, subject: act.subject, claim });
    }
  });
  return (commit) => claims.of(commit);
}

type Report = (commit: number, strength: number) => void;

function named(
  context: LinkContext,
  { act, subject, claim }: { act: CommandAct; subject: string; claim: Report },
): void {
  const same = context.bySubject(subject);
  const onTime = same.filter((place) => {
    const { authorAt, committerAt } = context.commit(place);
    const at = act.amend ? committerAt : authorAt;
    return at >= act.at - SECOND_MS && at <= act.at + RUNNING_MS;
  });
  for (const place of onTime) {
    claim(place, ON_TIME);
    for (const copy of context.copies.of(place)) claim(copy, ON_TIME);
  }
  const name = plainSubject(subject);
  if (onTime.length > 0 || name.length < MIN_NAME || !name.includes(" ")) return;
  const later = same.filter((place) => {
    const { authorAt } = context.commit(place);
    return authorAt > act.at && authorAt <= act.at + REWRITE_MS;
  });
  const moments = new Set(later.map((place) => context.commit(place).authorAt));
  if (moments.size === 1) { for (const place of later) claim(place, LATER); }
}

function unnamed(context: LinkContext, { act, claim }: { act: CommandAct; claim: Report }): void {
  const found = context.committedWithin(act.at - SECOND_MS, act.at + SOON_MS)
    .filter((place) => {
      const { authorAt, committerAt, parents } = context.commit(place);
      return parents.length < 2 && (act.amend || committerAt - authorAt < SOON_MS);
    });
  if (found.length > 0) claim(found[0], UNNAMED);
}

/** Finds what `git merge`, `git revert` and `git cherry-pick` made. */
function derived(context: LinkContext, { act, claim }: { act: CommandAct; claim: Report }): void {
  for (const place of context.committedWithin(act.at - SECOND_MS, act.at + 4 * SOON_MS)) {
    const commit = context.commit(place);
    const fits = act.verb === "merge"
      ? commit.parents.length > 1 && (!commit.subject.startsWith("Merge ") ||
        act.targets.some((target) => commit.subject.includes(target)))
      : act.verb === "revert"
      ? isRevert(commit)
      : commit.parents.length === 1 && commit.authorAt < commit.committerAt;
    if (fits) claim(place, DERIVED);
  }
}
