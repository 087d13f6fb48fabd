import type { StepEdit } from "./story.ts";

/** A hunk as the tools report it. */
export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

/** An edit with what it did to its file. */
export interface AppliedEdit {
  path: string;
  /** The file before, or null where the edit made it. */
  before: string | null;
  after: string;
  oldText: string;
  newText: string;
  hunk: Hunk | null;
}

const CONTEXT = 3;

/**
 * Applies an edit to a file.
 *
 * @throws {Error} If the text to replace is not there exactly once: the story is wrong then.
 */
export function applyEdit(before: string | null, edit: StepEdit): AppliedEdit {
  const { path } = edit;
  if (before === null) {
    const after = edit.text.replace(/^\n+/, "");
    return { path, before, after, oldText: "", newText: after, hunk: null };
  }
  const oldText = edit.instead ?? uniqueEnd(before);
  const start = before.indexOf(oldText);
  if (start < 0 || before.indexOf(oldText, start + 1) >= 0) {
    throw new Error(`Cannot tell the sample's story: ${path} does not hold once: ${oldText}`);
  }
  const gap = edit.instead !== undefined || edit.text.startsWith("\n") ? "" : "\n";
  const newText = edit.instead === undefined ? oldText + gap + edit.text : edit.text;
  const after = before.slice(0, start) + newText + before.slice(start + oldText.length);
  return {
    path,
    before,
    after,
    oldText,
    newText,
    hunk: hunkOf(before, { start, oldText, newText }),
  };
}

/** The shortest end of a file, in whole lines, that stands nowhere else in it. */
function uniqueEnd(text: string): string {
  let start = text.lastIndexOf("\n", text.length - 2) + 1;
  while (start > 0 && text.indexOf(text.slice(start)) !== start) {
    start = text.lastIndexOf("\n", start - 2) + 1;
  }
  return text.slice(start);
}

function hunkOf(
  before: string,
  change: { start: number; oldText: string; newText: string },
): Hunk {
  const linesBefore = before.slice(0, change.start).split("\n").slice(0, -1);
  const linesAfter = before.slice(change.start + change.oldText.length).split("\n").slice(0, -1);
  const removed = change.oldText.replace(/\n$/, "").split("\n");
  const added = change.newText.replace(/\n$/, "").split("\n");
  const head = linesBefore.slice(-CONTEXT);
  const tail = linesAfter.slice(0, CONTEXT);
  const first = linesBefore.length - head.length + 1;
  return {
    oldStart: first,
    oldLines: head.length + removed.length + tail.length,
    newStart: first,
    newLines: head.length + added.length + tail.length,
    lines: [
      ...head.map((line) => ` ${line}`),
      ...removed.map((line) => `-${line}`),
      ...added.map((line) => `+${line}`),
      ...tail.map((line) => ` ${line}`),
    ],
  };
}

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
