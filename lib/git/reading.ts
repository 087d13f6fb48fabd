import { parentPath } from "../links/paths.ts";
import { readBlame } from "./blame.ts";
import { readCommitSizes } from "./commit_sizes.ts";
import { readCommitDiff } from "./commit_diff.ts";
import { explainGone } from "./failure.ts";
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

/** Reads repositories with `git`, in this thread. */
export function createGitReading(git: GitRunner): GitReading {
  return {
    async ask<Ask extends keyof GitAnswers>(question: GitQuestion & { ask: Ask }) {
      return await answer(git, question) as GitAnswer<Ask>;
    },
  };
}

async function answer(git: GitRunner, question: GitQuestion): Promise<GitAnswer> {
  const place = await placeOf(question.repository);
  if (place === null) return { kind: "trouble", ...explainGone(question.repository.path) };
  switch (question.ask) {
    case "diff":
      return await readCommitDiff(git, { ...question, place });
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

/** Where git is to work: in the folder, or in the git directory that outlived it. */
async function placeOf({ path, commonDir }: RepositoryPlace): Promise<GitPlace | null> {
  for (const cwd of [path, commonDir]) {
    const found = await Deno.stat(cwd).catch(() => null);
    if (found?.isDirectory) return { cwd, ceiling: parentPath(cwd) };
  }
  return null;
}
