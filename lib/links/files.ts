import type { FileChange } from "../domain/link_facts.ts";
import { basename, composed, folded } from "../text/paths.ts";

const LOCK_FILES = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
  "composer.lock",
  "gemfile.lock",
  "cargo.lock",
  "poetry.lock",
  "pdm.lock",
  "uv.lock",
  "pipfile.lock",
  "go.sum",
  "go.work.sum",
  "flake.lock",
  "mix.lock",
  "pubspec.lock",
  "podfile.lock",
  "package.resolved",
  "packages.lock.json",
  "gradle.lockfile",
  "conan.lock",
  ".terraform.lock.hcl",
]);

const VENDORED =
  /(?:^|\/)(?:node_modules|vendor|third_party|third-party|bower_components|Pods|\.yarn\/(?:cache|releases)|site-packages)\//;

const GENERATED =
  /(?:^|\/)(?:dist|__snapshots__|__generated__)\/|\.(?:min\.(?:js|css|mjs)|map|snap|pb\.go|pb\.cc|pb\.h|g\.dart|designer\.cs|svg|lock)$|(?:_pb2(?:_grpc)?\.pyi?|_generated\.\w+|\.generated\.\w+)$/i;

/** Tells whether a file's lines were written by a program: lock files, vendored and generated ones prove nothing. */
export function isGenerated(path: string): boolean {
  return LOCK_FILES.has(basename(path).toLowerCase()) || VENDORED.test(path) ||
    GENERATED.test(path);
}

/**
 * Tells whether two paths may be one file's: the same, or one the end of the other, since what stands above a
 * checkout that is gone cannot be known.
 */
export function sameFile(a: string, b: string): boolean {
  if (a === b || sameSpelled(a, b)) return true;
  const [one, other] = [composed(a), composed(b)];
  return (one !== a || other !== b) && (one === other || sameSpelled(one, other));
}

function sameSpelled(a: string, b: string): boolean {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (!long.endsWith(short)) return long.toLowerCase() === short.toLowerCase();
  return short !== "" && long[long.length - short.length - 1] === "/";
}

/** A file's name as names are looked up: whatever its case and Unicode form. */
export function nameOf(path: string): string {
  return folded(basename(path));
}

/** Tells whether a path may be that of a file that a commit changes, before or after it. */
export function isOfFile(path: string, file: Pick<FileChange, "path" | "oldPath">): boolean {
  return sameFile(path, file.path) || (file.oldPath !== null && sameFile(path, file.oldPath));
}
