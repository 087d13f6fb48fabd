/** A text as a shell takes it for one word, whatever it holds: for commands that a message says to run. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
