import type { AppliedEdit } from "./file_edit.ts";
import { applied, type CommitDraft, History, type PlannedCommit, type Tree } from "./history.ts";
import type { Step, StepEdit, Story } from "./story.ts";

/** One repository while its story is told: commits, and what is edited and not committed yet. */
export class Workshop {
  readonly history: History;
  readonly story: Story;
  #next = 0;
  #uncommitted = new Map<string, Map<string, string>>();
  #minor = 1;
  #patches: number[];

  constructor(story: Story) {
    this.story = story;
    this.history = new History(story.name);
    this.#patches = story.dependencies.lines.map(() => 0);
  }

  /** The next steps of the story: every step is taken once. */
  takeSteps(count: number): Step[] {
    const steps = this.story.steps.slice(this.#next, this.#next + count);
    this.#next += count;
    if (steps.length < count) {
      throw new Error(`Cannot tell the sample's story: ${this.story.name} has no more steps`);
    }
    return steps;
  }

  /** How many steps nobody has taken. */
  get stepsLeft(): number {
    return this.story.steps.length - this.#next;
  }

  /** A file as it stands in a branch's working tree. */
  read(branch: string, path: string): string | null {
    return this.#files(branch).get(path) ?? null;
  }

  edit(branch: string, edit: StepEdit): AppliedEdit {
    const done = applied(this.#files(branch), edit);
    const dirty = this.#uncommitted.get(branch) ?? new Map<string, string>();
    this.#uncommitted.set(branch, dirty.set(edit.path, done.after));
    return done;
  }

  /** Throws away what was edited in a file since the last commit. */
  restore(branch: string, paths: string[]): void {
    for (const path of paths) this.#uncommitted.get(branch)?.delete(path);
  }

  /** Commits some edits and leaves everything else in the working tree as it is. */
  commit(branch: string, draft: CommitDraft): PlannedCommit {
    const commit = this.history.commit(branch, draft);
    this.restore(branch, draft.edits.map((edit) => edit.path));
    return commit;
  }

  /** The next version, and the edit that writes it. */
  nextRelease(): { version: string; edit: StepEdit } {
    const { path, before, after } = this.story.release;
    const line = (minor: number) => `${before}0.${minor}.0${after}`;
    const instead = line(this.#minor++);
    return { version: `0.${this.#minor}.0`, edit: { path, instead, text: line(this.#minor) } };
  }

  /** An edit for each dependency that raises its version, with what to call it. */
  raiseDependencies(): { subject: string; edit: StepEdit }[] {
    const { path, lines } = this.story.dependencies;
    return lines.map((line, i) => {
      const old = this.#patches[i]++;
      const name = line.split(/[@=:"]+|\s+v/).filter((part) => part.trim() !== "")[0].trim();
      return {
        subject: `chore(deps): ${name} to ${line.match(/[\d.]+$/)![0]}${old + 1}`,
        edit: { path, instead: `${line}${old}`, text: `${line}${old + 1}` },
      };
    });
  }

  #files(branch: string): Tree {
    const dirty = this.#uncommitted.get(branch);
    const { tree } = this.history.tip(branch);
    return dirty === undefined ? tree : new Map([...tree, ...dirty]);
  }
}
