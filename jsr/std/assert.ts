/** The part of `@std/assert` that this project uses, made of `node:assert`. */
import node, { AssertionError } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;
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

export function fail(msg = ""): never {
  throw new AssertionError({ message: `Failed assertion: ${msg}` });
}

function check(holds: boolean, problem: string, msg?: string): void {
  assert(holds, msg ? `${problem}: ${msg}` : problem);
}

export const assertEquals: Compare = (actual, expected, msg) => {
  try {
    node.deepStrictEqual(plain(actual), plain(expected));
  } catch (error) {
    check(false, (error as Error).message, msg);
  }
};

export const assertNotEquals: Compare = (actual, expected, msg) =>
  node.notDeepStrictEqual(plain(actual), plain(expected), msg);

export const assertStrictEquals: <T>(
  actual: unknown,
  expected: T,
  msg?: string,
) => asserts actual is T = node.strictEqual;

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  check((actual ?? null) !== null, `Expected a value, got ${actual}`, msg);
}

export function assertInstanceOf<T>(
  actual: unknown,
  type: Class<T>,
  msg?: string,
): asserts actual is T {
  check(actual instanceof type, `Expected a ${type.name}, got ${Deno.inspect(actual)}`, msg);
}

export const assertMatch: (actual: string, expected: RegExp, msg?: string) => void = node.match;
export const assertNotMatch: (actual: string, expected: RegExp, msg?: string) => void =
  node.doesNotMatch;

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  check(
    actual.includes(expected),
    `Expected ${JSON.stringify(actual)} to contain "${expected}"`,
    msg,
  );
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = Math.abs(expected * 1e-7),
  msg?: string,
): void {
  const isNear = Object.is(actual, expected) || Math.abs(expected - actual) <= tolerance;
  check(isNear, `Expected ${actual} to be within ${tolerance} of ${expected}`, msg);
}

const compare = (sign: string, holds: <T>(a: T, b: T) => boolean): Compare => (a, b, msg) =>
  check(holds(a, b), `Expected ${a} ${sign} ${b}`, msg);

export const assertGreater = compare(">", (a, b) => a > b);
export const assertGreaterOrEqual = compare(">=", (a, b) => a >= b);
export const assertLess = compare("<", (a, b) => a < b);
export const assertLessOrEqual = compare("<=", (a, b) => a <= b);

type Wanted<E> = [] | [type: Class<E> | string, msgIncludes?: string, msg?: string];

function checkError<E>(error: unknown, [type, includes = "", msg]: Wanted<E>): E {
  if (typeof type !== "function") return error as E;
  const { name, message } = error instanceof Error ? error : { name: "no Error", message: error };
  const problem = `Expected ${type.name} with "${includes}", got ${name} "${message}"`;
  check(error instanceof type && String(message).includes(includes), problem, msg);
  return error as E;
}

/** Gives back what was thrown. */
export function assertThrows<E = unknown>(fn: () => unknown, ...wanted: Wanted<E>): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, wanted);
  }
  fail("Expected function to throw");
}

/** Gives back what the promise was rejected with. */
export async function assertRejects<E = unknown>(
  fn: () => PromiseLike<unknown>,
  ...wanted: Wanted<E>
): Promise<E> {
  const promise = fn();
  try {
    await promise;
  } catch (error) {
    return checkError(error, wanted);
  }
  fail("Expected function to reject");
}
