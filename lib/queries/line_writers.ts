import type { WrittenRange } from "../store/shapes.ts";
import type { Writer } from "./schemas.ts";

/** Finds who wrote a line of a file, by the line's number in the commit's version. */
export function indexWritten(
  ranges: readonly WrittenRange[],
): (path: string, line: number) => Writer | null {
  const byPath = new Map<string, WrittenRange[]>();
  for (const range of ranges) {
    const ofPath = byPath.get(range.path);
    if (ofPath === undefined) byPath.set(range.path, [range]);
    else ofPath.push(range);
  }
  return (path, line) =>
    byPath.get(path)?.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine) ??
      null;
}

/** Whether two lines come from the same prompt of the same session, or both from none. */
export function sameWriter(a: Writer | null, b: Writer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.session.sessionId === b.session.sessionId && a.prompt?.id === b.prompt?.id;
}

/** The page that shows what was asked: the session's, at the prompt. */
export function writerHref({ session, prompt }: Writer): string {
  const page = `/sessions/${session.sessionId}`;
  return prompt === null ? page : `${page}?prompt=${prompt.id}#prompt-${prompt.id}`;
}
