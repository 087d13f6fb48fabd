import type { CommitHash } from "../domain/ids.ts";
import type { GitAnswer } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import type { GitRunner } from "./runner.ts";
import { readablePath } from "./tree_path.ts";
import { trouble } from "./trouble.ts";

const LONGEST_REVISION = 250;
const LONGEST_PATH = 4_096;
/** What no ref's name holds, so that none of git's operators, options or other spellings get through. */
// deno-lint-ignore no-control-regex
const NEVER_IN_NAMES = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-./]|[./]$|\.lock(\/|$)|\/\./;

/** Whether a text can name a commit: a branch, a tag, a hash or HEAD, and nothing else that git would take. */
export function isRevision(text: string): boolean {
  return text !== "" && text !== "@" && text.length <= LONGEST_REVISION &&
    !NEVER_IN_NAMES.test(text);
}

/** Whether a text can be a path in a repository; "" is its topmost folder. */
export function isTreePath(text: string): boolean {
  if (text === "") return true;
  const path = readablePath(text);
  return path.length <= LONGEST_PATH && !path.includes("\0") &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** Finds the commit that a branch, tag or hash names. */
export async function readRevision(
  git: GitRunner,
  { place, revision, signal }: { place: GitPlace; revision: string; signal?: AbortSignal },
): Promise<GitAnswer<"revision">> {
  const missing: GitAnswer<"revision"> = {
    kind: "trouble",
    code: "notFound",
    message: `No branch, tag or commit here is called ${JSON.stringify(revision.slice(0, 80))}.`,
  };
  if (!isRevision(revision)) return missing;
  const outcome = await git.run(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 4_096 },
  );
  if (outcome.kind === "failed" && outcome.stderr === "") return missing;
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const hash = new TextDecoder().decode(outcome.stdout).trim();
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(hash)) return missing;
  return { kind: "ok", value: { hash: hash as CommitHash } };
}
