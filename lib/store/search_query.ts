const MOST_WORDS = 8;
const MOST_LETTERS = 64;

/** The words somebody searches for, in their order; the rest of a very long text is left out. */
export function searchWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, MOST_WORDS)
    .map((word) => word.slice(0, MOST_LETTERS));
}

/** Words that stand nearly everywhere: they cost the most and tell the least. */
const COMMON = new Set(
  "a an and are as at be by for from in is it of on or that the this to with".split(" "),
);

/**
 * Turns what somebody typed into a full-text query that cannot fail: every word must occur, each as the start of one.
 * What looks like an operator is a word like any other. Very common words are left out, but for the last, which may
 * still be growing.
 *
 * @returns null where the text holds no word.
 */
export function matchQuery(text: string): string | null {
  const words = searchWords(text);
  if (words.length === 0) return null;
  const telling = words.filter((word, i) =>
    i === words.length - 1 || !COMMON.has(word.toLowerCase())
  );
  // A NUL would end the query early.
  return telling.map((word) => `"${word.replaceAll("\0", " ").replaceAll('"', '""')}"*`).join(" ");
}
