/** The part of `@std/testing/bdd` that this project uses, made of `node:test`, which Deno runs on `Deno.test`. */
import * as node from "node:test";

type Body = () => void | Promise<void>;
type Args<F> = [name: string, fn: F] | [name: string, options: { ignore?: boolean }, fn: F];
type Declare = (name: string, options: { skip: boolean }, fn: () => unknown) => unknown;

function declare<F extends () => unknown>(declareInNode: Declare) {
  const add = (ignored: boolean) => (...args: Args<F>): void => {
    const [name, options, fn] = args.length === 2 ? [args[0], {}, args[1]] : args;
    declareInNode(name, { skip: ignored || (options.ignore ?? false) }, () => fn());
  };
  return Object.assign(add(false), { ignore: add(true), skip: add(true) });
}

/** Groups cases; hooks declared inside hold for it and for the suites in it. */
export const describe = declare<() => void>(node.describe as Declare);
/** Declares a case. */
export const it = declare<Body>(node.it as Declare);
/** Runs before the first case of the suite. */
export const beforeAll: (fn: Body) => void = node.before;
/** Runs after the last case of the suite, whatever happened. */
export const afterAll: (fn: Body) => void = node.after;
/** Runs before each case, the outer suite's first. */
export const beforeEach: (fn: Body) => void = node.beforeEach;
/** Runs after each case, the inner suite's first, whatever happened. */
export const afterEach: (fn: Body) => void = node.afterEach;
