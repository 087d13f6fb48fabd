import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";

/** The commit names the session: only a trailer copied by hand is wrong. */
const STRENGTH = 0.99;

const CLAUDE_SESSION = /session_([A-Za-z0-9]+)/;

/** The commit names the session, by way of the transcript or of a recorder's branch where ids differ. */
export const trailer: LinkRule = {
  rule: "trailer",
  reads: ["commits", "recorded", "ids"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const { sessions, commits, named } = context.facts;
  const byId = new Map(sessions.map(({ id }, place) => [id as string, place]));
  const byExternalId = new Map<string, number[]>();
  sessions.forEach(({ externalIds }, place) => {
    for (const external of externalIds) {
      const id = external.replace(/^.*(?:cse|session)_/, "");
      byExternalId.set(id, [...byExternalId.get(id) ?? [], place]);
    }
  });
  const claims = new ClaimTable();
  const add = (commit: number, session: number, fact: { trailer: string; value: string }) =>
    claims.add(commit, { session, strength: STRENGTH, evidence: { rule: "trailer", ...fact } });
  commits.forEach(({ trailers }, commit) => {
    for (const { key, value } of trailers) {
      const bridge = /^claude-session$/i.test(key) ? CLAUDE_SESSION.exec(value)?.[1] : undefined;
      for (const session of bridge === undefined ? [] : byExternalId.get(bridge) ?? []) {
        add(commit, session, { trailer: key, value });
      }
      const direct = byId.get(value.trim());
      if (direct !== undefined) add(commit, direct, { trailer: key, value });
      const recorded = /^entire-checkpoint$/i.test(key)
        ? named?.checkpoints.get(value.trim())
        : undefined;
      for (const id of recorded ?? []) {
        const session = byId.get(id);
        if (session !== undefined) add(commit, session, { trailer: key, value });
      }
    }
  });
  return (commit) => claims.of(commit);
}
