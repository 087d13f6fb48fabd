const MOST_WORDS = 8;
const MOST_LETTERS = 64;

/** The words somebody searches for, in their order; the rest of a very long text is left out. */
export function searchWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, MOST_WORDS)
    .map((word) => word.slice(0, MOST_LETTERS));
}

/**
 * Turns what somebody typed into a full-text query that cannot fail: every word must occur, each as the start of one.
 * What looks like an operator is a word like any other.
 *
 * @returns null where the text holds no word.
 */
export function matchQuery(text: string): string | null {
  const words = searchWords(text);
  if (words.length === 0) return null;
  // A NUL would end the query early.
  return words.map((word) => `"${word.replaceAll("\0", " ").replaceAll('"', '""')}"*`).join(" ");
}
