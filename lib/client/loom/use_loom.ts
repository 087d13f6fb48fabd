import type { LoomData } from "../../domain/loom.ts";
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { PAGE_REFRESHED } from "../live_page.ts";
import { LoomCanvas } from "./canvas.ts";

import { listenToGestures } from "./gestures.ts";
import { type LoomTarget, targetAfter } from "./index.ts";
import { loomCommand, timeOfTarget } from "./keys.ts";
import {
  clampView,
  followView,
  type LoomView,
  type Preset,
  presetView,
  wholeView,
  zoomView,
} from "./view.ts";

/** What a loom's parts share. */
export interface Loom {
  data: ReadonlySignal<LoomData | null>;
  failed: ReadonlySignal<boolean>;
  view: ReadonlySignal<LoomView | null>;
  bounds(): LoomView;
  target: ReadonlySignal<LoomTarget | null>;
  stage: RefObject<HTMLDivElement>;
  canvas: RefObject<HTMLCanvasElement>;
  onKeyDown(event: KeyboardEvent): void;
  /** Traces a target, or none. */
  point(target: LoomTarget | null): void;
  preset(preset: Preset): void;
  zoom(factor: number): void;
  linksOf(target: LoomTarget): number[];
}

interface Wanted {
  query: string;
  from: number | null;
  to: number | null;
  session: string | null;
}

/** Reads a loom's data, paints it, and listens to pointer and keys. */
export function useLoom({ query, from, to, session }: Wanted): Loom {
  const data = useSignal<LoomData | null>(null);
  const failed = useSignal(false);
  const view = useSignal<LoomView | null>(null);
  const target = useSignal<LoomTarget | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<LoomCanvas | null>(null);

  const bounds = () => wholeView(data.peek() ?? { from: 0, to: 1 });
  const show = (next: LoomView) => {
    view.value = next;
    painted.current?.show(next);
  };
  const glide = (next: LoomView) => {
    view.value = next;
    painted.current?.glideTo(next, bounds());
  };
  const point = (next: LoomTarget | null) => {
    target.value = next;
    painted.current?.trace(next);
  };

  useEffect(() => {
    const left = new AbortController();
    const load = async () => {
      try {
        const response = await fetch(`/api/loom${query}`, { signal: left.signal });
        if (!response.ok) throw new Error(`/api/loom answered ${response.status}`);
        const loaded: LoomData = await response.json();
        mount(loaded);
        failed.value = false;
      } catch {
        if (!left.signal.aborted && data.peek() === null) failed.value = true;
      }
    };
    const mount = (loaded: LoomData) => {
      const before = data.peek();
      const traced = before === null
        ? firstTarget(session, loaded)
        : target.peek() && targetAfter(target.peek()!, before, loaded);
      target.value = null;
      data.value = loaded;
      view.value = before === null || view.peek() === null
        ? firstView({ from, to }, bounds())
        : followView(view.peek()!, wholeView(before), bounds());
      painted.current?.close();
      painted.current = new LoomCanvas(canvas.current!, loaded, view.value);
      point(traced);
    };
    load();
    addEventListener(PAGE_REFRESHED, load);

    const endGestures = listenToGestures(stage.current!, {
      view: () => view.peek() ?? bounds(),
      bounds,
      left: () => painted.current?.left ?? 0,
      width: () => painted.current?.plotWidth ?? 1,
      show,
      point: (at) => point(at === null ? null : painted.current?.pick(at.x, at.y) ?? null),
      click: ({ x, y }, by, newTab) => {
        const found = painted.current?.pick(x, y) ?? null;
        const before = target.peek();
        point(found);
        const isTraced = found?.kind === before?.kind && found?.place === before?.place;
        if (found === null || (by === "finger" && !isTraced)) return;
        openTarget(data.peek()!, found, newTab);
      },
    });
    const resized = new ResizeObserver(() => painted.current?.resize());
    resized.observe(stage.current!);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => painted.current?.resize();
    dark.addEventListener("change", repaint);
    return () => {
      left.abort();
      removeEventListener(PAGE_REFRESHED, load);
      endGestures();
      resized.disconnect();
      dark.removeEventListener("change", repaint);
      painted.current?.close();
    };
  }, [query]);

  const onKeyDown = (event: KeyboardEvent) => {
    const now = view.peek();
    const loaded = data.peek();
    if (loaded === null || now === null || painted.current === null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = {
      data: loaded,
      index: painted.current.index,
      view: now,
      bounds: bounds(),
      target: target.peek(),
    };
    const command = loomCommand(event, place);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (command.kind === "open") return openTarget(loaded, target.peek()!);
    if (command.kind === "view") return glide(command.view);
    point(command.target);
    if (command.target !== null) {
      reveal(timeOfTarget(loaded, command.target), now, { bounds: bounds(), show });
    }
  };

  return {
    data,
    failed,
    view,
    target,
    stage,
    canvas,
    bounds,
    onKeyDown,
    point,
    preset: (preset) => glide(presetView(view.peek() ?? bounds(), preset, bounds())),
    zoom: (factor) => {
      glide(zoomView(view.peek() ?? bounds(), { factor, at: 0.5, bounds: bounds() }));
    },
    linksOf: (wanted) => painted.current?.index.linksOf(wanted) ?? [],
  };
}

function firstView(
  { from, to }: { from: number | null; to: number | null },
  bounds: LoomView,
): LoomView {
  return from === null || to === null ? bounds : clampView({ from, to }, bounds);
}

function firstTarget(session: string | null, { sessions }: LoomData): LoomTarget | null {
  const place = session === null ? -1 : sessions.ids.indexOf(session);
  return place === -1 ? null : { kind: "session", place };
}

/** Moves the view so that it holds `at`. */
function reveal(
  at: number,
  view: LoomView,
  { bounds, show }: { bounds: LoomView; show: (view: LoomView) => void },
): void {
  if (at >= view.from && at <= view.to) return;
  const half = (view.to - view.from) / 2;
  show(clampView({ from: at - half, to: at + half }, bounds));
}

function openTarget(data: LoomData, target: LoomTarget, newTab = false): void {
  const href = targetHref(data, target);
  if (newTab) open(href, "_blank", "noopener");
  else location.href = href;
}

/** The page of a target; a link's is its commit's. */
export function targetHref(data: LoomData, { kind, place }: LoomTarget): string {
  if (kind === "session") return `/sessions/${data.sessions.ids[place]}`;
  const commit = kind === "commit" ? place : data.links.commits[place];
  const { id } = data.repositories[data.commits.repositories[commit]];
  return `/commits/${data.commits.hashes[commit]}?repository=${id}`;
}
