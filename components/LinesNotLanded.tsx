import { formatCount, formatShare } from "../lib/client/format.ts";
import type { LandedCounts } from "../lib/store/views/landed_counts.ts";
import { Figure } from "./Figures.tsx";

/** Props of {@linkcode LinesNotLanded}. */
export interface LinesNotLandedProps {
  counts: LandedCounts;
  /** The list of edits that were counted. */
  href: string;
}

/** How many of the lines that sessions wrote are in no commit, and the way to them. */
export function LinesNotLanded({ counts, href }: LinesNotLandedProps) {
  const { linesWritten, linesNotLanded } = counts;
  if (linesWritten === 0) {
    return (
      <Figure label="Lines not landed" value="–" counted="linesNotLanded">
        no line written in a repository
      </Figure>
    );
  }
  return (
    <Figure label="Lines not landed" value={linesNotLanded} counted="linesNotLanded">
      {formatShare(linesNotLanded / linesWritten)} of {formatCount(linesWritten)} written
      {linesNotLanded > 0 && (
        <span class="aside">
          <a href={href}>See them</a>
        </span>
      )}
    </Figure>
  );
}
