import type { ComponentChildren } from "preact";

/** What stands where a list has nothing: why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** Props of {@linkcode EmptyList}. */
export interface EmptyListProps {
  /** The list's address, with its filters. */
  url: URL;
  /** What it lists, such as `session`. */
  noun: string;
}

/** What stands where a list has nothing: either its filters let nothing through, or nothing has been read yet. */
export function EmptyList({ url, noun }: EmptyListProps) {
  const isFiltered = [...url.searchParams.values()].some((value) => value !== "");
  if (isFiltered) {
    return (
      <Empty title={`No ${noun} matches`}>
        Take a filter away, or <a href={url.pathname} aria-current="false">see all {noun}s</a>.
      </Empty>
    );
  }
  return (
    <Empty title={`No ${noun} yet`}>
      It turns up here once a sync has read it: press <strong>Sync now</strong>{" "}
      below. If nothing comes, <a href="/settings#folders">Settings</a>{" "}
      says where Ascribe looks for sessions.
    </Empty>
  );
}
