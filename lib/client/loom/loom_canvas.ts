import type { LoomData } from "./loom_data.ts";
import { indexLoom, type LoomIndex, type LoomTarget } from "./loom_index.ts";
import { layOutLoom, type LoomLayout } from "./loom_layout.ts";
import { paintFrame, paintNames } from "./loom_frame.ts";
import { LoomBase, scaled } from "./loom_base.ts";
import { paintTrace } from "./loom_paint.ts";
import { pickTarget } from "./loom_pick.ts";
import { pagePreferences } from "../preferences.ts";
import { zoneOffset } from "../zone.ts";
import type { Calendar } from "./loom_ticks.ts";
import type { LoomColours, LoomScene } from "./loom_scene.ts";
import { clampView, type LoomView } from "./loom_view.ts";

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

  /** Takes the canvas's width and the page's colours anew. */
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
