import { formatCount, formatShare } from "../lib/client/format.ts";
import { Explained } from "./Explained.tsx";

const WIDTH = 72;

/** How many of somebody's own commits have a session: a bar and its share. */
export function CoverageBar({ counts }: { counts: { linked: number; unlinked: number } }) {
  const own = counts.linked + counts.unlinked;
  if (own === 0) return <span class="faint">–</span>;
  const share = counts.linked / own;
  return (
    <span class="coverage">
      <svg width={WIDTH} height="6" aria-hidden="true">
        <rect class="coverage-rest" width={WIDTH} height="6" />
        <rect class="coverage-linked" width={WIDTH * share} height="6" />
      </svg>
      <Explained
        says={`${formatCount(counts.linked)} of ${formatCount(own)} own commits have a session.`}
      >
        {formatShare(share)}
      </Explained>
    </span>
  );
}
