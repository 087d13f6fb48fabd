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
