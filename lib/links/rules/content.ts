import { beyondChance } from "../score.ts";
import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";

/** However many lines agree, another session may have written them too, unseen. */
const MOST = 0.95;
/** The most file names that a link's evidence lists. */
const MAX_FILES = 8;

/** Lines that the commit adds were written by the session, in the same file, before the commit. */
export const content: LinkRule = {
  rule: "content",
  reads: ["commits", "changes", "edit"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  return (commit) => {
    const { matches, telling } = context.content(commit);
    return matches.map((match) => {
      const files = new Set(match.lines.map(({ path }) => path));
      return {
        session: match.session,
        strength: MOST * beyondChance(match.weight, telling),
        evidence: {
          rule: "content",
          lines: match.lines.length,
          of: telling,
          weight: round(match.weight),
          share: round(match.share),
          files: [...files].slice(0, MAX_FILES),
          fileCount: files.size,
          lastAt: match.lastAt,
        },
      };
    });
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
