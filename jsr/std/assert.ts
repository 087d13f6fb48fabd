/** The part of `@std/assert` that this project uses, made of `node:assert`. */
import node, { AssertionError } from "node:assert/strict";

type Compare = <T>(actual: T, expected: T, msg?: string) => void;

/** To std, an object without a prototype is a plain one. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError({ message: msg });
}

function thrownBy(fn: () => unknown): { error: Error } | null {
  try {
    fn();
    return null;
  } catch (error) {
    return { error: error as Error };
  }
}

export const assertEquals: Compare = (actual, expected, msg) => {
  const problem = thrownBy(() => node.deepStrictEqual(plain(actual), plain(expected)));
  if (problem !== null) assert(false, `${problem.error.message} ${msg ?? ""}`);
};

export const assertNotEquals: Compare = (actual, expected, msg) =>
  node.notDeepStrictEqual(plain(actual), plain(expected), msg);

export const assertMatch: (actual: string, expected: RegExp, msg?: string) => void = node.match;

export function assertStringIncludes(actual: string, expected: string, msg = ""): void {
  assert(actual.includes(expected), `Expected ${actual} to contain "${expected}" ${msg}`);
}

// deno-lint-ignore no-explicit-any
type Wanted<E> = [] | [type: abstract new (...args: any[]) => E, msgIncludes?: string];

function check<E>(thrown: { error: Error } | null, [type, includes = ""]: Wanted<E>): E {
  if (thrown === null) throw new AssertionError({ message: "Expected function to throw" });
  const { error } = thrown;
  const isWanted = type === undefined ||
    (error instanceof type && error.message.includes(includes));
  assert(isWanted, `Expected ${type?.name} with "${includes}", got ${error}`);
  return error as E;
}

/** Gives back what was thrown. */
export const assertThrows = <E = unknown>(fn: () => unknown, ...wanted: Wanted<E>): E =>
  check(thrownBy(fn), wanted);

type Start = () => PromiseLike<unknown>;

/** Gives back what the promise was rejected with. */
export const assertRejects = async <E = unknown>(fn: Start, ...wanted: Wanted<E>): Promise<E> =>
  check(await fn().then(() => null, (error) => ({ error })), wanted);
