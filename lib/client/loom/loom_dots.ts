import { COMMIT_KINDS } from "./loom_data.ts";
import { firstAtOrAfter } from "./loom_index.ts";
import { repositoryY } from "./loom_layout.ts";
import { type LoomScene, timeToX } from "./loom_scene.ts";

/** Dots of a kind whose middles are nearer than this, in CSS pixels, are one. */
const APART = 3;

/** How many dots are painted in a step. */
const DOTS_A_STEP = 300;

/** Paints the commits in view, in steps: filled with a session, hollow without, small where they are somebody else's. */
export function* paintCommits(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
): Generator<void> {
  const { data, view, layout } = scene;
  const { times, kinds, repositories } = data.commits;
  const runs = COMMIT_KINDS.map(() => Array.from({ length: layout.rowCount }, newRun));
  const margin = (view.to - view.from) / 100;
  const end = firstAtOrAfter(times, view.to + margin);
  let painted = 0;
  // The kind that matters most comes last, and lies over the others.
  for (let kind = COMMIT_KINDS.length - 1; kind >= 0; kind--) {
    for (let commit = firstAtOrAfter(times, view.from - margin); commit < end; commit++) {
      if (kinds[commit] !== kind) continue;
      const row = Math.min(repositories[commit], layout.rowCount - 1);
      const run = runs[kind][row];
      const x = timeToX(scene, times[commit]);
      if (x - run.to > APART) {
        paintRun(context, scene, { ...run, kind, row });
        run.from = x;
        if (++painted % DOTS_A_STEP === 0) yield;
      }
      run.to = x;
    }
    for (const [row, run] of runs[kind].entries()) paintRun(context, scene, { ...run, kind, row });
  }
}

/** Where dots that lie over each other begin and end. */
interface Run {
  from: number;
  to: number;
}

function newRun(): Run {
  return { from: -Infinity, to: -Infinity };
}

function paintRun(
  context: CanvasRenderingContext2D,
  { layout, colours }: LoomScene,
  { from, to, kind, row }: Run & { kind: number; row: number },
): void {
  if (from === -Infinity) return;
  const radius = [layout.dotRadius, layout.dotRadius - 0.5, 1.5][kind];
  const y = repositoryY(layout, row);
  context.beginPath();
  context.roundRect(from - radius, y - radius, to - from + 2 * radius, 2 * radius, radius);
  context.globalAlpha = kind === 2 ? 0.6 : 1;
  context.fillStyle = [colours.accent, colours.paper, colours.faint][kind];
  context.fill();
  context.globalAlpha = 1;
  if (kind !== 1) return;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.25;
  context.stroke();
}
