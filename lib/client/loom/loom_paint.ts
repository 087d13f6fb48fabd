import { repositoryY, sessionY } from "./loom_layout.ts";
import { clipToPlot, inPlot, type LoomScene, timeToX } from "./loom_scene.ts";
import { paintCommits } from "./loom_dots.ts";
import { addThread, paintThreads } from "./loom_threads.ts";

const FULL_CIRCLE = 2 * Math.PI;

/** How many sessions are painted in a step. */
const SESSIONS_A_STEP = 400;

/** Paints everything that lies in the view, on nothing, in steps of a millisecond or two. */
export function* paintLoom(context: CanvasRenderingContext2D, scene: LoomScene): Generator<void> {
  context.clearRect(0, 0, scene.width, scene.layout.height);
  clipToPlot(context, scene);
  yield* paintThreads(context, scene);
  yield* paintSessions(context, scene);
  yield* paintCommits(context, scene);
  context.restore();
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

function* paintSessions(context: CanvasRenderingContext2D, scene: LoomScene): Generator<void> {
  const { data, view, colours, layout } = scene;
  const lastRight = new Float64Array(layout.laneCount).fill(-Infinity);
  let painted = 0;
  for (let session = 0; session < data.sessions.ids.length; session++) {
    if (data.sessions.ends[session] < view.from) continue;
    if (data.sessions.starts[session] > view.to) break;
    const right = timeToX(scene, data.sessions.ends[session]);
    const lane = layout.laneOf[session];
    // What ends where another of its lane ended lies under it.
    if (right - lastRight[lane] < 0.5) continue;
    lastRight[lane] = right;
    paintSession(context, scene, session, colours.ink);
    if (++painted % SESSIONS_A_STEP === 0) yield;
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
