import { formatCount } from "../lib/client/format.ts";
import { ExplainedBy } from "./Explained.tsx";

/** One part of a list. */
export interface CountedTab {
  label: string;
  href: string;
  current: boolean;
  count: number;
  /** What the part holds. */
  says: string;
}

/** The parts of a list with how much each holds, and in words what the one holds that is shown. */
export function CountedTabs({ label, tabs }: { label: string; tabs: CountedTab[] }) {
  return (
    <>
      <nav class="tabs" aria-label={label}>
        {tabs.map(({ label, href, current, count, says }) => (
          <ExplainedBy key={label} says={says}>
            <a href={href} aria-current={current ? "page" : "false"} aria-description={says}>
              {label} <span class="count">{formatCount(count)}</span>
            </a>
          </ExplainedBy>
        ))}
      </nav>
      <p class="tabs-note note">{tabs.find(({ current }) => current)?.says}</p>
    </>
  );
}
