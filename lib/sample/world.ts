import { Dice } from "./dice.ts";
import type { Person } from "./history.ts";
import type { Scene } from "./scene.ts";
import type { Story } from "./story.ts";
import type { Line } from "./transcript.ts";
import { Workshop } from "./workshop.ts";

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

const DAY = 86_400_000;
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
    return this.end - day * DAY + (hours * 60 + minutes) * 60_000 - UTC_PLUS_1;
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
