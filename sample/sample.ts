import type { GitRunner } from "../lib/git/run/runner.ts";
import { playDependencies, playHand, playRelease, playSession, playTalk } from "./player.ts";
import { SCHEDULE } from "./schedule.ts";
import { ferry } from "./stories/ferry.ts";
import { handbook } from "./stories/handbook.ts";
import { harborWeb } from "./stories/harbor_web.ts";
import { sounding } from "./stories/sounding.ts";
import { tidemark } from "./stories/tidemark.ts";
import type { Scene } from "./story.ts";
import { TALKS } from "./talks.ts";
import { type Happening, MARA, World } from "./world.ts";
import { type Hashes, writeRepositories, writeTranscripts } from "./write.ts";

/** What a sample workspace holds and where. */
export interface Sample {
  /** The folder to give as `--claude-dir`. */
  claudeDir: string;
  repositories: number;
  sessions: number;
  /** Commits that a branch or tag holds. */
  commits: number;
  /** Every one of these commits with the sessions that wrote it: what linking has to find out. */
  truth: { repository: string; commit: string; sessions: string[] }[];
}

/**
 * Builds a sample workspace: repositories with the work of ninety days, and the transcripts of its sessions.
 *
 * The same date gives the same commits, whatever the folder.
 *
 * @param dir An empty folder, or one to be made.
 * @param options.date The day after the last of the ninety, `YYYY-MM-DD`.
 * @throws {Error} If git is missing or fails.
 */
export async function buildSample(
  dir: string,
  options: { date: string; git: GitRunner },
): Promise<Sample> {
  const world = new World({
    root: `${dir}/work`,
    end: Date.parse(`${options.date}T00:00:00Z`),
    stories: [tidemark, ferry, harborWeb, sounding, handbook],
  });
  for (const { play } of happeningsOf(world)) play();

  const claudeDir = `${dir}/claude`;
  const hashes = await writeRepositories(world, options.git);
  const hashesOf = (cwd: string) => hashes.get(repositoryOf(world, cwd)) ?? new Map();
  await writeTranscripts(world, { claudeDir, hashesOf });
  const truth = truthOf(world, hashes);
  return {
    claudeDir,
    repositories: world.workshops.size + 1,
    sessions: new Set(world.transcripts.map((pages) => pages.sessionId)).size,
    commits: truth.length,
    truth,
  };
}

/** Everything that happens, in the order of its times. */
function happeningsOf(world: World): Happening[] {
  const scenes = [...SCHEDULE, ...TALKS].flatMap((scene) => play(world, scene));
  return [...[...world.workshops.keys()].map((name, i) => firstCommit(world, name, i)), ...scenes]
    .sort((a, b) => a.at - b.at);
}

function play(world: World, scene: Scene): Happening[] {
  switch (scene.kind) {
    case "session":
      return playSession(world, scene);
    case "hand":
      return playHand(world, scene);
    case "release":
      return playRelease(world, scene);
    case "dependencies":
      return playDependencies(world, scene);
    case "talk":
      return playTalk(world, scene);
    default:
      return scene satisfies never;
  }
}

function firstCommit(world: World, name: string, place: number): Happening {
  const at = world.timeOf({ day: 90, at: `08:${10 + place * 7}` });
  const { history, story } = world.workshop(name);
  const edits = Object.entries(story.first).map(([path, text]) => ({ path, text }));
  const draft = { author: MARA, at, message: "Initial commit\n", edits, sessions: [] };
  return { at, play: () => void history.commit("main", draft) };
}

/** The repository of a folder: itself, a subfolder, or a worktree inside or beside it. */
function repositoryOf(world: World, cwd: string): string {
  const name = cwd.slice(world.root.length + 1).split("/")[0];
  return world.worktrees.find(({ folder }) => folder === cwd)?.repo ?? name;
}

function truthOf(world: World, hashes: Map<string, Hashes>): Sample["truth"] {
  return [...world.workshops].flatMap(([repository, { history }]) => {
    const reachable = new Set<number>();
    const open = [...history.branches.values(), ...history.tags.values()];
    for (let mark = open.pop(); mark !== undefined; mark = open.pop()) {
      if (reachable.has(mark)) continue;
      reachable.add(mark);
      open.push(...history.commits[mark - 1].parents);
    }
    return history.commits.filter(({ mark }) => reachable.has(mark)).map(({ mark, sessions }) => ({
      repository,
      commit: hashes.get(repository)!.get(mark)!,
      sessions,
    }));
  });
}
