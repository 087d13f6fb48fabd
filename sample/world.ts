import { DAY_MS } from "../lib/time/days.ts";
import { Dice } from "./dice.ts";
import {
  applied,
  type AppliedEdit,
  type CommitDraft,
  History,
  type Person,
  type PlannedCommit,
  type Tree,
} from "./history.ts";
import type { Scene, Step, StepEdit, Story } from "./story.ts";
import type { Line } from "./transcript.ts";

export const MARA: Person = { name: "Mara Lindqvist", email: "mara@harbor.example" };
export const JONAS: Person = { name: "Jonas Okafor", email: "jonas@harbor.example" };

/** Something that happens at a time. All of a world's happenings are played in the order of their times. */
export interface Happening {
  /** Unix milliseconds. */
  at: number;
  play(): void;
}

/** A file of a transcript. */
export interface TranscriptPages {
  sessionId: string;
  /** The folder that the session stood in when it began: it names the project's folder. */
  cwd: string;
  /** Null for the session's own file. */
  agent: string | null;
  lines: Line[];
}

const UTC_PLUS_1 = 3_600_000;

/** Everything the sample workspace is made of, before it is written to disk. */
export class World {
  /** The folder that holds the repositories. */
  readonly root: string;
  /** Midnight UTC of the day after the last. */
  readonly end: number;
  readonly workshops: Map<string, Workshop>;
  readonly transcripts: TranscriptPages[] = [];
  /** Worktrees that stay on disk. */
  readonly worktrees: { repo: string; folder: string; branch: string }[] = [];

  /** The transcripts of sessions that others may be forks of, by repository and day. */
  readonly sessions = new Map<string, TranscriptPages>();

  constructor(options: { root: string; end: number; stories: Story[] }) {
    this.root = options.root;
    this.end = options.end;
    this.workshops = new Map(options.stories.map((story) => [story.name, new Workshop(story)]));
  }

  workshop(repo: string): Workshop {
    return this.workshops.get(repo)!;
  }

  folder(repo: string): string {
    return `${this.root}/${repo}`;
  }

  timeOf({ day, at }: Pick<Scene, "day" | "at">): number {
    const [hours, minutes] = at.split(":").map(Number);
    return this.end - day * DAY_MS + (hours * 60 + minutes) * 60_000 - UTC_PLUS_1;
  }

  dice({ repo, day, at }: Pick<Scene, "repo" | "day" | "at">): Dice {
    return new Dice(`${repo} ${day} ${at}`);
  }

  /** The agent's version on a day: a new one about twice a day, as it was. */
  agentVersion(day: number): string {
    return `2.1.${31 + (90 - day) * 2}`;
  }

  model(day: number): string {
    return day > 45 ? "claude-opus-4-5-20251101" : "claude-opus-4-6";
  }
}

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
