import { type LoomView, panView, zoomView } from "./view.ts";

/** What gestures act on. */
export interface GestureTarget {
  view(): LoomView;
  bounds(): LoomView;
  /** Where time begins in the element, and how wide it is, in CSS pixels. */
  left(): number;
  width(): number;
  show(view: LoomView): void;
  /** The pointer rests at a point, in CSS pixels from the corner; null where it left. */
  point(at: { x: number; y: number } | null): void;
  /** A click or a tap that was no drag. A finger cannot point before it does; `newTab` is asked for as on links. */
  click(at: { x: number; y: number }, by: "mouse" | "finger", newTab: boolean): void;
}

/** How far a pointer may move before it drags, in CSS pixels. */
const STILL = 4;
const WHEEL_ZOOM = 0.0018;

/**
 * Moves and zooms by dragging, wheel and two fingers.
 *
 * @returns A function that ends it.
 */
export function listenToGestures(element: HTMLElement, target: GestureTarget): () => void {
  const pointers = new Map<number, number>();
  let start: { x: number; view: LoomView; spread: number } | null = null;
  let moved = false;

  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const share = (x: number) => Math.min(1, Math.max(0, (x - target.left()) / target.width()));
  const restart = () => {
    const xs = [...pointers.values()];
    const x = xs.reduce((a, b) => a + b, 0) / xs.length;
    const spread = xs.length > 1 ? Math.abs(xs[0] - xs[1]) : 0;
    start = xs.length === 0 ? null : { x, view: target.view(), spread };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, place(event).x);
    if (pointers.size === 1) moved = false;
    restart();
  };
  const move = (event: PointerEvent) => {
    const at = place(event);
    if (start === null || !pointers.has(event.pointerId)) {
      if (event.pointerType === "mouse") target.point(at);
      return;
    }
    pointers.set(event.pointerId, at.x);
    const xs = [...pointers.values()];
    const x = xs.reduce((a, b) => a + b, 0) / xs.length;
    if (!moved && Math.abs(x - start.x) < STILL && xs.length === 1) return;
    if (!moved) {
      moved = true;
      target.point(null);
      element.setPointerCapture(event.pointerId);
    }
    const bounds = target.bounds();
    const panned = panView(start.view, (start.x - x) / target.width(), bounds);
    const spread = xs.length > 1 ? Math.abs(xs[0] - xs[1]) : 0;
    target.show(
      start.spread > 10 && spread > 10
        ? zoomView(panned, { factor: spread / start.spread, at: share(x), bounds })
        : panned,
    );
  };
  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && !moved && pointers.size === 0) {
      const newTab = event.ctrlKey || event.metaKey;
      target.click(place(event), event.pointerType === "touch" ? "finger" : "mouse", newTab);
    }
    restart();
  };
  const middle = (event: MouseEvent) => {
    if (event.button === 1) target.click(place(event), "mouse", true);
  };
  const leave = (event: PointerEvent) => {
    // A finger that is lifted leaves too, and what it tapped stays traced.
    if (start === null && event.pointerType === "mouse") target.point(null);
  };
  const wheel = (event: WheelEvent) => {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const before = target.view();
    const bounds = target.bounds();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const view = isSideways
      ? panView(before, (event.deltaX || event.deltaY) * unit / target.width(), bounds)
      : zoomView(before, {
        factor: Math.exp(-event.deltaY * unit * WHEEL_ZOOM * (event.ctrlKey ? 4 : 1)),
        at: share(place(event).x),
        bounds,
      });
    // Where there is nothing more to see, the page scrolls.
    if (view.from === before.from && view.to === before.to) return;
    event.preventDefault();
    target.show(view);
  };

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("auxclick", middle);
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("auxclick", middle);
    element.removeEventListener("wheel", wheel);
  };
}
