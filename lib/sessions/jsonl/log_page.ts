import type { ConversationMessage, MessagePage, MessagePlace } from "../../domain/conversation.ts";
import type { JsonObject } from "../../text/json.ts";
import { readRecords, type RecordPlace } from "./append_log.ts";

/** A record's offset, and which one it is of those that stand in the same line. */
const PLACE = /^(\d{1,15})(?:-(\d{1,6}))?$/;

/**
 * Reads some messages of a conversation from a log. Their places are their records' offsets.
 *
 * @param at Where to begin, or null for the beginning; a place that cannot be gives an empty page.
 * @param messageOf The message that a record holds, without its place; null if it holds none.
 * @throws {Error} If the log cannot be opened.
 */
export function readLogPage(
  path: string,
  at: MessagePlace | null,
  limit: number,
  messageOf: (record: JsonObject, place: RecordPlace) => Omit<ConversationMessage, "place"> | null,
): MessagePage {
  const [, from, skipped = "0"] = PLACE.exec(at ?? "0") ?? [];
  const page: MessagePage = { messages: [], next: null };
  if (from === undefined) return page;
  let line = Number(from);
  let inLine = -1;
  readRecords(path, line, (record, { offset, length }) => {
    inLine = offset === line ? inLine + 1 : 0;
    line = offset;
    if (offset === Number(from) && inLine < Number(skipped)) return true;
    const message = messageOf(record, { offset, length });
    if (message === null) return true;
    const place = inLine === 0 ? `${offset}` : `${offset}-${inLine}`;
    if (page.messages.length < limit) page.messages.push({ place, ...message });
    else page.next = place;
    return page.next === null;
  });
  return page;
}
