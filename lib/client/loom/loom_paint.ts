import { COMMIT_KINDS } from "./loom_data.ts";
import { firstAtOrAfter } from "./loom_index.ts";
import { repositoryY, sessionY, threadStart } from "./loom_layout.ts";
import { inPlot, type LoomScene, timeToX } from "./loom_scene.ts";

const SURENESS_STEPS = 4;
const FULL_CIRCLE = 2 * Math.PI;

/** Paints everything that lies in the view, on nothing. */
export function paintLoom(context: CanvasRenderingContext2D, scene: LoomScene): void {
  context.clearRect(0, 0, scene.width, scene.layout.height);
  inPlot(context, scene, () => {
    paintThreads(context, scene, scene.data.links.sessions.keys());
    paintSessions(context, scene);
    paintCommits(context, scene);
  });
}

/** Paints these links with both their ends at full strength, over what is there. */
export function paintTrace(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  trace: { links: number[]; session: number | null; commit: number | null },
): void {
  context.globalAlpha = 1;
  inPlot(context, scene, () => paintTraced(context, scene, trace));
}

function paintTraced(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  trace: { links: number[]; session: number | null; commit: number | null },
): void {
  const { data, colours } = scene;
  for (const link of trace.links) {
    const tier = data.links.tiers[link];
    context.strokeStyle = colours.accent;
    context.setLineDash(tier === 1 ? [] : [5, 3]);
    context.lineWidth = 1.5 + 2 * data.links.confidences[link];
    context.beginPath();
    addThread(context, scene, link);
    context.stroke();
  }
  context.setLineDash([]);
  const sessions = new Set(trace.links.map((link) => data.links.sessions[link]));
  const commits = new Set(trace.links.map((link) => data.links.commits[link]));
  if (trace.session !== null) sessions.add(trace.session);
  if (trace.commit !== null) commits.add(trace.commit);
  for (const session of sessions) paintSession(context, scene, session, colours.ink);
  for (const commit of commits) paintFoundCommit(context, scene, commit);
}

/** Threads are batched by tier and sureness: a few strokes, however many links there are. */
function paintThreads(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  links: Iterable<number>,
): void {
  const { data, view, colours } = scene;
  const { times } = data.commits;
  const batches = Array.from({ length: 2 * SURENESS_STEPS }, () => new Path2D());
  const lastKeys: string[] = [];
  let visible = 0;
  for (const link of links) {
    const commitAt = times[data.links.commits[link]];
    const startAt = threadStart(data, link);
    if (Math.max(commitAt, startAt) < view.from || Math.min(commitAt, startAt) > view.to) continue;
    const step = Math.min(SURENESS_STEPS - 1, data.links.confidences[link] * SURENESS_STEPS | 0);
    const batch = (data.links.tiers[link] === 1 ? 0 : SURENESS_STEPS) + step;
    const key = threadKey(scene, link, startAt, commitAt);
    if (lastKeys[batch] === key) continue;
    lastKeys[batch] = key;
    visible++;
    addThread(batches[batch], scene, link);
  }
  const crowd = Math.max(0.3, Math.min(1, 500 / visible));
  context.strokeStyle = colours.accent;
  for (const [i, batch] of batches.entries()) {
    const sureness = (i % SURENESS_STEPS + 1) / SURENESS_STEPS;
    context.setLineDash(i < SURENESS_STEPS ? [] : [4, 3]);
    context.lineWidth = 0.6 + 1.5 * sureness;
    context.globalAlpha = (0.25 + 0.65 * sureness) * crowd;
    context.stroke(batch);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Threads with the same key cover each other. */
function threadKey(scene: LoomScene, link: number, startAt: number, commitAt: number): string {
  const { data, layout } = scene;
  const row = data.commits.repositories[data.links.commits[link]];
  return `${timeToX(scene, startAt) | 0} ${timeToX(scene, commitAt) | 0} ${
    layout.laneOf[data.links.sessions[link]]
  } ${row}`;
}

function addThread(
  path: CanvasPath,
  scene: LoomScene,
  link: number,
): void {
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

function paintSessions(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const { data, view, colours } = scene;
  for (let session = 0; session < data.sessions.ids.length; session++) {
    if (data.sessions.ends[session] < view.from) continue;
    if (data.sessions.starts[session] > view.to) break;
    paintSession(context, scene, session, colours.ink);
  }
}

/** A thin line from first to last message, and a bar wherever the session was at work. */
function paintSession(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  session: number,
  colour: string,
): void {
  const { data, layout } = scene;
  const y = sessionY(layout, session);
  const left = timeToX(scene, data.sessions.starts[session]);
  const right = timeToX(scene, data.sessions.ends[session]);
  const { barHeight } = layout;
  context.fillStyle = colour;
  context.globalAlpha = 0.35;
  context.fillRect(left, y - 0.5, Math.max(1, right - left), 1);
  context.globalAlpha = 0.88;
  const activities = data.sessions.activities[session];
  for (let i = 0; i < activities.length; i += 2) {
    const x = timeToX(scene, activities[i]);
    const width = Math.max(1.5, timeToX(scene, activities[i + 1]) - x);
    context.fillRect(x, y - barHeight / 2, width, barHeight);
  }
  context.globalAlpha = 1;
}

function paintCommits(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const { data, view, colours, layout } = scene;
  const { times, kinds, repositories } = data.commits;
  const paths = COMMIT_KINDS.map(() => new Path2D());
  const lastX = COMMIT_KINDS.map(() => new Float64Array(layout.rowCount).fill(-Infinity));
  const first = firstAtOrAfter(times, view.from - (view.to - view.from) / 100);
  const end = firstAtOrAfter(times, view.to + (view.to - view.from) / 100);
  for (let commit = first; commit < end; commit++) {
    const kind = kinds[commit];
    const row = Math.min(repositories[commit], layout.rowCount - 1);
    const x = timeToX(scene, times[commit]);
    if (x - lastX[kind][row] < 0.75) continue;
    lastX[kind][row] = x;
    const y = repositoryY(layout, row);
    const radius = kind === 0 ? layout.dotRadius : kind === 1 ? layout.dotRadius - 0.5 : 1.5;
    paths[kind].moveTo(x + radius, y);
    paths[kind].arc(x, y, radius, 0, FULL_CIRCLE);
  }
  const [linked, unlinked, elsewhere] = paths;
  context.fillStyle = colours.faint;
  context.globalAlpha = 0.6;
  context.fill(elsewhere);
  context.globalAlpha = 1;
  context.fillStyle = colours.paper;
  context.fill(unlinked);
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.25;
  context.stroke(unlinked);
  context.fillStyle = colours.accent;
  context.fill(linked);
}

function paintFoundCommit(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  commit: number,
): void {
  const { data, layout, colours } = scene;
  const x = timeToX(scene, data.commits.times[commit]);
  const y = repositoryY(layout, data.commits.repositories[commit]);
  context.beginPath();
  context.arc(x, y, layout.dotRadius + 2, 0, FULL_CIRCLE);
  context.fillStyle = data.commits.kinds[commit] === 0 ? colours.accent : colours.paper;
  context.fill();
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.stroke();
}
