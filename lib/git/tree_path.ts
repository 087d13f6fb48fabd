import { unquote } from "./diff_parser.ts";

/**
 * Paths in a repository are bytes. As a text, one that is UTF-8 is itself; any other is spelled as git spells it: in
 * quotes, with `\351` for a byte. So that this is no other file's name, a path that begins with a quote is spelled so too.
 */
export function spellPath(bytes: Uint8Array): string {
  if (bytes[0] !== QUOTE && isUtf8(bytes)) return new TextDecoder("utf-8", KEEP).decode(bytes);
  let inside = "";
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH;
    inside += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${inside}"`;
}

/** The bytes of a path as {@linkcode spellPath} gives it. */
export function pathBytes(path: string): Uint8Array {
  if (!isSpelled(path)) return new TextEncoder().encode(path);
  const bytes: number[] = [];
  for (const [part, octal] of path.slice(1, -1).matchAll(/\\([0-7]{3})|[^\\]/g)) {
    bytes.push(octal === undefined ? part.charCodeAt(0) : parseInt(octal, 8));
  }
  return Uint8Array.from(bytes);
}

/** Whether a path is spelled in quotes: git takes no such name as an argument, only through its input. */
export function isSpelled(path: string): boolean {
  return /^"(?:[ !#-[\]-~]|\\[0-3][0-7]{2})*"$/.test(path);
}

/** A path for people to read: bytes that are no text are `\ufffd`. */
export function readablePath(path: string): string {
  return isSpelled(path) ? unquote(path) : path;
}

/** Every folder above a path with its own path, the topmost first, and the path itself at last. */
export function pathSteps(path: string): { name: string; path: string }[] {
  const bytes = pathBytes(path);
  const steps = [];
  for (let end = 0, start = 0; end <= bytes.length; end++) {
    if (end < bytes.length && bytes[end] !== SLASH) continue;
    steps.push({
      name: new TextDecoder().decode(bytes.subarray(start, end)),
      path: spellPath(bytes.subarray(0, end)),
    });
    start = end + 1;
  }
  return steps;
}

/** A path inside a folder; "" is the topmost. */
export function insidePath(folder: string, name: Uint8Array): string {
  if (folder === "") return spellPath(name);
  const before = pathBytes(folder);
  const bytes = new Uint8Array(before.byteLength + 1 + name.byteLength);
  bytes.set(before);
  bytes[before.byteLength] = SLASH;
  bytes.set(name, before.byteLength + 1);
  return spellPath(bytes);
}

/** A name may begin with what is a byte order mark elsewhere. */
const KEEP = { ignoreBOM: true };
const QUOTE = 34;
const BACKSLASH = 92;
const SLASH = 47;

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
