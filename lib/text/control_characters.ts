/** What steers a terminal, breaks a line or turns the direction of what follows, as names and messages may hold it. */
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text of others with nothing in it that a terminal would obey: each such character is spelled as JSON spells it, so
 * that what was JSON stays the same JSON.
 */
export function escapeControl(text: string): string {
  return text.replace(
    STEERING,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
