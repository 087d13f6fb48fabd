/** A piece of a file: it ends the file from now on, or takes the place of `instead`. */
export interface StepEdit {
  path: string;
  text: string;
  instead?: string;
}

/** One change as its author would tell it. */
export interface Step {
  /** What the commit is called. */
  subject: string;
  /** What an engineer would type to have it done. */
  ask: string;
  edits: StepEdit[];
}

/** What happens to one repository, in the order its steps are committed. */
export interface Story {
  name: string;
  /** The command that the project's tests run with. */
  check: string;
  /** The text around the version in the file that a release changes. */
  release: { path: string; before: string; after: string };
  /** Versions up to their last number, which a teammate raises one by one. */
  dependencies: { path: string; lines: string[] };
  /** The files of the first commit, by path. */
  first: Record<string, string>;
  steps: Step[];
}

/** How a session's commits come about. */
export type CommitWay =
  /** `git commit -m`, whose output the transcript shows. */
  | "output"
  /** `git commit` with a heredoc message and a co-author. */
  | "heredoc"
  /** `git commit -q`, which prints nothing. */
  | "quiet"
  /** A commit skill that the agent invokes. */
  | "skill"
  /** The user's `/commit`. */
  | "slash"
  /** The user commits by hand, minutes after the session's last edit. */
  | "byHand"
  /** The user adds to it and commits by hand. */
  | "mixed";

/** How a branch comes to main. `squash` and `rebase` leave the hashes that the session saw behind. */
export type Landing = "merge" | "squash" | "rebase";

/** A stretch of work, in the order it happens. Times are the team's, UTC+1. */
export type Scene =
  & {
    repo: string;
    /** Days before the end. */
    day: number;
    /** `HH:MM` */
    at: string;
  }
  & (SessionScene | HandScene | ReleaseScene | DependenciesScene | TalkScene);

/** A session that works through the next steps of its repository's story. */
export interface SessionScene {
  kind: "session";
  steps: number;
  way: CommitWay;
  title?: string;
  /** A branch of its own, and how many minutes after its last commit it lands. */
  branch?: { name: string; lands: Landing; after: number };
  /** A worktree of its own for the branch. A removed one is gone from disk. */
  worktree?: "kept" | "removed";
  /** A subfolder of the repository that the session stands in. */
  folder?: string;
  /** Subagents make the edits: in files of their own, or as progress lines. */
  agents?: "files" | "progress";
  /** The `day` of the session in the same repository whose messages this one begins with. */
  forks?: number;
  /** Words that the user replaces before committing by hand. */
  renames?: Record<string, string>;
  /** A break before a step, counted from 1, and how long it is in minutes. */
  pause?: { before: number; minutes: number };
  /** What is talked over between the steps. */
  asides?: Aside[];
  /** How many minutes pass until the user commits by hand. */
  after?: number;
  /** The commits name the session's page on the web. */
  remote?: boolean;
}

/** The next steps, done by hand. */
export interface HandScene {
  kind: "hand";
  who: "mara" | "jonas";
  steps: number;
}

/** A version, tagged. */
export interface ReleaseScene {
  kind: "release";
}

/** The teammate raises every dependency, a commit each. */
export interface DependenciesScene {
  kind: "dependencies";
}

/** A session without a commit. In a folder that is no working repository, edits are of no consequence either. */
export interface TalkScene {
  kind: "talk";
  title: string;
  turns: { ask: string; answer: string; edit?: { path: string; text: string } }[];
}

/** Something that is asked between two steps and changes nothing: what is read and run for it, and the answer. */
export interface Aside {
  /** The step that it follows, counted from 1. */
  after: number;
  ask: string;
  /** Files that are read, by path. */
  reads: string[];
  commands: { command: string; stdout: string }[];
  answer: string;
}
