const ABSOLUTE = /^(?:[\\/~]|[A-Za-z]:[\\/])/;

/** Joins a path to the folder it is relative to, both as a transcript spells them, POSIX or Windows. */
export function resolvePath(path: string, folder: string | null): string {
  if (folder === null || ABSOLUTE.test(path)) return path;
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  const parts = folder.split(separator);
  for (const part of path.split(separator === "\\" ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join(separator);
}
