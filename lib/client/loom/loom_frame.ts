import { repositoryY } from "./loom_layout.ts";
import { inPlot, type LoomScene, timeToX } from "./loom_scene.ts";
import { ticksOf } from "./loom_ticks.ts";

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
