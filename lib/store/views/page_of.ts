import { CursorError, DEFAULT_LIMIT, type Page, type PageOptions } from "./page.ts";

/**
 * Cuts a page out of a list that is short enough to be held whole.
 *
 * @throws {CursorError} If the cursor names no item of the list, or one that is gone.
 */
export function pageOf<Item extends { id: number }>(
  list: readonly Item[],
  { limit = DEFAULT_LIMIT, cursor = null }: PageOptions = {},
): Page<Item> {
  let start = 0;
  if (cursor) {
    const last = list.findIndex((item) => String(item.id) === cursor);
    if (last === -1) throw new CursorError();
    start = last + 1;
  }
  const items = list.slice(start, start + limit);
  const more = start + items.length < list.length && items.length > 0;
  return { items, total: list.length, cursor: more ? String(items.at(-1)!.id) : null };
}
