import type { CommitHash } from "../domain/ids.ts";
import type { CommitSize, GitAnswer } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitRunner } from "./runner.ts";
import { trouble } from "./trouble.ts";

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const COUNTS = /^(\d+|-)\t(\d+|-)\t/;

/** Counts files and lines that commits change, all of them in one process. Of merges nothing is told. */
export async function readCommitSizes(
  git: GitRunner,
  { place, hashes, signal }: {
    place: GitPlace;
    hashes: readonly CommitHash[];
    signal?: AbortSignal;
  },
): Promise<GitAnswer<"sizes">> {
  const outcome = await git.run(
    ["diff-tree", "--stdin", "--root", "-r", "-M", "--numstat", "--no-ext-diff", "--no-textconv"],
    {
      ...place,
      input: `${hashes.join("\n")}\n`,
      signal,
      timeoutMs: 10_000,
      maxBytes: 8_388_608,
    },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const sizes: Record<string, CommitSize> = {};
  let current: CommitSize | null = null;
  for (const line of new TextDecoder().decode(outcome.stdout).split("\n")) {
    if (HASH.test(line)) {
      current = sizes[line] = { files: 0, added: 0, removed: 0 };
      continue;
    }
    const counts = COUNTS.exec(line);
    if (counts === null || current === null) continue;
    current.files++;
    current.added += Number(counts[1]) || 0;
    current.removed += Number(counts[2]) || 0;
  }
  return { kind: "ok", value: { sizes } };
}
