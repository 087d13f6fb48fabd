import type { LoomData } from "./loom_data.ts";
import type { LoomLayout } from "./loom_layout.ts";
import type { Calendar } from "./loom_ticks.ts";
import type { LoomView } from "./loom_view.ts";

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
export function clipToPlot(context: CanvasRenderingContext2D, scene: LoomScene): void {
  const overhang = scene.left === 0 ? 0 : scene.layout.dotRadius + 2;
  context.save();
  context.beginPath();
  context.rect(scene.left - overhang, 0, scene.width, scene.layout.height);
  context.clip();
}
