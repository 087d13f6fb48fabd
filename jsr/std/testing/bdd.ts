/** The part of `@std/testing/bdd` that this project uses, made of `node:test`, which Deno runs on `Deno.test`. */
import * as node from "node:test";

type Body = () => void | Promise<void>;
type Args = [name: string, fn: Body] | [name: string, options: { ignore?: boolean }, fn: Body];
type Hook = (fn: Body) => void;

const declare =
  (inNode: typeof node.it | typeof node.describe, skip?: boolean) => (...args: Args): void => {
    const [name, options, fn] = args.length === 2 ? [args[0], {}, args[1]] : args;
    inNode(name, { skip: skip ?? options.ignore ?? false }, () => fn());
  };

export const describe = declare(node.describe);
export const it = Object.assign(declare(node.it), { ignore: declare(node.it, true) });
export const beforeAll: Hook = node.before;
export const afterAll: Hook = node.after;
export const beforeEach: Hook = node.beforeEach;
export const afterEach: Hook = node.afterEach;
