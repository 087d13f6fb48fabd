/** A command of a shell line: a program with its words, quotes removed. */
export interface SimpleCommand {
  words: string[];
  /** The texts of its heredocs, in order. */
  heredocs: string[];
  /** The files that its output goes to. */
  outputs: string[];
  /** How many subshells it stands in: `cd` in one of them ends with it. */
  depth: number;
  /** The number of the innermost subshell; 0 outside any. */
  subshell: number;
}

/** Stands for what only running the command could tell: a substitution's output. */
export const UNKNOWN = "\uFFFC";
