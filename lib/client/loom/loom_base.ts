import { paintLoom } from "./loom_paint.ts";
import { inPlot, type LoomScene, timeToX } from "./loom_scene.ts";
import type { LoomView } from "./loom_view.ts";

/** What painting everything may cost, in milliseconds, that every frame of a movement gets it anew. */
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
export class LoomBase {
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

  /** Paints anew, as large as another canvas; what was painted stands in until then. */
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
export function scaled(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
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
