import type { CommitHash } from "../domain/ids.ts";
import type { GitAnswer, RefName } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitRunner } from "./runner.ts";
import { trouble } from "./trouble.ts";

/** The most names that are given. */
const MOST = 200;

const KINDS = [
  ["refs/heads/", "branch"],
  ["refs/remotes/", "remote"],
  ["refs/tags/", "tag"],
] as const;

/** Lists branches and tags, the newest first; only those that hold a commit where one is given. */
export async function readRefNames(
  git: GitRunner,
  { place, holding, signal }: { place: GitPlace; holding?: CommitHash; signal?: AbortSignal },
): Promise<GitAnswer<"refs">> {
  const outcome = await git.run(
    [
      "for-each-ref",
      `--count=${MOST + 1}`,
      "--sort=-creatordate",
      "--format=%(refname)%00%(symref)",
      ...(holding === undefined ? [] : ["--contains", holding]),
      "refs/heads",
      "refs/remotes",
      "refs/tags",
    ],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 1_048_576 },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const lines = new TextDecoder().decode(outcome.stdout).split("\n").filter((line) => line !== "");
  const refs = lines.slice(0, MOST).flatMap((line): RefName[] => {
    const [full, symbolic] = line.split("\0");
    const known = KINDS.find(([prefix]) => full.startsWith(prefix));
    // `origin/HEAD` is another name of a branch that is listed anyway.
    if (known === undefined || symbolic !== "") return [];
    return [{ kind: known[1], name: full.slice(known[0].length) }];
  });
  return { kind: "ok", value: { refs, cut: lines.length > MOST } };
}
