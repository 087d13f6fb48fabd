/** The part of `@std/testing/bdd` that this project uses: suites are tests of `Deno.test`, their cases its steps. */

type Body<T> = (this: T, t: Deno.TestContext) => void | Promise<void>;
type Hook<T> = (this: T) => void | Promise<void>;
type Settings = Omit<Deno.TestDefinition, "name" | "fn">;
type Args<F> = [name: string, fn: F] | [name: string, options: Settings, fn: F];

interface Suite {
  name: string;
  settings: Settings;
  parent: Suite | null;
  children: {
    name: string;
    settings: Settings;
    run: (t: Deno.TestContext, context: object) => Promise<void>;
  }[];
  hooks: Record<"beforeAll" | "afterAll" | "beforeEach" | "afterEach", Hook<object>[]>;
}

const newSuite = (name: string, settings: Settings, parent: Suite | null): Suite => (
  {
    name,
    settings,
    parent,
    children: [],
    hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
  }
);

/** Holds the hooks that stand outside every suite. */
const root = newSuite("", {}, null);
let current = root;

/** Runs what opens, then the work, and what closes whatever happened; the first error wins. */
async function around(
  before: Hook<object>[],
  after: Hook<object>[],
  context: object,
  work: () => Promise<void>,
) {
  const errors: unknown[] = [];
  const attempt = async (fn: () => unknown) => {
    try {
      await fn();
    } catch (error) {
      errors.push(error);
    }
  };
  await attempt(async () => {
    for (const hook of before) await hook.call(context);
    await work();
  });
  for (const hook of after) await attempt(() => hook.call(context));
  if (errors.length > 0) throw errors[0];
}

async function runSuite(suite: Suite, t: Deno.TestContext, inherited: object): Promise<void> {
  const context = Object.create(inherited);
  const only = suite.children.some((child) => child.settings.only);
  await around(suite.hooks.beforeAll, suite.hooks.afterAll, context, async () => {
    for (const { name, settings: { only: own, ignore, ...rest }, run } of suite.children) {
      await t.step({
        ...rest,
        name,
        ignore: ignore || (only && !own),
        fn: (t) => run(t, Object.create(context)),
      });
    }
  });
}

async function runCase(
  suite: Suite,
  fn: Body<object>,
  t: Deno.TestContext,
  context: object,
): Promise<void> {
  const before: Hook<object>[] = [];
  const after: Hook<object>[] = [];
  for (let at: Suite | null = suite; at !== null; at = at.parent) {
    before.unshift(...at.hooks.beforeEach);
    after.push(...at.hooks.afterEach);
  }
  await around(before, after, context, async () => await fn.call(context, t));
}

function add(name: string, settings: Settings, run: Suite["children"][number]["run"]): void {
  if (current !== root) {
    current.children.push({ name, settings, run });
    for (let at = current; settings.only && at !== root; at = at.parent!) at.settings.only = true;
  } else {
    Deno.test({
      ...settings,
      name,
      fn: (t) => around(root.hooks.beforeAll, root.hooks.afterAll, {}, () => run(t, {})),
    });
  }
}

function split<F>(args: Args<F>, extra: Settings): { name: string; settings: Settings; fn: F } {
  const [name, options, fn] = args.length === 3 ? args : [args[0], {}, args[1]];
  return { name, settings: { ...options, ...extra }, fn };
}

function declareCase<T>(args: Args<Body<T>>, extra: Settings): void {
  const { name, settings, fn } = split(args, extra);
  const suite = current;
  add(name, settings, (t, context) => runCase(suite, fn as Body<object>, t, context));
}

function declareSuite(args: Args<() => void>, extra: Settings): void {
  const { name, settings, fn } = split(args, extra);
  const outer = current;
  const suite = current = newSuite(name, settings, outer);
  try {
    fn();
  } finally {
    current = outer;
  }
  add(name, suite.settings, (t, context) => runSuite(suite, t, context));
}

export const describe = Object.assign((...args: Args<() => void>) => declareSuite(args, {}), {
  only: (...args: Args<() => void>) => declareSuite(args, { only: true }),
  ignore: (...args: Args<() => void>) => declareSuite(args, { ignore: true }),
});

export const it = Object.assign(<T>(...args: Args<Body<T>>) => declareCase(args, {}), {
  only: <T>(...args: Args<Body<T>>) => declareCase(args, { only: true }),
  ignore: <T>(...args: Args<Body<T>>) => declareCase(args, { ignore: true }),
});

const hook = (kind: keyof Suite["hooks"]) => <T>(fn: Hook<T>): void => {
  current.hooks[kind].push(fn as Hook<object>);
};

/** Runs before the first case of the suite. */
export const beforeAll: <T>(fn: Hook<T>) => void = hook("beforeAll");
/** Runs after the last case of the suite, whatever happened. */
export const afterAll: <T>(fn: Hook<T>) => void = hook("afterAll");
/** Runs before each case, the outer suite's first. */
export const beforeEach: <T>(fn: Hook<T>) => void = hook("beforeEach");
/** Runs after each case, the inner suite's first, whatever happened. */
export const afterEach: <T>(fn: Hook<T>) => void = hook("afterEach");
