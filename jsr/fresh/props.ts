import { computed, Signal, signal } from "@preact/signals";
import { parse, stringify } from "devalue";

const isComputed = (it: Signal) => Object.getPrototypeOf(it) !== Signal.prototype;

/**
 * Writes the props of a page's islands as one table, so that what they share stays shared.
 *
 * @throws {Error} If there is a function or a class's instance in them, as in JSX.
 */
export const serialise = (props: object[]): string =>
  stringify(props, {
    Computed: (it) => it instanceof Signal && isComputed(it) && [it.peek()],
    Signal: (it) => it instanceof Signal && [it.peek()],
  });

/** Reads what {@linkcode serialise} wrote. */
export const revive = (table: string): object[] =>
  parse(table, {
    Computed: ([value]) => computed(() => value),
    Signal: ([value]) => signal(value),
  });
