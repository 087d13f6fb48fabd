import { highlightLines } from "../highlight/highlight.ts";
import type { CodeLine } from "../highlight/code_line.ts";
import type { CommitHash } from "../domain/ids.ts";
import { parseFileList } from "./file_list.ts";
import { PatchParser, type PatchSection } from "./patch_parser.ts";
import type { CommitDiff, FileDiff, FileStatus, GitAnswer, GitTrouble, Hunk } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitEnd, GitFailure, GitRunner } from "./runner.ts";
import { trouble } from "./trouble.ts";

/** The most of a patch that is read; what is longer was not written by hand. */
const MOST_BYTES = 6 * 1_048_576;
const LONGEST_MS = 20_000;
/** The most files that are told apart. */
const MOST_FILES = 1_000;
/** The most code that is highlighted in one diff, in characters. */
const MOST_HIGHLIGHTED = 400_000;

const OPTIONS = [
  "-c",
  "core.quotePath=true",
  "-c",
  "diff.renameLimit=1000",
  "diff-tree",
  "--no-commit-id",
  "--root",
  "-r",
  "-M",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--submodule=short",
];

/** Which commit is compared, in which repository. */
export interface CommitDiffOptions {
  place: GitPlace;
  hash: CommitHash;
  /** How many parents it has. */
  parents: number;
  signal?: AbortSignal;
}

/**
 * Reads what a commit changes: compared with its parent, or with nothing if it is the first. Of a merge only what it
 * has from none of its parents counts: everything else is the work of other commits.
 */
export async function readCommitDiff(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitAnswer<"diff">> {
  return options.parents > 1 ? await readMerge(git, options) : await readChange(git, options);
}

async function readMerge(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitAnswer<"diff">> {
  const { sections, end, cut } = await readPatch(git, { ...options, mode: "--cc" });
  if (end.kind !== "ok") return troubleWith(end, options);
  const files = sections.slice(0, MOST_FILES).map((section): FileDiff => ({
    path: section.path,
    spelledPath: section.spelledPath,
    oldPath: null,
    status: mergedStatus(section),
    oldMode: null,
    newMode: null,
    binary: section.binary,
    added: section.added,
    removed: section.removed,
    hunks: plainHunks(section),
    cut: section.cut,
  }));
  return await finished("parents", files, cut || sections.length > MOST_FILES);
}

async function readChange(
  git: GitRunner,
  options: CommitDiffOptions,
): Promise<GitAnswer<"diff">> {
  const { place, hash, parents, signal } = options;
  const [listing, patch] = await Promise.all([
    git.run([...OPTIONS, "--raw", "--numstat", "-z", hash], {
      ...place,
      signal,
      timeoutMs: LONGEST_MS,
      maxBytes: 16 * 1_048_576,
    }),
    readPatch(git, { ...options, mode: "-p" }),
  ]);
  if (listing.kind !== "ok") return troubleWith(listing, options);
  if (patch.end.kind !== "ok") return troubleWith(patch.end, options);
  const listed = parseFileList(listing.stdout);
  const { sections } = patch;
  let at = 0;
  const files = listed.slice(0, MOST_FILES).map((file): FileDiff => {
    // A change of type, as from a file to a link, is patched as one file less and one more.
    const own = sections.slice(at, at += file.status === "typeChanged" ? 2 : 1);
    return {
      ...file,
      binary: file.added === null,
      added: file.added ?? 0,
      removed: file.removed ?? 0,
      hunks: own.flatMap(plainHunks),
      // git was stopped within the last section, or before there was one.
      cut: own.some((section) => section.cut) ||
        (patch.cut && at >= sections.length && file.added !== null),
    };
  });
  const cut = patch.cut || listed.length > MOST_FILES;
  return await finished(parents === 0 ? "nothing" : "parent", files, cut);
}

/** A commit that no ref holds is there until git tidies up, and stays in the store after that. */
function troubleWith(outcome: GitFailure, { place, hash }: CommitDiffOptions): GitTrouble {
  const isGone = outcome.kind === "failed" &&
    new RegExp(`(bad object|unable to read|ambiguous argument) '?${hash}`).test(outcome.stderr);
  if (!isGone) return trouble(outcome, place.cwd);
  const message = "The repository no longer has this commit: " +
    "no branch or tag held it any more, and git has removed it.";
  return { kind: "trouble", code: "notFound", message };
}

async function readPatch(
  git: GitRunner,
  { place, hash, signal, mode }: CommitDiffOptions & { mode: "-p" | "--cc" },
): Promise<{ sections: PatchSection[]; end: GitEnd; cut: boolean }> {
  const parser = new PatchParser();
  let size = 0;
  const stream = git.stream(
    [...OPTIONS, mode, "-U3", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", hash],
    { ...place, signal, timeoutMs: LONGEST_MS, idleMs: LONGEST_MS },
  );
  for await (const chunk of stream) {
    parser.push(chunk);
    size += chunk.byteLength;
    if (size > MOST_BYTES) break;
  }
  const ended = await stream.ended;
  const cut = size > MOST_BYTES;
  if (!cut) parser.end();
  const end: GitEnd = cut && ended.kind === "aborted" ? { kind: "ok", stderr: "" } : ended;
  return { sections: parser.sections, end, cut };
}

function mergedStatus({ header }: PatchSection): FileStatus {
  if (header.some((line) => line.startsWith("new file mode "))) return "added";
  if (header.some((line) => line.startsWith("deleted file mode "))) return "deleted";
  return "modified";
}

function plainHunks(section: PatchSection): Hunk[] {
  return section.hunks.map((hunk) => ({
    ...hunk,
    lines: hunk.lines.map(({ text, ...line }) => ({ ...line, code: [text] })),
  }));
}

async function finished(
  against: CommitDiff["against"],
  files: FileDiff[],
  cut: boolean,
): Promise<GitAnswer<"diff">> {
  let left = MOST_HIGHLIGHTED;
  for (const { path, hunks } of files) {
    for (const hunk of hunks) {
      left -= hunk.lines.reduce((sum, { code }) => sum + code[0].length, 0);
      if (left < 0) break;
      await highlightHunk(hunk, path);
    }
  }
  const isCut = cut || files.some((file) => file.cut);
  return { kind: "ok", value: { against, files, cut: isCut } };
}

/** Reads both sides as code of their own, since removed and added lines do not follow each other. */
async function highlightHunk({ lines }: Hunk, path: string): Promise<void> {
  const shown = new Map<number, CodeLine>();
  for (const other of ["added", "removed"]) {
    const places = lines.flatMap(({ kind }, i) => kind === other ? [] : [i]);
    const code = await highlightLines(places.map((i) => lines[i].code[0] as string), path);
    places.forEach((place, i) => shown.set(place, code[i]));
  }
  for (const [i, code] of shown) lines[i] = { ...lines[i], code };
}
