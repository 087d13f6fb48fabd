import { parentPath } from "../links/paths.ts";
import { readBlame } from "./blame.ts";
import { readCommitSizes } from "./commit_sizes.ts";
import { readCommitDiff } from "./commit_diff.ts";
import { readCommitMessage } from "./commit_message.ts";
import { explainFailure, explainGone } from "./failure.ts";
import { FolderProbe } from "./folder_probe.ts";
import type { GitAnswer, GitAnswers, GitQuestion, RepositoryPlace } from "./questions.ts";
import { readRefNames } from "./ref_names.ts";
import type { GitPlace } from "./refs.ts";
import { readRevision } from "./revisions.ts";
import type { GitRunner } from "./runner.ts";
import { readPath } from "./tree.ts";

/** Reads repositories while somebody looks. */
export interface GitReading {
  /** Asks about a repository. What can go wrong is an answer, too. */
  ask<Ask extends keyof GitAnswers>(
    question: GitQuestion & { ask: Ask },
  ): Promise<GitAnswer<Ask>>;
}

/**
 * Reads repositories with `git`, in this thread.
 *
 * @param options.makeProbe How folders are looked at, anew for each question. @default a {@linkcode FolderProbe}
 */
export function createGitReading(
  git: GitRunner,
  { makeProbe = () => new FolderProbe() }: { makeProbe?: () => FolderProbe } = {},
): GitReading {
  return {
    async ask<Ask extends keyof GitAnswers>(question: GitQuestion & { ask: Ask }) {
      return await answer(git, question, makeProbe()) as GitAnswer<Ask>;
    },
  };
}

async function answer(
  git: GitRunner,
  question: GitQuestion,
  probe: FolderProbe,
): Promise<GitAnswer> {
  const place = await placeOf(question.repository, probe);
  if (place === "timeout") {
    return { kind: "trouble", ...explainFailure({ kind: "timeout" }, question.repository.path) };
  }
  if (place === null) return { kind: "trouble", ...explainGone(question.repository.path) };
  switch (question.ask) {
    case "diff":
      return await readCommitDiff(git, { ...question, place });
    case "message":
      return await readCommitMessage(git, { ...question, place });
    case "sizes":
      return await readCommitSizes(git, { ...question, place });
    case "revision":
      return await readRevision(git, { ...question, place });
    case "refs":
      return await readRefNames(git, { ...question, place });
    case "path":
      return await readPath(git, { ...question, place });
    case "blame":
      return await readBlame(git, { ...question, place });
    default:
      return question satisfies never;
  }
}

/** Where git is to work: in the folder, or in the git directory that outlived it; a dead mount never tells. */
async function placeOf(
  { path, commonDir }: RepositoryPlace,
  probe: FolderProbe,
): Promise<GitPlace | "timeout" | null> {
  for (const cwd of [path, commonDir]) {
    const entry = await probe.entry(cwd);
    if (entry === "timeout") return entry;
    if (entry === "folder") return { cwd, ceiling: parentPath(cwd) };
  }
  return null;
}
