import { Lru } from "../../text/lru.ts";
import { parentPath } from "../../text/paths.ts";
import { readBlame } from "../blame/blame.ts";
import { readCommitDiff, readCommitMessage, readCommitSizes } from "../diff/commit_diff.ts";
import { FolderProbe } from "../locate/folder_probe.ts";
import { explainFailure, explainGone } from "../run/failure.ts";
import type { GitDir, GitRunner } from "../run/runner.ts";
import { readRefNames, readRevision } from "../scan/refs.ts";
import { readRange } from "../history.ts";
import { readPath } from "../tree.ts";
import type { GitQuery, GitResult, GitResults, RepositoryLocation } from "./queries.ts";

/** Reads repositories while somebody looks. */
export interface GitReading {
  /** Asks about a repository. What can go wrong is an answer, too. */
  ask<Ask extends keyof GitResults>(
    question: GitQuery & { ask: Ask },
  ): Promise<GitResult<Ask>>;
}

/**
 * Reads repositories with `git`, in this thread.
 *
 * @param options.makeProbe How folders are looked at, made for each query. @default a {@linkcode FolderProbe}
 */
export function createGitReading(
  git: GitRunner,
  { makeProbe = () => new FolderProbe() }: { makeProbe?: () => FolderProbe } = {},
): GitReading {
  return {
    async ask<Ask extends keyof GitResults>(question: GitQuery & { ask: Ask }) {
      return await answer(git, question, makeProbe()) as GitResult<Ask>;
    },
  };
}

async function answer(
  git: GitRunner,
  question: GitQuery,
  probe: FolderProbe,
): Promise<GitResult> {
  const place = await locationOf(question.repository, probe);
  if (place === "timeout") {
    return { kind: "error", ...explainFailure({ kind: "timeout" }, question.repository.path) };
  }
  if (place === null) return { kind: "error", ...explainGone(question.repository.path) };
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
    case "range":
      return await readRange(git, { ...question, place });
    case "blame":
      return await readBlame(git, { ...question, place });
    default:
      return question satisfies never;
  }
}

/** Where git is to work: in the folder, or in the git directory that outlived it; a dead mount never tells. */
async function locationOf(
  { path, commonDir }: RepositoryLocation,
  probe: FolderProbe,
): Promise<GitDir | "timeout" | null> {
  for (const cwd of [path, commonDir]) {
    const entry = await probe.entry(cwd);
    if (entry === "timeout") return entry;
    if (entry === "folder") return { cwd, ceiling: parentPath(cwd) };
  }
  return null;
}

/** The most answers that are kept, and their size together, in characters of JSON. */
const MOST_ANSWERS = 200;
const MOST_CHARACTERS = 24_000_000;

/**
 * Remembers answers that can't change, since they are about a commit by its hash, and asks once where several ask the
 * same at once. Trouble is not remembered.
 */
export class CachedReading implements GitReading {
  readonly #reading: GitReading;
  readonly #answers: Lru<string, Promise<GitResult>>;

  constructor(
    reading: GitReading,
    { answers = MOST_ANSWERS, characters = MOST_CHARACTERS }: {
      answers?: number;
      characters?: number;
    } = {},
  ) {
    this.#reading = reading;
    this.#answers = new Lru({ entries: answers, weight: characters });
  }

  async ask<Ask extends keyof GitResults>(
    question: GitQuery & { ask: Ask },
  ): Promise<GitResult<Ask>> {
    const key = JSON.stringify(question);
    const known = this.#answers.get(key);
    if (known !== undefined) return await known as GitResult<Ask>;
    const asked = this.#reading.ask<Ask>(question);
    this.#answers.set(key, asked);
    let size: number | null = null;
    try {
      const answer = await asked;
      const lasts = question.ask !== "revision" && question.ask !== "refs";
      if (answer.kind === "ok" && lasts) size = JSON.stringify(answer.value).length;
      return answer;
    } finally {
      if (this.#answers.peek(key) === asked) {
        if (size === null) this.#answers.delete(key);
        else this.#answers.set(key, asked, size);
      }
    }
  }
}
