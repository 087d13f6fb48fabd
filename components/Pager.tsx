import { formatCount } from "../lib/text/format.ts";
import { withParams } from "../lib/text/urls.ts";

export interface PagerProps {
  url: URL;
  /** How many items this page shows. */
  shown: number;
  total: number;
  /** Where the next page starts; null on the last. */
  cursor: string | null;
}

/** The foot of a list: how much of it is here, and the way on. Back is the browser's. */
export function Pager({ url, shown, total, cursor }: PagerProps) {
  const isFirst = !url.searchParams.has("cursor");
  if (isFirst && cursor === null) return null;
  return (
    <nav class="pager" aria-label="Pages of this list">
      <span>{formatCount(shown)} of {formatCount(total)} on this page</span>
      <span class="facts">
        {!isFirst && <a href={withParams(url, {})} aria-current="false">First page</a>}
        {cursor !== null && (
          <a href={withParams(url, { cursor })} rel="next" aria-current="false">Next page</a>
        )}
      </span>
    </nav>
  );
}
