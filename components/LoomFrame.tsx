import type { ComponentChildren } from "preact";

/** Which part of the store a loom shows, and how it begins. */
export interface LoomOptions {
  /** The id of a repository or a project. */
  filter: { repository?: string; project?: string };
  /** The stretch shown first, ISO 8601. @default Everything */
  from?: string | null;
  to?: string | null;
  /** The id of a session to trace at first. */
  session?: string;
  /** The address of the same as a table. */
  table: string;
}

const LEAST_MS = 2 * 3_600_000;
const MARGIN = 0.15;

/** The props that the loom's island takes for these options. */
export function loomProps({ filter, from, to, session, table }: LoomOptions) {
  const query = new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== undefined).map((
      [name, value],
    ) => [name, String(value)]),
  );
  const view = from && to ? withMargin(Date.parse(from), Date.parse(to)) : null;
  return {
    query: query.size === 0 ? "" : `?${query}`,
    from: view?.from ?? null,
    to: view?.to ?? null,
    session: session ?? null,
    table,
  };
}

/** A loom on a page, kept as it is when the page is brought up to date around it. */
export function LoomFrame({ table, children }: { table: string; children: ComponentChildren }) {
  return (
    <section class="loom-frame" aria-label="Loom" data-keep>
      {children}
      <noscript>
        <p class="note">
          The loom needs JavaScript. The same is here <a href={table}>as a table</a>.
        </p>
      </noscript>
    </section>
  );
}

function withMargin(from: number, to: number): { from: number; to: number } {
  const least = Math.max(to - from, LEAST_MS);
  const middle = (from + to) / 2;
  const half = (least / 2) * (1 + MARGIN);
  return { from: middle - half, to: middle + half };
}
