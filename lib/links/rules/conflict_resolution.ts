import { hashLine } from "../../domain/line_hashes.ts";
import type { LinkContext } from "../context.ts";
import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import { sameFile } from "../files.ts";

/** How git begins a conflict, whether it merges, rebases, picks or applies. */
const MARKER = hashLine("<<<<<<< HEAD");

/** The commit that concludes a merge or a rebase has the file whose conflict the session resolved. Fitted, see docs/linking.md. */
const RESOLVED = 0.9;
/** The merge has the file as one of its parents has it, so that git does not name it. Fitted, see docs/linking.md. */
const UNNAMED = 0.6;

/** A conflict that was resolved is committed within this time: nothing else can be before. */
const CONCLUDED_MS = 2 * 3_600_000;
/** The same, where only the time connects the merge with the file. */
const UNNAMED_MS = 15 * 60_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/** The session took the markers of a conflict out of a file, and the next commit of that file concludes a merge or a rebase. */
export const conflictResolution: LinkRule = {
  rule: "conflict_resolution",
  reads: ["commits", "changes", "edit"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ actions }, session) => {
    const files = new Map<
      number,
      { paths: Set<string>; at: number; event: number; named: boolean }
    >();
    for (const action of actions) {
      if (action.kind !== "edit" || !action.removed.includes(MARKER)) continue;
      const found = conclusion(context, action);
      if (found === null) continue;
      const known = files.get(found.commit);
      if (known === undefined) {
        files.set(found.commit, {
          paths: new Set([action.path]),
          at: action.at,
          event: action.event,
          named: found.named,
        });
      } else {
        known.paths.add(action.path);
        known.at = action.at;
        known.event = action.event;
        known.named ||= found.named;
      }
    }
    for (const [commit, { paths, at, event, named }] of files) {
      const claim: Claim = {
        session,
        strength: named ? RESOLVED : UNNAMED,
        evidence: {
          rule: "conflict_resolution",
          files: [...paths].slice(0, 8),
          fileCount: paths.size,
          afterSecs: Math.round((context.commit(commit).committerAt - at) / 1000),
          at,
          event,
        },
      };
      claims.add(commit, claim);
    }
  });
  return (commit) => claims.of(commit);
}

/** The commit that a resolved conflict went into. */
function conclusion(
  context: LinkContext,
  { path, at }: { path: string; at: number },
): { commit: number; named: boolean } | null {
  const after = context.committedWithin(at - SECOND_MS, at + CONCLUDED_MS);
  let first: number | null = null;
  for (const commit of after) {
    const { hash, committerAt } = context.commit(commit);
    if (first !== null && committerAt > context.commit(first).committerAt) break;
    const files = context.facts.changeOf(hash)?.files ?? [];
    if (!files.some((file) => sameFile(path, file.path))) continue;
    if (first === null || context.isAncestor(commit, first)) first = commit;
  }
  if (first !== null && isConclusion(context, first)) return { commit: first, named: true };
  const [next] = after;
  if (next === undefined || next === first) return null;
  const { parents, committerAt } = context.commit(next);
  return parents.length > 1 && committerAt <= at + UNNAMED_MS
    ? { commit: next, named: false }
    : null;
}

/** Tells whether a commit is a merge, or was made again at another time than it was written. */
function isConclusion(context: LinkContext, commit: number): boolean {
  const { parents, authorAt, committerAt } = context.commit(commit);
  return parents.length > 1 || committerAt - authorAt > 60 * SECOND_MS;
}
