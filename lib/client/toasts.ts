import type { ToastContent } from "../domain/sync_model.ts";
import { type ReadonlySignal, signal } from "@preact/signals";

/** A toast on show. */
export interface Toast extends ToastContent {
  id: number;
}

/** How long a toast stays, in milliseconds. */
export const TOAST_MS = 6_000;

/** Timers, so that a test can hold the clock. */
export interface Timers {
  setTimeout(work: () => void, ms: number): number;
  clearTimeout(id: number): void;
  now(): number;
}

interface Countdown {
  timer: number | null;
  startedAt: number;
  leftMs: number;
}

const systemTimers: Timers = {
  setTimeout: (work, ms) => globalThis.setTimeout(work, ms) as unknown as number,
  clearTimeout: (id) => globalThis.clearTimeout(id),
  now: () => Date.now(),
};

/** The toasts of a page: each goes after {@linkcode TOAST_MS}, not counting the time that it is paused. */
export class Toasts {
  #toasts = signal<readonly Toast[]>([]);
  #countdowns = new Map<number, Countdown>();
  #nextId = 1;
  #timers: Timers;

  constructor(timers: Timers = systemTimers) {
    this.#timers = timers;
  }

  /** The toasts on show, oldest first. */
  get list(): ReadonlySignal<readonly Toast[]> {
    return this.#toasts;
  }

  show(content: ToastContent): Toast {
    const toast = { ...content, id: this.#nextId++ };
    this.#toasts.value = [...this.#toasts.value, toast];
    this.#countdowns.set(toast.id, { timer: null, startedAt: 0, leftMs: TOAST_MS });
    this.resume(toast.id);
    return toast;
  }

  dismiss(id: number): void {
    this.pause(id);
    this.#countdowns.delete(id);
    this.#toasts.value = this.#toasts.value.filter((toast) => toast.id !== id);
  }

  /** Keeps a toast while it is hovered or focused. */
  pause(id: number): void {
    const countdown = this.#countdowns.get(id);
    if (countdown?.timer == null) return;
    this.#timers.clearTimeout(countdown.timer);
    countdown.timer = null;
    countdown.leftMs -= this.#timers.now() - countdown.startedAt;
  }

  resume(id: number): void {
    const countdown = this.#countdowns.get(id);
    if (countdown === undefined || countdown.timer !== null) return;
    countdown.startedAt = this.#timers.now();
    countdown.timer = this.#timers.setTimeout(
      () => this.dismiss(id),
      Math.max(0, countdown.leftMs),
    );
  }
}
