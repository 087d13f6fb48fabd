import { formatCount, formatCounted, formatShare } from "../lib/client/format.ts";
import type { LineCounts } from "../lib/store/views/line_counts.ts";
import { Explained } from "./Explained.tsx";
import { Figure } from "./Figures.tsx";

/** How many of the lines that sessions wrote are still there, and what of it is not known. */
export function StandingLines({ lines }: { lines: LineCounts }) {
  const { written, standing, uncounted, failures, skippedFiles } = lines;
  if (written === 0) {
    return (
      <Figure label="Lines still there" value="–" counted="standing">
        {uncounted > 0
          ? "not counted yet"
          : failures.length > 0
          ? <Failures failures={failures} />
          : "no line known to be a session's"}
      </Figure>
    );
  }
  return (
    <Figure label="Lines still there" value={standing} counted="standing">
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
