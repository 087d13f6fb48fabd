/** The part of `@std/assert` that this project uses, made of `node:assert`. */
import nodeAssert, { AssertionError } from "node:assert/strict";

export { AssertionError };

// deno-lint-ignore no-explicit-any
type AnyConstructor<T = any> = abstract new (...args: any[]) => T;

function check(holds: boolean, problem: () => string, msg?: string): asserts holds {
  if (!holds) throw new AssertionError({ message: msg ? `${problem()}: ${msg}` : problem() });
}

const show = (value: unknown): string => Deno.inspect(value, { depth: 4, strAbbreviateSize: 1e5 });

/** std takes an object without a prototype for a plain one; `node:assert` doesn't. */
function withPrototypes(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !Array.isArray(value)) return value;
  if (seen.has(value)) return seen.get(value);
  const copy: Record<PropertyKey, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    if (key === "length" && Array.isArray(value)) copy.length = value.length;
    else Reflect.set(copy, key, withPrototypes(Reflect.get(value, key), seen));
  }
  return copy;
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError({ message: msg });
}

export function assertFalse(expr: unknown, msg?: string): asserts expr is false {
  check(!expr, () => `Expected ${show(expr)} to be falsy`, msg);
}

export function fail(msg?: string): never {
  throw new AssertionError({ message: msg ? `Failed assertion: ${msg}` : "Failed assertion." });
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    nodeAssert.deepStrictEqual(withPrototypes(actual), withPrototypes(expected));
  } catch (error) {
    if (!(error instanceof AssertionError) || msg === undefined) throw error;
    throw new AssertionError({ message: `${msg}\n${error.message}`, actual, expected });
  }
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(withPrototypes(actual), withPrototypes(expected), msg);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  nodeAssert.strictEqual(actual, expected, msg);
}

export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notStrictEqual(actual, expected, msg);
}

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  check(actual !== undefined && actual !== null, () => `Expected a value, got ${actual}`, msg);
}

export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  const problem = () =>
    `Expected object to be an instance of "${expectedType.name}", got ${show(actual)}`;
  check(actual instanceof expectedType, problem, msg);
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  check(actual.search(expected) >= 0, () => `Expected ${show(actual)} to match ${expected}`, msg);
}

export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  check(
    actual.search(expected) < 0,
    () => `Expected ${show(actual)} not to match ${expected}`,
    msg,
  );
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  check(
    actual.includes(expected),
    () => `Expected ${show(actual)} to contain ${show(expected)}`,
    msg,
  );
}

export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const has = (wanted: T) => Array.from(actual).some((item) => isEqual(item, wanted));
  const missing = Array.from(expected).filter((wanted) => !has(wanted));
  check(missing.length === 0, () => `Expected ${show(actual)} to include ${show(missing)}`, msg);
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    assertEquals(a, b);
    return true;
  } catch {
    return false;
  }
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  const allowed = tolerance ?? (isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const near = Object.is(actual, expected) || Math.abs(expected - actual) <= allowed;
  check(near, () => `Expected ${actual} to be within ${allowed} of ${expected}`, msg);
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  check(actual > expected, () => `Expect ${show(actual)} > ${show(expected)}`, msg);
}

export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  check(actual >= expected, () => `Expect ${show(actual)} >= ${show(expected)}`, msg);
}

export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  check(actual < expected, () => `Expect ${show(actual)} < ${show(expected)}`, msg);
}

export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  check(actual <= expected, () => `Expect ${show(actual)} <= ${show(expected)}`, msg);
}

function checkError(error: unknown, wanted: unknown[], verb: string): unknown {
  const [errorClass, msgIncludes, msg] = typeof wanted[0] === "string"
    ? [undefined, undefined, wanted[0]]
    : wanted as [AnyConstructor?, string?, string?];
  if (!errorClass) return error;
  check(error instanceof Error, () => `A non-Error object was ${verb}: ${show(error)}`, msg);
  check(
    error instanceof errorClass,
    () =>
      `Expected error to be an instance of "${errorClass.name}", but was "${error.constructor.name}": ${error.message}`,
    msg,
  );
  const includes = !msgIncludes || error.message.includes(msgIncludes);
  check(
    includes,
    () => `Expected error message to include ${show(msgIncludes)}, but got ${show(error.message)}`,
    msg,
  );
  return error;
}

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: AnyConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(fn: () => unknown, ...wanted: unknown[]): unknown {
  try {
    fn();
  } catch (error) {
    return checkError(error, wanted, "thrown");
  }
  fail("Expected function to throw");
}

export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: AnyConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...wanted: unknown[]
): Promise<unknown> {
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
    await promise;
  } catch (error) {
    if (promise === undefined) fail("Function throws when expected to reject");
    return checkError(error, wanted, "rejected");
  }
  fail("Expected function to reject");
}
