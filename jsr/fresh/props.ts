import { computed, type ReadonlySignal, Signal, signal } from "@preact/signals";
import { parse, stringify } from "devalue";

const isPlain = (value: object) => [Object.prototype, null].includes(Object.getPrototypeOf(value));
const isInstance = (value: unknown): value is object =>
  value instanceof Error || (String(value) === "[object Object]" && !isPlain(value as object));

/**
 * Writes the props of a page's islands as one table, so that what they share stays shared.
 *
 * @throws {Error} If one of them is a function or holds one, as JSX does.
 */
export function serialise(props: object[]): string {
  return stringify(props, {
    Computed: (it) =>
      it instanceof Signal && Object.getPrototypeOf(it) !== Signal.prototype && [it.peek()],
    Signal: (it) => it instanceof Signal && [it.peek()],
    Instance: (it) => isInstance(it) && { ...it },
  });
}

/** Reads what {@linkcode serialise} wrote. */
export function revive(table: string): object[] {
  return parse(table, {
    Computed: ([value]): ReadonlySignal => computed(() => value),
    Signal: ([value]) => signal(value),
    Instance: (value) => value,
  });
}
