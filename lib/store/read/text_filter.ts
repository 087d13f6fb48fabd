import type { SqlValue } from "../database.ts";

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

/** A condition of a query with its values. */
export interface Condition {
  sql: string;
  values: SqlValue[];
}

/** What nothing meets: the answer to a text without a word. */
const NOTHING: Condition = { sql: "FALSE", values: [] };

/** Sessions whose title and first message hold every word, or whose id starts with the text. */
export function sessionTextCondition(text: string): Condition {
  const match = matchQuery(text);
  if (match === null) return NOTHING;
  return {
    sql: `s.id IN (
      SELECT rowid FROM session_search WHERE session_search MATCH ?
      UNION ALL SELECT id FROM sessions WHERE session_id >= ? AND session_id < ?)`,
    values: [match, ...idRange(text)],
  };
}

/**
 * Where a condition on ids finds many, it is cheaper to walk all rows in their order and test each than to fetch every
 * one found and sort them: a `+` keeps SQLite from starting with the ids found.
 */
export function walkInOrder(condition: string): string {
  return condition.replace(/^[cs]\.id IN \(/, "+$&");
}

/** Commits whose subject holds every word, or whose hash starts with the text. */
export function commitTextCondition(text: string): Condition {
  return commitCondition("subject", text, {
    sql: `UNION ALL SELECT c.id FROM commits c WHERE ${HASH_BETWEEN}`,
    values: idRange(text),
  });
}

/** Commits whose author's name and address hold every word. */
export function commitAuthorCondition(text: string): Condition {
  return commitCondition("author", text, { sql: "", values: [] });
}

/** Commits too new to be in the index yet are compared one by one. */
function commitCondition(column: "subject" | "author", text: string, more: Condition): Condition {
  const match = matchQuery(text);
  if (match === null) return NOTHING;
  const words = searchWords(text).map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  const value = column === "subject" ? "subject" : "author_name || ' ' || author_email";
  const like = words.map(() => `${value} LIKE ? ESCAPE '\\'`).join(" AND ");
  return {
    sql: `c.id IN (
      SELECT rowid FROM commit_search WHERE commit_search MATCH ?
      UNION ALL SELECT id FROM commits
        WHERE id > (SELECT last_id FROM search_marks WHERE name = 'commits') AND ${like}
      ${more.sql})`,
    values: [`${column} : (${match})`, ...words, ...more.values],
  };
}

/**
 * Commits of any repository whose hash lies from one value to another: repositories are named since the index on
 * hashes has them first.
 */
export const HASH_BETWEEN =
  "c.repository_id IN (SELECT id FROM repositories) AND c.hash >= ? AND c.hash < ?";

/** Ids and hashes that begin with the text lie from the first value to the second, exclusive. */
export function idRange(text: string): [string, string] {
  const start = text.trim().toLowerCase();
  return [start, `${start}\u{10ffff}`];
}
