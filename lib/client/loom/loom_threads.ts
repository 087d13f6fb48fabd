import { repositoryY, sessionY, threadStart } from "./loom_layout.ts";
import { type LoomScene, timeToX } from "./loom_scene.ts";

const SURENESS_STEPS = 4;
/** From so many threads on one is thin, whatever its sureness, and no dash could be told. */
const CROWD = 600;
/** How many straight threads, dashed ones, and curves are painted in a step. */
const STRAIGHT_A_STEP = 700;
const DASHED_A_STEP = 150;
const SLANTED_A_STEP = 30;

/** Threads of one tier that are about as sure. */
interface Batch {
  /** For each column of pixels, where its straight threads begin and end; they all pass the middle. */
  tops: Float32Array;
  bottoms: Float32Array;
  /** Threads that lead sideways. */
  slanted: number[];
}

/** Paints the threads in view, in steps. */
export function* paintThreads(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
): Generator<void> {
  const { batches, visible } = sortThreads(scene);
  yield;
  const isCrowd = visible > CROWD;
  const strength = Math.max(0.3, Math.min(1, 500 / visible));
  context.strokeStyle = context.fillStyle = scene.colours.accent;
  for (const [i, batch] of batches.entries()) {
    const isInferred = i >= SURENESS_STEPS;
    const sureness = (i % SURENESS_STEPS + 1) / SURENESS_STEPS;
    const lineWidth = isCrowd ? 1 : 0.6 + 1.5 * sureness;
    context.globalAlpha = (0.25 + 0.65 * sureness) * strength * (isCrowd && isInferred ? 0.6 : 1);
    context.lineWidth = lineWidth;
    context.setLineDash(isInferred && !isCrowd ? [4, 3] : []);
    if (isInferred && !isCrowd) yield* strokeStraight(context, batch);
    else yield* fillStraight(context, batch, lineWidth);
    for (let at = 0; at < batch.slanted.length; at += SLANTED_A_STEP) {
      context.beginPath();
      for (const link of batch.slanted.slice(at, at + SLANTED_A_STEP)) {
        addThread(context, scene, link);
      }
      context.stroke();
      yield;
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Leaves out what lies outside the view, and what would cover what is there already. */
function sortThreads(scene: LoomScene): { batches: Batch[]; visible: number } {
  const { data, view, layout } = scene;
  const columns = Math.ceil(scene.width) + 1;
  const batches: Batch[] = Array.from({ length: 2 * SURENESS_STEPS }, () => ({
    tops: new Float32Array(columns).fill(Infinity),
    bottoms: new Float32Array(columns),
    slanted: [],
  }));
  const covered = new Set<number>();
  let visible = 0;
  for (let link = 0; link < data.links.commits.length; link++) {
    const commit = data.links.commits[link];
    const commitAt = data.commits.times[commit];
    const startAt = threadStart(data, link);
    if (Math.max(commitAt, startAt) < view.from || Math.min(commitAt, startAt) > view.to) continue;
    const step = Math.min(SURENESS_STEPS - 1, data.links.confidences[link] * SURENESS_STEPS | 0);
    const tier = data.links.tiers[link] === 1 ? 0 : SURENESS_STEPS;
    const batch = batches[tier + step];
    const x = timeToX(scene, commitAt);
    const start = timeToX(scene, startAt);
    const session = data.links.sessions[link];
    const repository = data.commits.repositories[commit];
    if (Math.abs(x - start) < 1) {
      const column = Math.max(0, Math.min(columns - 1, Math.round(x)));
      if (batch.tops[column] === Infinity) visible++;
      batch.tops[column] = Math.min(batch.tops[column], sessionY(layout, session));
      batch.bottoms[column] = Math.max(batch.bottoms[column], repositoryY(layout, repository));
      continue;
    }
    const row = Math.min(repository, layout.rowCount - 1);
    const ends = Math.round(start) * 65_536 + Math.round(x);
    const key = (ends * layout.laneCount + layout.laneOf[session]) * layout.rowCount + row;
    if (covered.has(key)) continue;
    covered.add(key);
    visible++;
    batch.slanted.push(link);
  }
  return { batches, visible };
}

function* fillStraight(
  context: CanvasRenderingContext2D,
  { tops, bottoms }: Batch,
  width: number,
): Generator<void> {
  let painted = 0;
  for (let x = 0; x < tops.length; x++) {
    if (tops[x] === Infinity) continue;
    context.fillRect(x - width / 2, tops[x], width, bottoms[x] - tops[x]);
    if (++painted % STRAIGHT_A_STEP === 0) yield;
  }
}

function* strokeStraight(
  context: CanvasRenderingContext2D,
  { tops, bottoms }: Batch,
): Generator<void> {
  let painted = 0;
  context.beginPath();
  for (let x = 0; x < tops.length; x++) {
    if (tops[x] === Infinity) continue;
    context.moveTo(x, tops[x]);
    context.lineTo(x, bottoms[x]);
    if (++painted % DASHED_A_STEP !== 0) continue;
    context.stroke();
    yield;
    context.beginPath();
  }
  context.stroke();
}

/** Adds a link's thread to the path. */
export function addThread(path: CanvasPath, scene: LoomScene, link: number): void {
  const { data, layout } = scene;
  const commit = data.links.commits[link];
  const x1 = timeToX(scene, threadStart(data, link));
  const x2 = timeToX(scene, data.commits.times[commit]);
  const y1 = sessionY(layout, data.links.sessions[link]);
  const y2 = repositoryY(layout, data.commits.repositories[commit]);
  path.moveTo(x1, y1);
  if (Math.abs(x1 - x2) < 1) path.lineTo(x2, y2);
  else path.bezierCurveTo(x1, y1 + (y2 - y1) * 0.55, x2, y2 - (y2 - y1) * 0.55, x2, y2);
}
