import type { CommitHash } from "../domain/ids.ts";
import type { GitAnswer } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitRunner } from "./runner.ts";
import { trouble } from "./trouble.ts";

/** The most of a message that is given, in UTF-16 units. */
const MOST = 20_000;

/** Reads what a commit's message says below its subject. */
export async function readCommitMessage(
  git: GitRunner,
  { place, hash, signal }: { place: GitPlace; hash: CommitHash; signal?: AbortSignal },
): Promise<GitAnswer<"message">> {
  const outcome = await git.run(
    [
      "log",
      "-1",
      "--no-patch",
      "--no-notes",
      "--no-show-signature",
      "--no-color",
      "--encoding=UTF-8",
      "--format=%b",
      hash,
      "--",
    ],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 16 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const body = new TextDecoder().decode(outcome.stdout).trimEnd();
  return { kind: "ok", value: { body: body.slice(0, MOST), cut: body.length > MOST } };
}
