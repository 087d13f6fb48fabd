import type { CommitHash } from "../domain/ids.ts";
import type { BlameGroup, GitTrouble } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitRunner } from "./runner.ts";
import { pathBytes, readablePath } from "./tree_path.ts";
import { trouble } from "./trouble.ts";

const LONGEST_MS = 30_000;
const MOST_BYTES = 64 * 1_048_576;

/** A commit that changed the file, with what its patch replaced: so many lines from a line on by so many others. */
interface Change extends Pick<BlameGroup, "hash" | "authorName" | "authorAt" | "subject"> {
  /** The contents before and after, as git names them. */
  before: string;
  after: string;
  hunks: { oldCount: number; newStart: number; newCount: number }[];
}

/** A line of the version asked about: its number there, and in the version that was reached. */
interface Carried {
  line: number;
  at: number;
}

/**
 * Tells who wrote the lines of a file as git blame does, from the patches of its history: git blame takes a name as an
 * argument alone, where one that is not UTF-8 cannot stand, and git log takes it from its input. Renamings are not followed.
 *
 * @param file.blob The content at `hash`.
 * @param file.count How many lines it has.
 * @returns null where the history is no line: where two branches changed the file, and were merged.
 */
export async function blameByPatches(
  git: GitRunner,
  { place, hash, path, signal }: {
    place: GitPlace;
    hash: CommitHash;
    path: string;
    signal?: AbortSignal;
  },
  file: { blob: string; count: number },
): Promise<BlameGroup[] | GitTrouble | null> {
  const outcome = await git.run(
    [
      "-c",
      "log.follow=false",
      "log",
      "--stdin",
      "--format=%x00%H%x00%an%x00%at%x00%s",
      "--encoding=UTF-8",
      "--no-mailmap",
      "--no-show-signature",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--text",
      "--no-indent-heuristic",
      "--no-color",
      "--raw",
      "--no-abbrev",
      "-p",
      "-U0",
      "--inter-hunk-context=0",
      hash,
    ],
    {
      ...place,
      signal,
      timeoutMs: LONGEST_MS,
      maxBytes: MOST_BYTES,
      input: Uint8Array.from([...DASHES, ...pathBytes(path), NEWLINE]),
    },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const changes = parseChanges(new TextDecoder().decode(outcome.stdout));
  return isLine(changes, file.blob) ? groupsOf(changes, { path, count: file.count }) : null;
}

const NEWLINE = 10;
const DASHES = new TextEncoder().encode("--\n");

const RAW = /^:\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) /;
const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads what `git log --raw -p -U0` prints; the newest change comes first. */
function parseChanges(text: string): Change[] {
  const changes: Change[] = [];
  let left = 0;
  for (const line of text.split("\n")) {
    // What the lines of a file say is never taken for git's own words.
    if (left > 0) {
      if (!line.startsWith("\\")) left--;
      continue;
    }
    if (line.startsWith("\0")) {
      const [, hash, authorName, time, subject] = line.split("\0");
      const authorAt = Number(time) * 1_000;
      const about = { hash: hash as CommitHash, authorName, authorAt, subject };
      changes.push({ ...about, before: "", after: "", hunks: [] });
      continue;
    }
    const change = changes.at(-1);
    const raw = RAW.exec(line);
    const hunk = HUNK.exec(line);
    if (change === undefined) continue;
    if (raw !== null) [, change.before, change.after] = raw;
    if (hunk === null) continue;
    const [oldCount, newCount] = [Number(hunk[1] ?? 1), Number(hunk[3] ?? 1)];
    // Where nothing was added, git names the line before the place.
    const newStart = Number(hunk[2]) + (newCount === 0 ? 1 : 0);
    change.hunks.push({ oldCount, newStart, newCount });
    left = oldCount + newCount;
  }
  return changes;
}

/** Whether each change began with what the one before it ended with, the first of all with nothing. */
function isLine(changes: readonly Change[], blob: string): boolean {
  let expected = blob;
  for (const { before, after } of changes) {
    if (after !== expected) return false;
    if (/^0+$/.test(before)) return true;
    expected = before;
  }
  return false;
}

function groupsOf(
  changes: readonly Change[],
  { path, count }: { path: string; count: number },
): BlameGroup[] {
  const groups: BlameGroup[] = [];
  let carried = Array.from({ length: count }, (_, i): Carried => ({ line: i + 1, at: i + 1 }));
  for (const [i, { hash, authorName, authorAt, subject, hunks, before }] of changes.entries()) {
    const older = /^0+$/.test(before) ? undefined : changes[i + 1];
    const kept: Carried[] = [];
    let hunk = 0;
    let shift = 0;
    for (const { line, at } of carried) {
      while (hunk < hunks.length && hunks[hunk].newStart + hunks[hunk].newCount <= at) {
        shift += hunks[hunk].newCount - hunks[hunk].oldCount;
        hunk++;
      }
      if (hunk >= hunks.length || at < hunks[hunk].newStart) {
        kept.push({ line, at: at - shift });
        continue;
      }
      const last = groups.at(-1);
      if (
        last?.hash === hash && last.line + last.count === line &&
        last.originalLine + last.count === at
      ) {
        last.count++;
        continue;
      }
      groups.push({
        line,
        count: 1,
        hash,
        originalLine: at,
        originalPath: readablePath(path),
        authorName,
        authorAt,
        subject,
        previous: older === undefined ? null : { hash: older.hash, path },
      });
    }
    if (older === undefined) break;
    carried = kept;
  }
  return groups.sort((a, b) => a.line - b.line);
}
