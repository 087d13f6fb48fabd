import { firstAtOrAfter, type LoomTarget } from "./loom_index.ts";
import { repositoryY, sessionY, threadStart } from "./loom_layout.ts";
import { type LoomScene, timeToX } from "./loom_scene.ts";

/** How near the pointer must be, in CSS pixels. */
const REACH = 7;
const THREAD_REACH = 5;

/** What lies under a point, in CSS pixels from the loom's corner: a commit before a session before a thread. */
export function pickTarget(
  scene: Omit<LoomScene, "calendar" | "colours" | "font">,
  x: number,
  y: number,
): LoomTarget | null {
  const { layout, left } = scene;
  if (y > layout.axisTop || x < left - REACH) return null;
  return pickCommit(scene, x, y) ?? pickSession(scene, x, y) ?? pickThread(scene, x, y);
}

type Scene = Omit<LoomScene, "calendar" | "colours" | "font">;

function pickCommit(scene: Scene, x: number, y: number): LoomTarget | null {
  const { data, layout, view, width, left } = scene;
  if (y < layout.rowsTop - REACH) return null;
  const { times, repositories } = data.commits;
  const perPixel = (view.to - view.from) / (width - left);
  const at = view.from + (x - left) * perPixel;
  const end = firstAtOrAfter(times, at + REACH * perPixel);
  let best: LoomTarget | null = null;
  let nearest = REACH;
  for (let i = firstAtOrAfter(times, at - REACH * perPixel); i < end; i++) {
    const distance = Math.hypot(
      timeToX(scene, times[i]) - x,
      repositoryY(layout, repositories[i]) - y,
    );
    if (distance > nearest) continue;
    nearest = distance;
    best = { kind: "commit", place: i };
  }
  return best;
}

function pickSession(scene: Scene, x: number, y: number): LoomTarget | null {
  const { data, layout } = scene;
  if (y > layout.lanesTop + layout.laneCount * layout.laneStep + 2) return null;
  const reach = Math.max(layout.laneStep / 2, 3);
  let best: LoomTarget | null = null;
  let nearest = REACH;
  for (let i = 0; i < data.sessions.ids.length; i++) {
    if (Math.abs(sessionY(layout, i) - y) > reach) continue;
    const left = timeToX(scene, data.sessions.starts[i]);
    const right = timeToX(scene, data.sessions.ends[i]);
    const distance = Math.max(0, left - x, x - right);
    if (distance > nearest) continue;
    nearest = distance;
    best = { kind: "session", place: i };
  }
  return best;
}

function pickThread(scene: Scene, x: number, y: number): LoomTarget | null {
  const { data, layout } = scene;
  const { links, commits } = data;
  let best: LoomTarget | null = null;
  let nearest = THREAD_REACH;
  for (let link = 0; link < links.commits.length; link++) {
    const commit = links.commits[link];
    const x1 = timeToX(scene, threadStart(data, link));
    const x2 = timeToX(scene, commits.times[commit]);
    if (x < Math.min(x1, x2) - THREAD_REACH || x > Math.max(x1, x2) + THREAD_REACH) continue;
    const y1 = sessionY(layout, links.sessions[link]);
    const y2 = repositoryY(layout, commits.repositories[commit]);
    if (y < y1 || y > y2) continue;
    const distance = Math.abs(threadXAt(x1, x2, (y - y1) / (y2 - y1)) - x);
    if (distance >= nearest) continue;
    nearest = distance;
    best = { kind: "link", place: link };
  }
  return best;
}

/** Where a thread is at a share of its height. Its curve's height is nearly the curve's parameter. */
function threadXAt(x1: number, x2: number, share: number): number {
  return x1 + (x2 - x1) * share * share * (3 - 2 * share);
}
