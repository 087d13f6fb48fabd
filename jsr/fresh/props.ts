import { computed, type Signal, signal } from "@preact/signals";

/** A value in the table: a JSON primitive, or a kind with what it is made of, other values by their index. */
type Row = string | number | boolean | null | [kind: string, ...unknown[]];

const isSignal = (value: object): value is Signal =>
  "peek" in value && "value" in value && "subscribe" in value;
/** Only a computed signal has no setter; the minified name of its function differs by version. */
const isComputed = (value: Signal) =>
  Object.getPrototypeOf(value) === Object.getPrototypeOf(computed(() => 0));

/**
 * Writes values as one table, so that what is shared stays shared.
 *
 * @throws {Error} If a value is a function or JSX.
 */
export function serialise(root: unknown): string {
  const rows: Row[] = [];
  const indexes = new Map<unknown, number>();
  const add = (value: unknown): number => {
    const known = indexes.get(value);
    if (known !== undefined && !Object.is(value, -0)) return known;
    const index = rows.push(null) - 1;
    if (!Object.is(value, -0)) indexes.set(value, index);
    rows[index] = describe(value, add);
    return index;
  };
  add(root);
  return JSON.stringify(rows);
}

function describe(value: unknown, add: (value: unknown) => number): Row {
  switch (typeof value) {
    case "undefined":
      return ["undefined"];
    case "bigint":
      return ["bigint", String(value)];
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ["number", Object.is(value, -0) ? "-0" : String(value)];
    case "function":
    case "symbol":
      throw new Error(`Cannot serialise a ${typeof value} for an island`);
    case "object":
      return value === null ? null : describeObject(value, add);
    default:
      return value as string | boolean;
  }
}

function describeObject(value: object, add: (value: unknown) => number): Row {
  if (isSignal(value)) return [isComputed(value) ? "computed" : "signal", add(value.peek())];
  if (value instanceof URL) return ["URL", value.href];
  if (value instanceof Date) return ["Date", value.getTime()];
  if (value instanceof RegExp) return ["RegExp", value.source, value.flags];
  if (value instanceof Uint8Array) return ["Uint8Array", Array.from(value)];
  if (value instanceof Set) return ["Set", Array.from(value, add)];
  if (value instanceof Map) {
    return ["Map", Array.from(value, ([key, item]) => [add(key), add(item)])];
  }
  if (Array.isArray(value)) {
    return [
      "Array",
      Array.from(value, (item, index) => index in value ? add(item) : -1),
    ];
  }
  if ("__k" in value) throw new Error("Cannot serialise JSX for an island");
  return ["Object", Object.entries(value).map(([key, item]) => [key, add(item)])];
}

/** Reads what {@linkcode serialise} wrote. */
export function revive(text: string): unknown {
  const rows = JSON.parse(text) as Row[];
  const values = new Map<number, unknown>();
  const get = (index: number): unknown => {
    if (values.has(index)) return values.get(index);
    const row = rows[index];
    if (!Array.isArray(row)) return row;
    // A value is known before what it holds is read, since that may hold the value.
    const [made, fill] = make(row, get);
    values.set(index, made);
    fill?.();
    return made;
  };
  return get(0);
}

// deno-lint-ignore no-explicit-any
function make(
  [kind, a, b]: any[],
  get: (index: number) => unknown,
): [value: unknown, fill?: () => void] {
  switch (kind) {
    case "undefined":
      return [undefined];
    case "bigint":
      return [BigInt(a)];
    case "number":
      return [Number(a)];
    case "URL":
      return [new URL(a)];
    case "Date":
      return [new Date(a ?? NaN)];
    case "RegExp":
      return [new RegExp(a, b)];
    case "Uint8Array":
      return [Uint8Array.from(a)];
    case "signal":
    case "computed": {
      const held = signal<unknown>();
      return [kind === "signal" ? held : computed(() => held.value), () => held.value = get(a)];
    }
    case "Set": {
      const set = new Set();
      return [set, () => a.forEach((item: number) => set.add(get(item)))];
    }
    case "Map": {
      const map = new Map();
      return [map, () => a.forEach(([key, item]: number[]) => map.set(get(key), get(item)))];
    }
    case "Array": {
      const array = new Array(a.length);
      return [
        array,
        () => a.forEach((item: number, at: number) => item < 0 || (array[at] = get(item))),
      ];
    }
    default: {
      const object = {};
      const define = ([key, item]: [string, number]) =>
        Object.defineProperty(object, key, {
          value: get(item),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      return [object, () => a.forEach(define)];
    }
  }
}
