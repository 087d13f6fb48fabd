import type { World } from "./world.ts";

/** Where a file of a story lies: `x.ts` in the folder given, `lib:x.ts` in the repository `lib`. */
export function locationOf(world: World, file: string, folder = world.repository()): string {
  const [repository, path] = file.includes(":") ? file.split(":") : [null, file];
  return `${repository === null ? folder : world.repository(repository)}/${path}`;
}

/** A file's text; "" where there is none. */
export function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** Writes a file, its folders too. */
export function write(path: string, text: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(path, text);
}

/** A word for the lines that somebody writes in a file. */
export function wordOf(who: string, file: string): string {
  return `${who}_${file.replace(/\W+/g, "_")}`;
}

/** What a story spells `\n` and `\t`. */
export function unescape(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
}

/** The patch that Claude Code reports for one changed stretch of a file. */
export function patchOf(before: string, after: string): object[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < old.length - start && end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) end++;
  const removed = old.slice(start, old.length - end);
  const added = now.slice(start, now.length - end);
  return [{
    oldStart: start + 1,
    oldLines: removed.length,
    newStart: start + 1,
    newLines: added.length,
    lines: [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)],
  }];
}
