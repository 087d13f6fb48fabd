import * as project from "./manifest.gen.ts";
import { collapse, Context, HttpError, type Method, type Middleware } from "./context.ts";
import { renderRoute, type Route, type Wrapper } from "./context.ts";
import { makeProject, type Project } from "./project.ts";
import { type Endpoint, makeMatcher, parseRouteFile } from "./routes.ts";

const METHODS: Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const FAULT = { status: 500, message: "Internal server error" };

/** The middleware, wrappers and error page of a folder of routes. */
interface Scope<State> {
  middlewares: Middleware<State>[];
  app?: Wrapper<State>;
  layout?: Wrapper<State>;
  error?: () => Promise<Route<State>>;
}

/** The app as it is put together: a route keeps its scopes as they stood when it was added. */
class Assembly<State> {
  readonly endpoints = new Map<string, Endpoint<Middleware<State>>>();
  readonly #scopes = new Map<string, Scope<State>>();

  scope(path: string): Scope<State> {
    return this.#scopes.getOrInsertComputed(path, () => ({ middlewares: [] }));
  }

  /** Puts around what runs last what holds for each folder of the path, the root outermost. */
  wrap(path: string, run: Middleware<State>): Middleware<State> {
    const folders = [...path.matchAll(/(?=\/|$)/g)].map(({ index }) => path.slice(0, index));
    return folders.reduceRight((inner, folder) => enter({ ...this.scope(folder) }, inner), run);
  }

  add(methods: Method[], pattern: string, run: Middleware<State>): void {
    const make = () => ({ pattern, byMethod: new Map() });
    const { byMethod } = this.endpoints.getOrInsertComputed(pattern, make);
    for (const method of methods) byMethod.getOrInsert(method, run);
  }
}

/** Runs steps one inside the other; the last one's `next()` is `run`. */
function chain<State>(steps: Middleware<State>[], run: Middleware<State>): Middleware<State> {
  return steps.reduceRight((inner, step) => async (ctx) => {
    ctx.next = async () => await inner(ctx);
    return await step(ctx);
  }, run);
}

function enter<State>(scope: Scope<State>, inner: Middleware<State>): Middleware<State> {
  const run = chain([...scope.middlewares], inner);
  return async (ctx) => {
    const { layouts } = ctx;
    ctx.app = scope.app ?? ctx.app;
    ctx.layouts = layouts.concat(scope.layout ?? []);
    try {
      return await run(ctx);
    } catch (error) {
      ctx.error = error;
      if (scope.error === undefined) throw error;
      const status = error instanceof HttpError ? error.status : 500;
      return await renderRoute(ctx, await scope.error(), status);
    } finally {
      ctx.layouts = layouts;
    }
  };
}

/** Passes requests through middleware to routes. */
export class App<State> {
  #project = makeProject(project, {
    static: new URL("../../static/", import.meta.url),
    bundle: new URL("../../_fresh/js/", import.meta.url),
  });
  #parts: ((assembly: Assembly<State>) => void)[] = [];

  /** Serves the files of another project than this one. */
  static useProject<State>(app: App<State>, other: Project): void {
    app.#project = other;
  }

  use(...middlewares: Middleware<State>[]): this {
    return this.#with((assembly) => assembly.scope("").middlewares.push(...middlewares));
  }

  get(path: string, ...steps: Middleware<State>[]): this {
    const run = chain(steps, (ctx) => ctx.unanswered());
    return this.#with((assembly) => assembly.add(["GET"], path, assembly.wrap(path, run)));
  }

  /** Takes in what stands under `routes/`. */
  fsRoutes(): this {
    return this.#with((assembly) => addFiles(assembly, this.#project.routes));
  }

  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const assembly = new Assembly<State>();
    for (const part of this.#parts) part(assembly);
    const match = makeMatcher([...assembly.endpoints.values()]);
    const unmatched = assembly.wrap("", (ctx) => ctx.unanswered());
    return async (req) => {
      const url = new URL(req.url);
      url.pathname = collapse(url.pathname);
      const { endpoint, params } = match(url.pathname);
      const { pattern = null, byMethod } = endpoint ?? {};
      const get = req.method === "HEAD" ? byMethod?.get("GET") : undefined;
      const run = byMethod?.get(req.method) ?? get;
      const unanswered = () => Promise.reject(new HttpError(run || !byMethod ? 404 : 405));
      const ctx = new Context<State>(req, url, pattern, params, this.#project, unanswered);
      try {
        const answer = await (run ?? unmatched)(ctx);
        return req.method === "HEAD" ? new Response(null, answer) : answer;
      } catch (error) {
        const { status, message } = error instanceof HttpError ? error : FAULT;
        if (status === 500) console.error(error);
        return new Response(message, { status });
      }
    };
  }

  #with(part: (assembly: Assembly<State>) => void): this {
    this.#parts.push(part);
    return this;
  }
}

function addFiles<State>(assembly: Assembly<State>, routes: Project["routes"]): void {
  const files = Object.entries(routes).map(([path, load]) => ({ ...parseRouteFile(path), load }));
  for (const { kind, scope, load } of files) {
    const holder = assembly.scope(scope);
    if (kind === "_app" || kind === "_layout") {
      holder[kind === "_app" ? "app" : "layout"] = async () => (await load()).default;
    }
    if (kind === "_error") holder.error = load;
    if (kind !== "_middleware") continue;
    holder.middlewares.push(async (ctx) => {
      const module = await load();
      return await chain([module.handler ?? module.default].flat(), ctx.next)(ctx);
    });
  }
  for (const { kind, pattern, scope, load } of files) {
    const run: Middleware<State> = async (ctx) => await renderRoute(ctx, await load());
    if (kind === "route") assembly.add(METHODS, pattern, assembly.wrap(scope, run));
  }
}
