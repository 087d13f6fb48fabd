import type { CommitFacts, CommitNote } from "../../domain/link_facts.ts";
import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";

/** A recorder saw this session write it: only a note that was copied by hand is wrong. */
const NAMED = 0.99;
/** A recorder saw the tool write it, and one session of that tool was at work. */
const TOOL = 0.9;
/** A commit's time may lie so far outside the time its session was at work: it is rounded, and made in a child. */
const SLACK_MS = 60_000;

/** A note on the commit says so: git-ai's with its line ranges, Qwen Code's, or another machine's. */
export const notes: LinkRule = {
  rule: "notes",
  reads: ["commits", "recorded", "ids", "activities"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const { sessions, named } = context.facts;
  if (named === null || named.notes.size === 0) return () => [];
  const byId = new Map(sessions.map(({ id }, place) => [id as string, place]));
  const atWork = ({ authorAt }: CommitFacts) =>
    sessions.flatMap(({ agent, activities }, place) =>
      agent === "qwen" &&
        activities.some(({ startedAt, endedAt }) =>
          startedAt - SLACK_MS <= authorAt && authorAt <= endedAt + SLACK_MS
        )
        ? [place]
        : []
    );
  return (commit) => {
    const facts = context.commit(commit);
    const claims = new Map<number, Claim>();
    const add = (
      note: CommitNote,
      { session, strength }: { session: number; strength: number },
    ) => {
      const known = claims.get(session);
      if (known !== undefined && known.strength >= strength) return;
      const { ref, tool, lines, files, fileCount } = note;
      claims.set(session, {
        session,
        strength,
        evidence: {
          rule: "notes",
          ref,
          tool,
          bySession: note.session !== null,
          lines,
          files: [...files],
          fileCount,
        },
      });
    };
    for (const note of named.notes.get(facts.hash) ?? []) {
      if (note.session === null) {
        const possible = atWork(facts);
        for (const session of possible) add(note, { session, strength: TOOL / possible.length });
      } else {
        const session = byId.get(note.session);
        if (session !== undefined) add(note, { session, strength: NAMED });
      }
    }
    return [...claims.values()];
  };
}
