import { COMMIT_KINDS, type LoomData } from "../../domain/loom.ts";

import { firstAtOrAfter } from "./index.ts";
import { type LoomLayout, repositoryY, sessionY, threadStart } from "./layout.ts";
import { type Calendar, ticksOf } from "./ticks.ts";
import type { LoomView } from "./view.ts";

/** The colours that a loom is painted in, as CSS has them. */
export interface LoomColours {
  paper: string;
  ink: string;
  faint: string;
  rule: string;
  accent: string;
}

/** What painting needs to know. */
export interface LoomScene {
  data: LoomData;
  layout: LoomLayout;
  view: LoomView;
  /** In CSS pixels. */
  width: number;
  /** Where time begins, right of the rows' names. */
  left: number;
  colours: LoomColours;
  calendar: Calendar;
  font: string;
}

/** Where a time lies, in CSS pixels from the left. */
export function timeToX(
  { view, width, left }: Pick<LoomScene, "view" | "width" | "left">,
  at: number,
): number {
  return left + ((at - view.from) / (view.to - view.from)) * (width - left);
}

/** What `paint` draws ends where time does. */
export function inPlot(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
  paint: () => void,
): void {
  clipToPlot(context, scene);
  paint();
  context.restore();
}

/** What is drawn from now on ends where time does, until the context is restored. */
function clipToPlot(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const overhang = scene.left === 0 ? 0 : scene.layout.dotRadius + 2;
  context.save();
  context.beginPath();
  context.rect(scene.left - overhang, 0, scene.width, scene.layout.height);
  context.clip();
}

/** Dots of a kind whose middles are nearer than this, in CSS pixels, are one. */
const APART = 3;

/** How many dots are painted in a step. */
const DOTS_A_STEP = 300;

/** Paints the commits in view, in steps: filled with a session, hollow without, small where they are somebody else's. */
function* paintCommits(
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
function* paintThreads(
  context: CanvasRenderingContext2D,
  scene: LoomScene,
): Generator<void> {
  const { batches, escapeControl } = sortThreads(scene);
  yield;
  const isCrowd = escapeControl > CROWD;
  const strength = Math.max(0.3, Math.min(1, 500 / escapeControl));
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
function sortThreads(scene: LoomScene): { batches: Batch[]; escapeControl: number } {
  const { data, view, layout } = scene;
  const columns = Math.ceil(scene.width) + 1;
  const batches: Batch[] = Array.from({ length: 2 * SURENESS_STEPS }, () => ({
    tops: new Float32Array(columns).fill(Infinity),
    bottoms: new Float32Array(columns),
    slanted: [],
  }));
  const covered = new Set<number>();
  let escapeControl = 0;
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
      if (batch.tops[column] === Infinity) escapeControl++;
      batch.tops[column] = Math.min(batch.tops[column], sessionY(layout, session));
      batch.bottoms[column] = Math.max(batch.bottoms[column], repositoryY(layout, repository));
      continue;
    }
    const row = Math.min(repository, layout.rowCount - 1);
    const ends = Math.round(start) * 65_536 + Math.round(x);
    const key = (ends * layout.laneCount + layout.laneOf[session]) * layout.rowCount + row;
    if (covered.has(key)) continue;
    covered.add(key);
    escapeControl++;
    batch.slanted.push(link);
  }
  return { batches, escapeControl };
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
function addThread(path: CanvasPath, scene: LoomScene, link: number): void {
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

const LABEL_ROOM = 72;

/** Paints the paper with its lines of time and the names of its rows. */
export function paintFrame(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const { layout, width, colours } = scene;
  context.globalAlpha = 1;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, layout.height);
  context.font = scene.font;
  inPlot(context, scene, () => paintTicks(context, scene));
}

/** Paints the names of rows over what lies there. */
export function paintNames(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const { data, layout, colours, width, left } = scene;
  context.textBaseline = "middle";
  context.textAlign = "left";
  if (left > 0) {
    context.fillStyle = colours.faint;
    context.fillText("Sessions", 0, layout.lanesTop + layout.laneStep / 2);
  }
  for (let row = 0; row < layout.rowCount; row++) {
    const isLast = row === layout.rowCount - 1;
    const more = data.repositories.length - layout.rowCount;
    const name = isLast && more > 0 ? `${more + 1} more` : data.repositories[row]?.name ?? "";
    const room = left > 0 ? left - 14 : width / 2;
    const shown = fitText(context, name, room);
    const y = repositoryY(layout, row);
    context.globalAlpha = 0.82;
    context.fillStyle = colours.paper;
    const covered = left > 0 ? left - 7 : context.measureText(shown).width + 6;
    context.fillRect(0, y - layout.rowStep / 2 + 1, covered, layout.rowStep - 2);
    context.globalAlpha = 1;
    context.fillStyle = colours.faint;
    context.fillText(shown, 0, y);
  }
}

function paintTicks(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const { layout, view, width, left, colours } = scene;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const tick of ticksOf(view, LABEL_ROOM / (width - left), scene.calendar)) {
    const x = Math.round(timeToX(scene, tick.at)) + 0.5;
    context.strokeStyle = colours.rule;
    context.globalAlpha = tick.strong ? 1 : 0.55;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, layout.axisTop + 6);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = tick.strong ? colours.ink : colours.faint;
    // A label that is cut off would name another time.
    if (x + 4 + context.measureText(tick.label).width > width) continue;
    context.fillText(tick.label, x + 4, layout.axisTop + layout.axisHeight / 2 + 2);
  }
  context.strokeStyle = colours.faint;
  context.beginPath();
  context.moveTo(left, layout.axisTop + 0.5);
  context.lineTo(width, layout.axisTop + 0.5);
  context.stroke();
}

function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length)}…`;
}

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
