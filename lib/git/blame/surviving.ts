import type { BlameGroup, Skipped } from "../../domain/blame.ts";
import type { CommitHash } from "../../domain/ids.ts";
import { DAY_MS } from "../../time/days.ts";
import type { GitDir, GitFailure, GitRunner } from "../run/runner.ts";
import { parseGroups } from "./blame.ts";

/** Where to look, and how far back: nothing committed before `since`, Unix milliseconds, matters. */
export interface SurvivingOptions {
  place: GitDir;
  head: CommitHash;
  since: number;
  signal?: AbortSignal;
}

/** A file of a version: the object that holds its content. */
export interface SurvivingFile {
  path: string;
  /** Empty where it could not be asked for. */
  blob: string;
  skipped: Skipped | null;
}

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Larger files are no source that somebody reads. */
const MOST_BYTES = 4 * 1_048_576;
const LONGEST_BLAME_MS = 20_000;
/** Clocks of machines differ: git stops at the first commit that is older, so it gets an older time. */
const SLACK_MS = DAY_MS;

/** The commit that is checked out; null where there is none yet. */
export async function readHead(
  git: GitRunner,
  { place, signal }: Pick<SurvivingOptions, "place" | "signal">,
): Promise<{ kind: "ok"; head: CommitHash | null } | GitFailure> {
  const outcome = await git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], {
    ...place,
    signal,
  });
  if (outcome.kind === "failed" && outcome.stderr === "") return { kind: "ok", head: null };
  if (outcome.kind !== "ok") return outcome;
  const hash = new TextDecoder().decode(outcome.stdout).trim();
  return { kind: "ok", head: HASH.test(hash) ? hash as CommitHash : null };
}

/** Which of these paths a version has as files, all asked in one call; a path that cannot be asked for is skipped. */
export async function readSurvivingFiles(
  git: GitRunner,
  paths: readonly string[],
  { place, head, signal }: SurvivingOptions,
): Promise<{ kind: "ok"; files: SurvivingFile[] } | GitFailure> {
  // The question is a line, and a name that is not UTF-8 cannot be asked for.
  const isAsked = (path: string) => !/[\n\ufffd]/.test(path);
  const asked = paths.filter(isAsked);
  const files: SurvivingFile[] = paths.filter((path) => !isAsked(path))
    .map((path) => ({ path, blob: "", skipped: "name" }));
  if (asked.length === 0) return { kind: "ok", files };
  const outcome = await git.run(
    ["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"],
    { ...place, signal, input: asked.map((path) => `${head}:${path}\n`).join("") },
  );
  if (outcome.kind !== "ok") return outcome;
  new TextDecoder().decode(outcome.stdout).split("\n").forEach((line, place) => {
    const [blob, type, size] = line.split(" ");
    if (type !== "blob" || !HASH.test(blob)) return;
    const skipped = Number(size) > MOST_BYTES ? "large" : null;
    files.push({ path: asked[place], blob, skipped });
  });
  return { kind: "ok", files };
}

/** Every renaming in the history of a version, the oldest first. */
export async function readRenames(
  git: GitRunner,
  { place, head, since, signal }: SurvivingOptions,
): Promise<{ kind: "ok"; renames: { from: string; to: string }[] } | GitFailure> {
  const outcome = await git.run(
    [
      "-c",
      "diff.renameLimit=1000",
      "log",
      "-z",
      "--format=",
      "--no-show-signature",
      "--no-ext-diff",
      "--diff-filter=R",
      "-M",
      "--name-status",
      maxAge(since),
      head,
      "--",
    ],
    { ...place, signal, timeoutMs: 120_000 },
  );
  if (outcome.kind !== "ok") return outcome;
  const fields = new TextDecoder().decode(outcome.stdout).split("\0").filter((it) => it !== "");
  const renames = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    renames.push({ from: fields[at + 1], to: fields[at + 2] });
  }
  return { kind: "ok", renames: renames.reverse() };
}

/** Which commit each line of a file came with. Of lines older than `since`, any older commit may be named. */
export async function readOrigins(
  git: GitRunner,
  path: string,
  { place, head, since, signal }: SurvivingOptions,
): Promise<{ kind: "ok"; groups: BlameGroup[] } | GitFailure> {
  const outcome = await git.run(
    [
      "-c",
      "core.quotePath=false",
      "blame",
      "--incremental",
      "--no-textconv",
      "--no-progress",
      "--ignore-revs-file=",
      maxAge(since),
      head,
      "--",
      path,
    ],
    { ...place, signal, timeoutMs: LONGEST_BLAME_MS },
  );
  if (outcome.kind !== "ok") return outcome;
  return { kind: "ok", groups: parseGroups(new TextDecoder().decode(outcome.stdout)) };
}

function maxAge(since: number): string {
  return `--max-age=${Math.max(0, Math.floor((since - SLACK_MS) / 1_000))}`;
}
