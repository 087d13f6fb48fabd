/** The longest prompt or command that is kept, in characters. */
const MAX_TEXT = 16_384;

/** The longest excerpt of a message that lists show, in characters. */
const MAX_EXCERPT = 500;

/** What lists show of a message; null where it says nothing. */
export function excerpt(said: unknown): string | null {
  const trimmed = typeof said === "string" ? said.trim() : "";
  return trimmed === "" ? null : clip(trimmed, MAX_EXCERPT).toWellFormed();
}

/** Cuts a text to `length` characters without splitting a surrogate pair. */
export function clip(value: string, length = MAX_TEXT): string {
  if (value.length <= length) return value;
  const last = value.charCodeAt(length - 1);
  const cut = value.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
  // A slice holds the whole in memory, which may be many times as long.
  return value.length > 4 * length ? JSON.parse(JSON.stringify(cut)) : cut;
}
