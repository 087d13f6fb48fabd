import type { ComponentChildren } from "preact";
import type { LandedCounts, LineCounts } from "../lib/store/shapes.ts";
import { formatCount, formatCounted, formatShare } from "../lib/text/format.ts";
import { Explained } from "./Explained.tsx";
import { METRIC_HELP, type MetricHelp } from "./metric_help.ts";

export interface FigureProps {
  label: string;
  value: number | string;
  /** How it was counted. */
  counted: MetricHelp;
  /** A word more, under the number. */
  children?: ComponentChildren;
}

/** A row of numbers that matter. */
export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>;
}

/** One number with its name, which says how it was counted. */
export function Figure({ label, value, counted, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <Explained says={METRIC_HELP[counted]}>
          {typeof value === "number" ? formatCount(value) : value}
        </Explained>
      </dd>
      {children !== undefined && children !== false && <dd>{children}</dd>}
    </div>
  );
}

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
      <Figure label="Lines that never landed" value="–" counted="linesNotLanded">
        no line written in a repository
      </Figure>
    );
  }
  return (
    <Figure label="Lines that never landed" value={linesNotLanded} counted="linesNotLanded">
      {formatShare(linesNotLanded / linesWritten)} of {formatCount(linesWritten)} written
      {linesNotLanded > 0 && (
        <span class="aside">
          <a href={href}>See them</a>
        </span>
      )}
    </Figure>
  );
}

/** How many of the lines that sessions wrote are still there, and what of it is not known. */
export function SurvivingLines({ lines }: { lines: LineCounts }) {
  const { written, standing, uncounted, failures, skippedFiles } = lines;
  if (written === 0) {
    return (
      <Figure label="Surviving lines" value="–" counted="standing">
        {uncounted > 0
          ? "not counted yet"
          : failures.length > 0
          ? <Failures failures={failures} />
          : "no line known to be a session's"}
      </Figure>
    );
  }
  return (
    <Figure label="Surviving lines" value={standing} counted="standing">
      {formatShare(standing / written)} of {formatCount(written)} committed
      {uncounted > 0 && <span class="aside">being counted anew</span>}
      <SkippedFiles files={skippedFiles} />
      {failures.length > 0 && <Failures failures={failures} />}
    </Figure>
  );
}

function Failures({ failures }: { failures: string[] }) {
  return (
    <span class="aside bad">
      <Explained says={failures.join(" ")}>
        {formatCounted(failures.length, "repository", "repositories")} could not be counted
      </Explained>
    </span>
  );
}

function SkippedFiles({ files: { large, name, slow } }: { files: LineCounts["skippedFiles"] }) {
  const why = [
    slow > 0 && `git blame took longer than 20 seconds for ${formatCounted(slow, "file")}`,
    large > 0 && `${formatCounted(large, "file")} larger than 4 MB`,
    name > 0 && `${formatCounted(name, "file")} with a name that git cannot be asked for`,
  ].filter(Boolean).join("; ");
  if (why === "") return null;
  return (
    <span class="aside warn">
      <Explained
        says={`None of their lines counts as still there: ${why}. A file is counted again once it changes.`}
      >
        without {formatCounted(large + name + slow, "file")}
      </Explained>
    </span>
  );
}
