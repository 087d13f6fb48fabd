import { type AppliedEdit, applyEdit } from "./file_edit.ts";
import type { StepEdit } from "./story.ts";

/** Who wrote a commit. */
export interface Person {
  name: string;
  email: string;
}

/** The files of a commit, by path. */
export type Tree = ReadonlyMap<string, string>;

/** A commit before git has given it a hash. */
export interface PlannedCommit {
  /** Its number in this history, from 1. */
  mark: number;
  parents: number[];
  author: Person;
  /** Unix milliseconds. */
  authorAt: number;
  committerAt: number;
  message: string;
  tree: Tree;
  /** What it did, so that it can be done again on another parent. */
  edits: StepEdit[];
  /** The sessions that wrote it: what linking has to find out. */
  sessions: string[];
}

/** What a new commit is made from. */
export type CommitDraft = Pick<PlannedCommit, "author" | "message" | "edits" | "sessions"> & {
  at: number;
};

/** One repository's commits and branches while its story is told. */
export class History {
  readonly commits: PlannedCommit[] = [];
  readonly branches = new Map<string, number>();
  readonly tags = new Map<string, number>();
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The newest commit of a branch. */
  tip(branch: string): PlannedCommit {
    return this.commits[this.branches.get(branch)! - 1];
  }

  start(branch: string): void {
    this.branches.set(branch, this.branches.get("main")!);
  }

  commit(branch: string, draft: CommitDraft): PlannedCommit {
    const parent = this.branches.get(branch);
    const tree = parent === undefined ? new Map<string, string>() : this.tip(branch).tree;
    const { author, message, sessions, edits, at } = draft;
    const parents = parent === undefined ? [] : [parent];
    return this.#add(branch, {
      parents,
      author,
      authorAt: at,
      committerAt: at,
      message,
      edits,
      sessions,
      tree: withEdits(tree, edits),
    });
  }

  /** Puts a branch's commits on top of main one by one, and main on top of them: hashes change, author times stay. */
  rebase(branch: string, options: { base: number; at: number }): PlannedCommit[] {
    const moved = this.since(branch, options.base).map((old, i) =>
      this.#add("main", {
        ...old,
        parents: [this.branches.get("main")!],
        committerAt: options.at + i * 1000,
        tree: withEdits(this.tip("main").tree, old.edits),
      })
    );
    this.branches.delete(branch);
    return moved;
  }

  /** Makes one commit on main of all that a branch holds. */
  squash(branch: string, options: { base: number; at: number; pull: number }): PlannedCommit {
    const commits = this.since(branch, options.base);
    const title = `${commits[0].message.split("\n")[0]} (#${options.pull})`;
    this.branches.delete(branch);
    return this.commit("main", {
      author: commits[0].author,
      at: options.at,
      message: [title, "", ...commits.map((it) => `* ${it.message}\n`)].join("\n"),
      edits: commits.flatMap((it) => it.edits),
      sessions: [...new Set(commits.flatMap((it) => it.sessions))],
    });
  }

  merge(branch: string, options: { base: number; at: number; author: Person }): PlannedCommit {
    const edits = this.since(branch, options.base).flatMap((it) => it.edits);
    const parents = [this.branches.get("main")!, this.branches.get(branch)!];
    return this.#add("main", {
      parents,
      author: options.author,
      authorAt: options.at,
      committerAt: options.at,
      message: `Merge branch '${branch}'\n`,
      edits,
      sessions: [],
      tree: withEdits(this.tip("main").tree, edits),
    });
  }

  /** A branch's commits after `base`, oldest first. */
  since(branch: string, base: number): PlannedCommit[] {
    const found: PlannedCommit[] = [];
    for (let mark = this.branches.get(branch)!; mark !== base;) {
      const commit = this.commits[mark - 1];
      found.unshift(commit);
      mark = commit.parents[0];
    }
    return found;
  }

  #add(branch: string, commit: Omit<PlannedCommit, "mark">): PlannedCommit {
    const made = { ...commit, mark: this.commits.length + 1 };
    this.commits.push(made);
    this.branches.set(branch, made.mark);
    return made;
  }
}

function withEdits(tree: Tree, edits: StepEdit[]): Tree {
  const files = new Map(tree);
  for (const edit of edits) files.set(edit.path, applied(files, edit).after);
  return files;
}

/** What an edit does to the files of a tree. */
export function applied(files: Tree, edit: StepEdit): AppliedEdit {
  return applyEdit(files.get(edit.path) ?? null, edit);
}
