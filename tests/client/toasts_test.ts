import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Timers, TOAST_MS, Toasts } from "../../lib/client/toasts.ts";

/** A clock that stands still until it is moved. */
class HeldClock implements Timers {
  #now = 0;
  #nextId = 1;
  #waiting = new Map<number, { at: number; work: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(work: () => void, ms: number): number {
    this.#waiting.set(this.#nextId, { at: this.#now + ms, work });
    return this.#nextId++;
  }

  clearTimeout(id: number): void {
    this.#waiting.delete(id);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { at, work }] of [...this.#waiting]) {
      if (at > this.#now) continue;
      this.#waiting.delete(id);
      work();
    }
  }
}

const content = { kind: "info", title: "Hello", detail: null, retry: false } as const;

describe("Toasts", () => {
  it("keeps a toast for six seconds", () => {
    const clock = new HeldClock();
    const toasts = new Toasts(clock);
    toasts.show(content);
    clock.pass(TOAST_MS - 1);
    assertEquals(toasts.list.value.length, 1);
    clock.pass(1);
    assertEquals(toasts.list.value.length, 0);
  });

  it("does not count the time that a toast is hovered or focused", () => {
    const clock = new HeldClock();
    const toasts = new Toasts(clock);
    const { id } = toasts.show(content);
    clock.pass(4_000);
    toasts.pause(id);
    toasts.pause(id);
    clock.pass(60_000);
    assertEquals(toasts.list.value.length, 1);
    toasts.resume(id);
    clock.pass(1_999);
    assertEquals(toasts.list.value.length, 1);
    clock.pass(1);
    assertEquals(toasts.list.value.length, 0);
  });

  it("dismisses one and leaves the others", () => {
    const toasts = new Toasts(new HeldClock());
    const first = toasts.show(content);
    const second = toasts.show(content);
    toasts.dismiss(first.id);
    toasts.resume(first.id);
    assertEquals(toasts.list.value.map(({ id }) => id), [second.id]);
  });
});
