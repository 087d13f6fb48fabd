import type { BlameGroup } from "../../domain/blame.ts";
import type { CodeLine } from "../../highlight/code_line.ts";
import type { CommitHash } from "../../domain/ids.ts";

/** Where a repository is. */
export interface RepositoryLocation {
  /** The main worktree's folder, or the git directory of a bare repository. */
  path: string;
  /** Its git directory, which may outlive the folder. */
  commonDir: string;
}

/** What can be asked about a repository, each with its answer in {@linkcode GitResults}. */
export type GitQuery =
  | { ask: "diff"; repository: RepositoryLocation; hash: CommitHash; parents: number }
  | { ask: "message"; repository: RepositoryLocation; hash: CommitHash }
  /** How much each of several commits changes. */
  | { ask: "sizes"; repository: RepositoryLocation; hashes: CommitHash[] }
  /** Which commit a branch, tag or hash names. */
  | { ask: "revision"; repository: RepositoryLocation; revision: string }
  /** The branches and tags; those that hold a commit if one is given. */
  | { ask: "refs"; repository: RepositoryLocation; holding?: CommitHash }
  /** What a commit has at a path; "" is its topmost folder. One that is not UTF-8 is spelled as `spellPath` does. */
  | { ask: "path"; repository: RepositoryLocation; hash: CommitHash; path: string }
  /** Who wrote lines of a file, from line `from` on. */
  | {
    ask: "blame";
    repository: RepositoryLocation;
    hash: CommitHash;
    path: string;
    from: number;
    count: number;
    /** Looks through changes of blanks, moves, copies and the revisions of `blame.ignoreRevsFile`. @default {false} */
    follow?: boolean;
    /** Gives lines without colours. @default {false} */
    plain?: boolean;
  }
  /** The commits that `head` has and `base` has not, the oldest first, with how much they change. */
  | { ask: "range"; repository: RepositoryLocation; base: CommitHash; head: CommitHash };

/** What each question is answered with. */
export interface GitResults {
  diff: CommitDiff;
  message: CommitMessage;
  /** By hash; merges and commits that are not there have none. */
  sizes: { sizes: Record<string, CommitSize> };
  revision: { hash: CommitHash };
  refs: RefNames;
  path: PathAt;
  blame: Blame;
  range: CommitRange;
}

/** Why there is no answer, as a sentence for the user. */
export interface GitError {
  kind: "error";
  /** `notFound`: the repository has no such revision or path. The others are about the repository itself. */
  code:
    | "notFound"
    | "gone"
    | "unreadable"
    | "notOwned"
    | "corrupt"
    | "timeout"
    | "tooLarge"
    | "unexpected";
  message: string;
}

/** An answer, or why there is none. */
export type GitResult<Ask extends keyof GitResults = keyof GitResults> =
  | { kind: "ok"; value: GitResults[Ask] }
  | GitError;

/** What a commit changes. */
export interface CommitDiff {
  /** What the commit is compared with: its parent, all parents at once, or, for a first commit, nothing. */
  against: "parent" | "parents" | "nothing";
  files: FileDiff[];
  /** Whether files, or lines of the last ones, were left out because there are too many. */
  cut: boolean;
}

/** What a commit's message says below its subject. */
export interface CommitMessage {
  /** Its trailers included; empty where there is only a subject. */
  body: string;
  /** Whether its end was left out because it is too long. */
  cut: boolean;
}

/** The commits between two versions. */
export interface CommitRange {
  /** Null where the two have no common history. */
  mergeBase: CommitHash | null;
  commits: RangeCommit[];
  /** Whether there are more. */
  cut: boolean;
}

/** A commit of a range, with the files that it changes; none for a merge. */
export interface RangeCommit {
  hash: CommitHash;
  authorName: string;
  /** Unix milliseconds. */
  authorAt: number;
  subject: string;
  merge: boolean;
  files: { path: string; added: number; removed: number; binary: boolean }[];
}

/** How much a commit changes. */
export interface CommitSize {
  files: number;
  /** Lines. */
  added: number;
  removed: number;
}

/** What became of a file. */
export type FileStatus =
  | "added"
  | "deleted"
  | "modified"
  | "renamed"
  | "copied"
  | "typeChanged";

/** What a commit changes in one file. */
export interface FileDiff {
  /** For people to read: a name that is not UTF-8 has `\ufffd` in it. */
  path: string;
  /** The same as questions take it: see `spellPath`. */
  spelledPath: string;
  /** Where it was before; null unless it was renamed or copied. */
  oldPath: string | null;
  status: FileStatus;
  /** Modes as git writes them, such as `100755`; null where there is no such side. */
  oldMode: string | null;
  newMode: string | null;
  binary: boolean;
  added: number;
  removed: number;
  hunks: Hunk[];
  /** Whether lines were left out because there are too many. */
  cut: boolean;
}

/** A stretch of changed lines with a few around them. */
export interface Hunk {
  oldStart: number;
  newStart: number;
  /** What git thinks the lines belong to, such as a function. */
  heading: string;
  lines: DiffLine[];
}

/** One line of a diff. Line numbers are null on the side that does not have it. */
export interface DiffLine {
  kind: "context" | "added" | "removed";
  oldLine: number | null;
  newLine: number | null;
  code: CodeLine;
}

/** Names of branches and tags. */
export interface RefNames {
  refs: RefName[];
  /** Whether there are more. */
  cut: boolean;
}

/** A branch or tag by the name that users give it. */
export interface RefName {
  kind: "branch" | "remote" | "tag";
  name: string;
}

/** What a commit has at a path. */
export type PathAt =
  | { kind: "folder"; entries: TreeEntry[]; cut: boolean }
  | { kind: "file"; size: number; mode: string }
  /** Another repository's commit. */
  | { kind: "submodule"; hash: string };

/** A file or folder in a folder. */
export interface TreeEntry {
  /** For people to read: a name that is not UTF-8 has `\ufffd` in it. */
  name: string;
  /** From the topmost folder, as questions take it: see `spellPath`. */
  path: string;
  kind: "folder" | "file" | "link" | "submodule";
  /** In bytes; null for what has none. */
  size: number | null;
}

/** Who wrote the lines of a file. */
export type Blame =
  | {
    kind: "text";
    lineCount: number;
    /** The number of the first line given. */
    from: number;
    lines: CodeLine[];
    /** Empty where nothing tells: of a file whose name is not UTF-8 and whose history is no line. */
    groups: BlameGroup[];
  }
  | { kind: "binary"; size: number };
