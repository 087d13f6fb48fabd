import {
  type Config,
  Context,
  HttpError,
  type Method,
  type Middleware,
  renderRoute,
  type Route,
} from "./context.ts";
import { type Project, project } from "./project.ts";
import { compareRoutes, parseRouteFile, Router } from "./routes.ts";

const METHODS: Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const NO_CONNECTION = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
} as Deno.ServeHandlerInfo;

type MaybeLazy<T> = T | (() => Promise<T>);
type Component<State> = NonNullable<Route<State>["component"]>;

/** What holds for a folder of URLs. */
interface Scope<State> {
  middlewares: Middleware<State>[];
  app?: () => Component<State> | undefined | Promise<Component<State> | undefined>;
  error?: () => Route<State> | Promise<Route<State>>;
}

/** The app under construction: every route keeps the scopes as they stood when it was added. */
class Assembly<State> {
  readonly router = new Router<Middleware<State>>();
  readonly #scopes = new Map<string, Scope<State>>();

  scope(path: string): Scope<State> {
    let scope = this.#scopes.get(path);
    if (scope === undefined) this.#scopes.set(path, scope = { middlewares: [] });
    return scope;
  }

  add(
    methods: readonly string[],
    pattern: string,
    scope: string,
    steps: Middleware<State>[],
  ): void {
    this.router.add(methods, pattern, this.chain(scope, steps));
  }

  chain(path: string, steps: Middleware<State>[]): Middleware<State> {
    const parts = path.split("/").filter(Boolean);
    const paths = ["", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
    return compose([...paths.flatMap((path) => enter({ ...this.scope(path) })), ...steps]);
  }
}

/** Runs steps one inside the other; the last one's `next()` is what the context's was before. */
function compose<State>(steps: Middleware<State>[]): Middleware<State> {
  return (ctx) => {
    const last = ctx.next;
    const run = async (index: number): Promise<Response> => {
      if (index === steps.length) return await last();
      ctx.next = () => run(index + 1);
      try {
        return await steps[index](ctx);
      } catch (error) {
        ctx.error = error;
        throw error;
      }
    };
    return run(0);
  };
}

function enter<State>({ app, error, middlewares }: Scope<State>): Middleware<State>[] {
  const step: Middleware<State> = async (ctx) => {
    if (app !== undefined) ctx.wrapper = app;
    try {
      return await ctx.next();
    } catch (cause) {
      if (error === undefined) throw cause;
      return await renderRoute(ctx, await error(), cause instanceof HttpError ? cause.status : 500);
    }
  };
  return [step, ...middlewares];
}

/** Answers requests by passing them through middleware to routes. */
export class App<State> {
  readonly config: Config;
  #project: Project = project;
  #steps: ((assembly: Assembly<State>) => void)[] = [];

  constructor(config: { basePath?: string; mode?: Config["mode"] } = {}) {
    this.config = { root: ".", basePath: "", mode: "production", trustProxy: false, ...config };
  }

  /** Serves another project's files, as a build makes known. */
  static useProject<State>(app: App<State>, other: Project): void {
    app.#project = other;
  }

  use(...args: [path: string, ...Middleware<State>[]] | Middleware<State>[]): this {
    const [path, ...rest] = typeof args[0] === "string" ? args : ["", ...args];
    return this.#add((assembly) =>
      assembly.scope(trim(path as string)).middlewares.push(...rest as Middleware<State>[])
    );
  }

  onError(path: string, route: Route<State> | Middleware<State>): this {
    const error = typeof route === "function" ? { handler: route } : route;
    return this.#add((assembly) => assembly.scope(trim(path)).error = () => error);
  }

  appWrapper(component: Component<State>): this {
    return this.#add((assembly) => assembly.scope("").app = () => component);
  }

  route(path: string, route: Route<State>): this {
    const { handler, component } = route;
    const own = typeof handler === "object" ? Object.keys(handler) : METHODS;
    const methods = component && !own.includes("GET") ? [...own, "GET"] : own;
    return this.#add((assembly) =>
      assembly.add(methods, path, path, [(ctx) => renderRoute(ctx, route)])
    );
  }

  get(path: string, ...steps: Middleware<State>[]): this {
    return this.#on(["GET"], path, steps);
  }

  post(path: string, ...steps: Middleware<State>[]): this {
    return this.#on(["POST"], path, steps);
  }

  put(path: string, ...steps: Middleware<State>[]): this {
    return this.#on(["PUT"], path, steps);
  }

  delete(path: string, ...steps: Middleware<State>[]): this {
    return this.#on(["DELETE"], path, steps);
  }

  all(path: string, ...steps: Middleware<State>[]): this {
    return this.#on(METHODS, path, steps);
  }

  /** Takes in what stands under `routes/`. */
  fsRoutes(): this {
    return this.#add((assembly) => addFiles(assembly, this.#project));
  }

  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const assembly = new Assembly<State>();
    for (const step of this.#steps) step(assembly);
    const unmatched = assembly.chain("", []);
    return async (req, info = NO_CONNECTION) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/+/g, "/");
      const { endpoint, params } = assembly.router.match(url.pathname) ?? {};
      const methods = endpoint?.byMethod;
      const run = methods?.get(req.method) ??
        (req.method === "HEAD" ? methods?.get("GET") : undefined);
      // deno-lint-ignore require-await
      const next = async () => {
        if (methods === undefined || run !== undefined) throw new HttpError(404);
        if (req.method !== "OPTIONS") throw new HttpError(405);
        return new Response(null, {
          status: 204,
          headers: { allow: [...methods.keys()].join(", ") },
        });
      };
      const route = endpoint?.pattern ?? null;
      const ctx = new Context<State>(
        req,
        url,
        info,
        route,
        params ?? {},
        this.config,
        next,
        this.#project,
      );
      try {
        const response = await (run ?? unmatched)(ctx);
        if (!(response instanceof Response)) {
          throw new Error(`Expected a Response, got ${response}`);
        }
        return req.method === "HEAD" ? new Response(null, response) : response;
      } catch (error) {
        return respondPlainly(error);
      }
    };
  }

  #add(step: (assembly: Assembly<State>) => void): this {
    this.#steps.push(step);
    return this;
  }

  #on(methods: Method[], path: string, steps: Middleware<State>[]): this {
    return this.#add((assembly) => assembly.add(methods, path, path, steps));
  }
}

const trim = (path: string) => path === "*" ? "" : path.replace(/\/\*?$/, "");

function respondPlainly(error: unknown): Response {
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) console.error(error);
  const message = error instanceof HttpError
    ? error.message || `Error ${status}`
    : "Internal server error";
  return new Response(message, { status });
}

// deno-lint-ignore no-explicit-any
type Module = any;

function addFiles<State>(assembly: Assembly<State>, { routes }: Project): void {
  const files = Object.entries(routes).map(([path, load]) => {
    let loaded: Promise<Module> | undefined;
    return { ...parseRouteFile(path), load: () => loaded ??= load() };
  });
  const handlerOf = (module: Module) => module.handlers ?? module.handler;
  const routeOf = (module: Module): Route<State> => ({
    handler: handlerOf(module),
    component: module.default,
  });
  for (const { kind, scope, load } of files) {
    const holder = assembly.scope(scope);
    if (kind === "app") holder.app = async () => (await load()).default;
    if (kind === "error") holder.error = async () => routeOf(await load());
    if (kind !== "middleware") continue;
    holder.middlewares.push(async (ctx) => {
      const module = await load();
      return await compose<State>([handlerOf(module) ?? module.default].flat())(ctx);
    });
  }
  for (const file of files.filter(({ kind }) => kind === "route").sort(compareRoutes)) {
    const run: Middleware<State> = async (ctx) => renderRoute(ctx, routeOf(await file.load()));
    assembly.add(METHODS, file.pattern, file.scope, [run]);
  }
}
