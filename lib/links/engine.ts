import type { Claim, LinkRule, Verdict } from "./claim.ts";
import type { RepositoryFacts } from "../domain/link_facts.ts";
import type { Link, Rule } from "../domain/links.ts";
import { LinkContext } from "./context.ts";
import type { CopyOf } from "./copies.ts";
import type { WrittenLine } from "./lines/match.ts";

import { commitCommand } from "./rules/commit_command.ts";
import { commitOutput } from "./rules/commit_output.ts";
import { commitSkill } from "./rules/commit_skill.ts";
import { conflictResolution } from "./rules/conflict_resolution.ts";
import { content } from "./rules/content.ts";
import { duringSession } from "./rules/during_session.ts";
import { files } from "./rules/files.ts";
import { notes } from "./rules/notes.ts";
import { trailer } from "./rules/trailer.ts";
import { evidenceOf, SessionAuthors, STRONG, weigh } from "./score.ts";

const LINK_RULES: readonly LinkRule[] = [
  commitOutput,
  trailer,
  commitCommand,
  commitSkill,
  conflictResolution,
  content,
  notes,
  files,
  duringSession,
];

/** What was decided of one commit. */
export interface Decision {
  /** The commit's place in the facts. */
  commit: number;
  /** Every session with evidence, the surest first. */
  verdicts: Verdict[];
  /** The share of the commit's lines that each linked session wrote, by the session's place. */
  shares: Map<number, number | null>;
  /** The lines that linked sessions wrote, by the session's place. */
  lines: Map<number, WrittenLine[]>;
  /** Whether somebody made it who does not work here, and no session did. */
  byOthers: boolean;
  /** The commits that are copies of the same change. */
  copies: CopyOf[];
}

/** What may differ between runs over the same facts. */
export interface EngineOptions {
  /** Rules to leave out, for measuring. @default {[]} */
  withoutRules?: readonly Rule[];
}

/**
 * Decides, commit by commit, which sessions of a repository made or wrote it.
 *
 * The result depends on nothing but the facts and the rules.
 *
 * @param facts Sessions and commits as {@linkcode inOrder} puts them: of equals, the first wins.
 * @returns Each commit once, in the order of the facts; undefined in between, at moments to let others work.
 */
export function* decide(
  facts: RepositoryFacts,
  { withoutRules = [] }: EngineOptions = {},
): Generator<Decision | undefined> {
  const preparing = LinkContext.over(facts);
  let step = preparing.next();
  for (; !step.done; step = preparing.next()) yield undefined;
  const context = step.value;
  const rules = LINK_RULES.filter(({ rule }) => !withoutRules.includes(rule));
  const lookups = [];
  for (const rule of rules) {
    lookups.push(rule.prepare(context));
    yield undefined;
  }
  const authors = new SessionAuthors();
  const claimed: Claim[][] = [];
  for (const [commit, commitFacts] of facts.commits.entries()) {
    const claims = lookups.flatMap((claimsOf) => claimsOf(commit));
    authors.learn(commitFacts, { claims, content: context.content(commit) });
    claimed.push(claims);
    yield undefined;
  }
  for (const [commit, commitFacts] of facts.commits.entries()) {
    const copies = context.copies.named(commit);
    const inherited = inheritedBy(commit, { context, claimed, copies });
    const claims = inherited.length === 0
      ? claimed[commit]
      : strongest([...claimed[commit], ...inherited]);
    const made = context.identity.made(commitFacts);
    const verdicts = claims.length === 0 ? [] : weigh(claims, {
      commit: commitFacts,
      made,
      isOthers: (session) => authors.isOthers(session, commitFacts),
    });
    const shares = new Map<number, number | null>();
    const lines = new Map<number, WrittenLine[]>();
    const linked = verdicts.filter((verdict) => verdict.linked);
    if (linked.length > 0 && rules.includes(content)) {
      const { matches, telling } = context.content(commit);
      for (const { session } of linked) {
        const match = matches.find((one) => one.session === session);
        shares.set(session, telling === 0 ? null : Math.round((match?.share ?? 0) * 1000) / 1000);
        if (match !== undefined) lines.set(session, match.lines);
      }
    }
    yield {
      commit,
      verdicts,
      shares,
      lines,
      byOthers: made === false && linked.length === 0,
      copies,
    };
  }
}

/** What is left of evidence for a commit of which another one is a copy. */
const COPY = 0.97;
/** What is left of evidence for a commit that a squash holds. Fitted, see docs/linking.md. */
const SQUASH = 0.9;

/** The evidence for the commits that a commit is a copy or a squash of. */
function inheritedBy(
  commit: number,
  { context, claimed, copies }: {
    context: LinkContext;
    claimed: readonly (readonly Claim[])[];
    copies: readonly CopyOf[];
  },
): Claim[] {
  const { committerAt } = context.commit(commit);
  const found: Claim[] = [];
  const inherit = (
    from: number,
    rules: ReadonlySet<Rule>,
    { kept, as }: { kept: number; as: "copy" | "squash" },
  ) => {
    for (const claim of claimed[from]) {
      if (!rules.has(claim.evidence.rule)) continue;
      found.push({
        session: claim.session,
        strength: claim.strength * kept,
        evidence: { ...claim.evidence, [as]: context.commit(from).hash },
      });
    }
  };
  for (const { commit: copy } of copies) {
    // Who makes a commit again has not made the first one.
    if (context.commit(copy).committerAt > committerAt) continue;
    inherit(copy, COPIED, { kept: COPY, as: "copy" });
  }
  for (const part of context.squashes.partsOf(commit)) {
    inherit(part, SQUASHED, { kept: SQUASH, as: "squash" });
  }
  return found;
}

const COPIED: ReadonlySet<Rule> = new Set([...STRONG, "commit_skill", "files"]);
const SQUASHED: ReadonlySet<Rule> = new Set([...STRONG, "commit_skill"]);

/** The strongest claim of each session by each rule. */
function strongest(claims: readonly Claim[]): Claim[] {
  const found = new Map<string, Claim>();
  for (const claim of claims) {
    const key = `${claim.session} ${claim.evidence.rule}`;
    const known = found.get(key);
    if (known === undefined || claim.strength > known.strength) found.set(key, claim);
  }
  return [...found.values()];
}

/** The same facts, sessions in the order of their ids and commits in that of their hashes. */
export function inOrder(facts: RepositoryFacts): RepositoryFacts {
  return {
    ...facts,
    commits: facts.commits.toSorted((a, b) => a.hash < b.hash ? -1 : 1),
    sessions: facts.sessions.toSorted((a, b) => a.id < b.id ? -1 : 1),
  };
}

/** The links of a repository: those of each {@linkcode decide}d commit that are sure enough. */
export function linkRepository(unordered: RepositoryFacts, options: EngineOptions = {}): Link[] {
  const facts = inOrder(unordered);
  const links: Link[] = [];
  for (const decision of decide(facts, options)) {
    const { commit, verdicts = [], shares } = decision ?? {};
    for (const verdict of verdicts) {
      if (!verdict.linked || commit === undefined) continue;
      const { session, tier, confidence } = verdict;
      links.push({
        sessionId: facts.sessions[session].id,
        commit: facts.commits[commit].hash,
        tier,
        confidence,
        share: shares?.get(session) ?? null,
        evidence: evidenceOf(verdict),
      });
    }
  }
  return links;
}
