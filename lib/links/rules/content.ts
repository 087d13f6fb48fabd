import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";

/** The most file names that a link's evidence lists. */
const MAX_FILES = 8;

/** Lines that the commit adds were written by the session, in the same file, before the commit. */
export const content: LinkRule = { rule: "content", prepare };

function prepare(context: LinkContext): (commit: number) => Claim[] {
  return (commit) => {
    const { matches, telling } = context.content(commit);
    return matches.map((match) => {
      const files = new Set(match.lines.map(({ path }) => path));
      return {
        session: match.session,
        strength: contentStrength(match.weight, telling),
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

/** However many lines agree, another session may have written them too, unseen. */
const MOST = 0.95;
/** Rare lines that are as good as none: the first two or three make the difference. */
const RARE = 0.8;
/** What lines like the session's come to by chance, squared and by line of the commit. */
const CHANCE = 0.15;

/**
 * How surely a session wrote a commit of which it wrote so many rare lines.
 *
 * A few are enough in a small commit. Chance matches grow with the commit, by the root of its lines, so that a large one
 * takes more.
 */
export function contentStrength(weight: number, telling: number): number {
  const rare = 1 - Math.exp(-weight / RARE);
  const beyondChance = 1 - Math.exp(-(weight * weight) / Math.max(1, telling) / CHANCE);
  return MOST * rare * beyondChance;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
