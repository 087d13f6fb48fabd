import { formatCount, formatShare } from "../lib/client/format.ts";

const WIDTH = 72;

/** How many of somebody's own commits have a session: a bar and its share. */
export function CoverageBar({ counts }: { counts: { linked: number; unlinked: number } }) {
  const own = counts.linked + counts.unlinked;
  if (own === 0) return <span class="faint">–</span>;
  const share = counts.linked / own;
  return (
    <span
      class="coverage"
      title={`${formatCount(counts.linked)} of ${formatCount(own)} own commits have a session`}
    >
      <svg width={WIDTH} height="6" aria-hidden="true">
        <rect class="coverage-rest" width={WIDTH} height="6" />
        <rect class="coverage-linked" width={WIDTH * share} height="6" />
      </svg>
      {formatShare(share)}
    </span>
  );
}
