/** Tells whether a path is Windows' own, as `C:\x` or `C:/x`. */
export function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

/** Tells whether a path begins at a root, on this system or on Windows. */
export function isWholePath(path: string): boolean {
  return path.startsWith("/") || isWindowsPath(path);
}

/** A path with `/` between its parts, without `.`, `..`, doubled or trailing slashes; relative paths stay relative. */
export function normalPath(path: string): string {
  const spelled = isWindowsPath(path) || !path.includes("/") ? path.replaceAll("\\", "/") : path;
  if (!/\/\/|\/\.|^\.|\/$/.test(spelled)) return driveUpper(spelled);
  const absolute = spelled.startsWith("/");
  const parts: string[] = [];
  for (const part of spelled.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  }
  return driveUpper((absolute ? "/" : "") + parts.join("/"));
}

function driveUpper(path: string): string {
  return /^[a-z]:/.test(path) ? path[0].toUpperCase() + path.slice(1) : path;
}

/** `path` seen from `folder`; null where it is relative and the folder is unknown. */
export function joinPath(folder: string | null, path: string): string | null {
  if (path.startsWith("/") || isWindowsPath(path)) return normalPath(path);
  if (folder === null) return null;
  return normalPath(`${normalPath(folder)}/${path.replaceAll("\\", "/")}`);
}

/** The folder that holds `path`; the root holds itself. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** A path in the composed Unicode form: macOS gives decomposed names where git keeps composed ones. */
export function composed(path: string): string {
  // deno-lint-ignore no-control-regex -- everything but ASCII
  return /[^\x00-\x7f]/.test(path) ? path.normalize("NFC") : path;
}

/** A path or name as two spellings of one are compared: whatever their case and Unicode form. */
export function folded(path: string): string {
  return composed(path).toLowerCase();
}

/** The home folder that a path lies in, as systems lay them out, or null. */
export function homeOf(path: string): string | null {
  return /^(?:\/(?:home|Users)\/[^/]+|\/root(?=\/|$)|[A-Za-z]:[\\/]Users[\\/][^\\/]+)/.exec(path)
    ?.[0] ?? null;
}

/** Joins a path to the folder it is relative to, both as a transcript spells them, POSIX or Windows. */
export function resolvePath(path: string, folder: string | null): string {
  if (folder === null || /^(?:[\\/~]|[A-Za-z]:[\\/])/.test(path)) return path;
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  const parts = folder.split(separator);
  for (const part of path.split(separator === "\\" ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join(separator);
}
