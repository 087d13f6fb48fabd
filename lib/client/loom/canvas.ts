import type { LoomData } from "../../domain/loom.ts";
import { pagePreferences } from "../../domain/preferences.ts";
import { zoneOffset } from "../../time/zone.ts";

import { firstAtOrAfter, indexLoom, type LoomIndex, type LoomTarget } from "./index.ts";
import { layOutLoom, type LoomLayout, repositoryY, sessionY, threadStart } from "./layout.ts";
import {
  inPlot,
  type LoomColours,
  type LoomScene,
  paintFrame,
  paintLoom,
  paintNames,
  paintTrace,
  timeToX,
} from "./paint.ts";
import type { Calendar } from "./ticks.ts";
import { clampView, type LoomView } from "./view.ts";

/** How long painting everything may take, in milliseconds, for it to be repainted in every frame of a movement. */
const CHEAP_MS = 6;
/** How much of a frame is spent on painting everything, in milliseconds. */
const SLICE_MS = 5;
/** How long a view must rest until what costs more is painted for it, in milliseconds. */
const REST_MS = 90;
/** How far a painting is stretched, and how much of the view may lack one, before the next is begun in any case. */
const MOST_STRETCH = 3;
const MOST_LACKING = 0.5;

/** Everything of a loom that lies in the view of `scene`, on its way to a canvas. */
interface Painting {
  scene: LoomScene;
  steps: Iterator<void>;
  ms: number;
}

/**
 * Everything that a loom shows, on a canvas of its own. Where painting it takes longer than a frame has, what was
 * painted is moved and stretched until the view rests; then the next is painted beside it, a little in each frame.
 */
class LoomBase {
  #again: () => void;
  #shown: HTMLCanvasElement = document.createElement("canvas");
  #next: HTMLCanvasElement = document.createElement("canvas");
  /** Makes the browser paint what it only noted down: it waits with that until somebody wants to see it. */
  #witness = document.createElement("canvas").getContext("2d")!;
  #size = { width: 0, height: 0 };
  /** What `#shown` was painted for; null before the first painting is done. */
  #view: LoomView | null = null;
  #isStale = true;
  /** What the last painting cost. */
  #ms = Infinity;
  #painting: Painting | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isRested = false;

  /** @param again Asks for another frame. */
  constructor(again: () => void) {
    this.#again = again;
  }

  /** Repaints at the size of another canvas; the old picture is shown until then. */
  resize({ width, height }: { width: number; height: number }): void {
    this.#size = { width, height };
    this.#painting = null;
    this.#isStale = true;
  }

  /** Paints what the view of `scene` lacks, or a part of it; false before there is anything to draw. */
  paint(scene: LoomScene): boolean {
    const isRested = this.#isRested;
    this.#isRested = false;
    clearTimeout(this.#rest);
    if (this.#painting === null) {
      if (!this.#isStale && this.#view !== null) {
        if (isSame(this.#view, scene.view)) return true;
        if (this.#ms > CHEAP_MS && !isRested && canStandFor(this.#view, scene.view)) {
          this.#waitForRest();
          return true;
        }
      }
      this.#begin(scene);
    }
    this.#paintFor(this.#ms > CHEAP_MS ? SLICE_MS : Infinity);
    const isDone = this.#painting === null && isSame(this.#view!, scene.view);
    if (!isDone) this.#again();
    return this.#view !== null;
  }

  /** Draws what is painted where it belongs in the view of `scene`. */
  draw(context: CanvasRenderingContext2D, scene: LoomScene): void {
    const { view, width, left, layout: { height } } = scene;
    const painted = this.#view!;
    if (isSame(painted, view)) return context.drawImage(this.#shown, 0, 0, width, height);
    const [from, to] = [timeToX(scene, painted.from), timeToX(scene, painted.to)];
    const skipped = left * devicePixelRatio;
    inPlot(context, scene, () =>
      context.drawImage(
        this.#shown,
        skipped,
        0,
        this.#shown.width - skipped,
        this.#shown.height,
        from,
        0,
        to - from,
        height,
      ));
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#rest);
    this.#painting = null;
  }

  #begin(scene: LoomScene): void {
    // Setting its size clears a canvas and forgets what an older painting left unfinished.
    Object.assign(this.#next, this.#size);
    this.#isStale = false;
    this.#painting = { scene, steps: paintLoom(scaled(this.#next), scene), ms: 0 };
  }

  #waitForRest(): void {
    this.#rest = setTimeout(() => {
      this.#isRested = true;
      this.#again();
    }, REST_MS);
  }

  /** Paints on for about so long. */
  #paintFor(ms: number): void {
    const painting = this.#painting!;
    const startedAt = performance.now();
    let passed = 0;
    let isDone = false;
    while (!isDone && passed < ms) {
      isDone = painting.steps.next().done === true;
      if (ms < Infinity || isDone) this.#witness.drawImage(this.#next, 0, 0, 1, 1, 0, 0, 1, 1);
      passed = performance.now() - startedAt;
    }
    painting.ms += passed;
    if (!isDone) return;
    this.#ms = painting.ms;
    this.#view = painting.scene.view;
    this.#painting = null;
    [this.#shown, this.#next] = [this.#next, this.#shown];
  }
}

/** The context of a canvas, in CSS pixels. */
function scaled(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d")!;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return context;
}

function isSame(a: LoomView, b: LoomView): boolean {
  return a.from === b.from && a.to === b.to;
}

/** Whether a painting of one view can stand for another for a moment. */
function canStandFor(painted: LoomView, view: LoomView): boolean {
  const length = view.to - view.from;
  const stretch = (painted.to - painted.from) / length;
  const lacking = Math.max(0, painted.from - view.from) + Math.max(0, view.to - painted.to);
  return stretch <= MOST_STRETCH && lacking / length <= MOST_LACKING;
}

/** How long a change of the view takes to be shown, in milliseconds. */
const GLIDE_MS = 180;

/** How wide a loom must be for its rows to have their names beside them, and how wide these then are. */
const ROOM_FOR_NAMES = 640;
const NAMES_WIDTH = 120;

/** What is drawn behind a trace: everything, at this strength. */
const DIMMED = 0.28;

/** A loom on a canvas: it paints when the browser draws, and only what changed. */
export class LoomCanvas {
  readonly layout: LoomLayout;
  readonly index: LoomIndex;
  #data: LoomData;
  #canvas: HTMLCanvasElement;
  #base = new LoomBase(() => this.#schedule());
  #view: LoomView;
  #target: LoomTarget | null = null;
  #width = 0;
  #left = 0;
  #colours: LoomColours | null = null;
  #font = "";
  #calendar: Calendar = pageCalendar();
  #frame: number | null = null;
  #glide: number | null = null;

  constructor(canvas: HTMLCanvasElement, data: LoomData, view: LoomView) {
    this.#canvas = canvas;
    this.#data = data;
    this.#view = view;
    this.layout = layOutLoom(data);
    this.index = indexLoom(data);
    this.resize();
  }

  get view(): LoomView {
    return this.#view;
  }

  /** Where time begins, in CSS pixels from the left. */
  get left(): number {
    return this.#left;
  }

  /** How wide time is, in CSS pixels. */
  get plotWidth(): number {
    return Math.max(1, this.#width - this.#left);
  }

  /** Reads the canvas's width and the page's colours again. */
  resize(): void {
    const style = getComputedStyle(this.#canvas);
    this.#width = this.#canvas.parentElement!.clientWidth;
    this.#left = this.#width >= ROOM_FOR_NAMES ? NAMES_WIDTH : 0;
    this.#font = `11px ${style.fontFamily}`;
    this.#colours = readColours(this.#canvas);
    this.#canvas.style.height = `${this.layout.height}px`;
    const width = Math.round(this.#width * devicePixelRatio);
    const height = Math.round(this.layout.height * devicePixelRatio);
    // Setting a size clears the canvas, which shows what was there until the new is painted.
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#base.resize({ width, height });
    this.#schedule();
  }

  /** Shows another stretch at once. */
  show(view: LoomView): void {
    this.#stopGlide();
    this.#view = view;
    this.#schedule();
  }

  /** Glides to another stretch, unless the reader wants things to stand still. */
  glideTo(view: LoomView, bounds: LoomView): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.show(view);
    this.#stopGlide();
    const from = this.#view;
    const startedAt = performance.now();
    const step = (now: number) => {
      const passed = Math.max(0, Math.min(1, (now - startedAt) / GLIDE_MS));
      const eased = passed * (2 - passed);
      this.#view = passed === 1 ? view : clampView({
        from: from.from + (view.from - from.from) * eased,
        to: from.to + (view.to - from.to) * eased,
      }, bounds);
      this.#schedule();
      this.#glide = passed === 1 ? null : requestAnimationFrame(step);
    };
    this.#glide = requestAnimationFrame(step);
  }

  /** Traces a target, or none. */
  trace(target: LoomTarget | null): void {
    if (target?.kind === this.#target?.kind && target?.place === this.#target?.place) return;
    this.#target = target;
    this.#schedule();
  }

  pick(x: number, y: number): LoomTarget | null {
    return pickTarget(
      {
        data: this.#data,
        layout: this.layout,
        view: this.#view,
        width: this.#width,
        left: this.#left,
      },
      x,
      y,
    );
  }

  /** Ends what is under way. */
  close(): void {
    this.#stopGlide();
    this.#base.close();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  #stopGlide(): void {
    if (this.#glide !== null) cancelAnimationFrame(this.#glide);
    this.#glide = null;
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#paint();
    });
  }

  #paint(): void {
    if (this.#width === 0 || this.#colours === null) return;
    const scene: LoomScene = {
      data: this.#data,
      layout: this.layout,
      view: this.#view,
      width: this.#width,
      left: this.#left,
      colours: this.#colours,
      calendar: this.#calendar,
      font: this.#font,
    };
    if (!this.#base.paint(scene)) return;
    const context = scaled(this.#canvas);
    paintFrame(context, scene);
    context.globalAlpha = this.#target === null ? 1 : DIMMED;
    this.#base.draw(context, scene);
    context.globalAlpha = 1;
    paintNames(context, scene);
    if (this.#target === null) return;
    const { kind, place } = this.#target;
    paintTrace(context, scene, {
      links: this.index.linksOf(this.#target),
      session: kind === "session" ? place : null,
      commit: kind === "commit" ? place : null,
    });
  }
}

/** The reader's clocks and weeks. */
function pageCalendar(): Calendar {
  const { timeZone, weekStart } = pagePreferences();
  return { offset: zoneOffset(timeZone ?? undefined), weekStart };
}

/** A canvas knows no `light-dark()`: elements that carry the colours say what they come to. */
function readColours(canvas: HTMLCanvasElement): LoomColours {
  const probe = document.createElement("span");
  // Where the system forces its colours, paper and ink would come to the same.
  probe.style.forcedColorAdjust = "none";
  canvas.parentElement!.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    paper: read("paper"),
    ink: read("ink"),
    faint: read("ink-faint"),
    rule: read("rule"),
    accent: read("accent"),
  };
  probe.remove();
  return colours;
}

/** How near the pointer must be, in CSS pixels. */
const REACH = 7;
const THREAD_REACH = 5;

/** What lies under a point, in CSS pixels from the loom's corner: a commit before a session before a thread. */
function pickTarget(
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
