/** What Markdown gives a meaning. */
const MARKS = /[\\`*_{}[\]()<>|~!]/g;
/** Words by which a host closes an issue whose number or address follows. */
const CLOSING =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=\s*:?\s+(?:[\w.-]+\/[\w.-]+)?(?:#|GH-|https?:))/gi;
/** Joins nothing and shows nothing: what it stands in is no name, number or address any more. */
const BREAK = "\u200b";

/**
 * A text of others as one line of Markdown that only shows it: nobody is notified by its @names, nothing is closed or
 * mentioned by its numbers, and none of it is a link, an image or HTML.
 */
export function neutralMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(CLOSING, (word) => word[0] + BREAK + word.slice(1))
    .replace(/@(?=[\w-])/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\bGH-(?=\d)/gi, (word) => word + BREAK)
    .replace(/\b(https?|ftp|www)(?=[:.])/gi, (word) => word + BREAK)
    .replace(MARKS, (mark) => `\\${mark}`)
    .replace(/^([#>+=-]|\d+(?=[.)]))/, "\\$1");
}
