import { formatCount, formatCounted, formatHours, formatShare } from "../lib/client/format.ts";
import type { Dashboard } from "../lib/store/views/stats.ts";
import { listHref } from "../lib/pages/address.ts";
import { Figure, Figures } from "./Figures.tsx";
import { LinesNotLanded } from "./LinesNotLanded.tsx";
import { StandingLines } from "./StandingLines.tsx";

/** Props of {@linkcode OverviewFigures}. */
export interface OverviewFiguresProps {
  dashboard: Dashboard;
  /** The one repository that it is about; all without it. */
  repositoryId?: number;
}

/** The range's totals, the one that matters most first. */
export function OverviewFigures({ dashboard, repositoryId }: OverviewFiguresProps) {
  const { totals, coverage, lines, from, to } = dashboard;
  const own = totals.linked + totals.unlinked;
  return (
    <Figures>
      <Figure
        label="Coverage"
        value={own === 0 ? "–" : formatShare(totals.linked / own)}
        counted="coverage"
      >
        {formatCount(totals.linked)} of {formatCounted(own, "commit")}
      </Figure>
      <Figure label="Commits with a session" value={totals.linked} counted="linked">
        {formatCount(totals.tier1)} recorded, {formatCount(totals.tier2)} inferred
      </Figure>
      <Figure label="Commits without" value={totals.unlinked} counted="unlinked">
        {totals.unlinked > 0 && (
          <>
            {formatCount(totals.unlinked - totals.unknown)} by hand, {formatCount(totals.unknown)}
            {" "}
            unknown
            <span class="aside">
              <a href={listHref("/commits", { from, to, repositoryId, state: "unlinked" })}>
                See them
              </a>
            </span>
          </>
        )}
      </Figure>
      <Figure label="Commits by others" value={totals.elsewhere} counted="elsewhere" />
      <LinesNotLanded
        counts={coverage}
        href={listHref("/edits", { from, to, repositoryId, landed: "missing" })}
      />
      <StandingLines lines={lines} />
      <Figure label="Sessions" value={totals.sessions} counted="sessionsInRange">
        {formatCount(coverage.sessionsWithCommits)} with commits
      </Figure>
      <Figure
        label="Session time"
        value={formatHours(totals.activeMinutes)}
        counted="activeTime"
      />
    </Figures>
  );
}
