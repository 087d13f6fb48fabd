import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import type { ContentMatch } from "../content_match.ts";

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
        strength: contentStrength(match),
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

/** How surely a session wrote a commit of which it wrote so many rare lines, and such a share. */
export function contentStrength({ weight, share }: Pick<ContentMatch, "weight" | "share">): number {
  const rare = 1 - Math.exp(-weight / 0.8);
  const much = share / (share + 0.012);
  return 0.98 * rare * much;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
