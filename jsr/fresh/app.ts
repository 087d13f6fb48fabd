import {
  collapse,
  Context,
  HttpError,
  type Method,
  type Middleware,
  renderRoute,
  type Route,
} from "./context.ts";
import { islands, routes } from "./manifest.gen.ts";
import { makeProject, type Project } from "./project.ts";
import { type Endpoint, makeMatcher, parseRouteFile } from "./routes.ts";

const METHODS: Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const NO_CONNECTION = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
} as Deno.ServeHandlerInfo;

/** What holds for a folder of routes. */
interface Scope<State> {
  middlewares: Middleware<State>[];
  app?: () => Promise<Route<State>["default"]>;
  error?: () => Promise<Route<State>>;
}

/** The app as it is put together: a route keeps its scopes as they stood when it was added. */
class Assembly<State> {
  readonly endpoints = new Map<string, Endpoint<Middleware<State>>>();
  readonly #scopes = new Map<string, Scope<State>>();

  scope(path: string): Scope<State> {
    return this.#scopes.getOrInsertComputed(path, () => ({ middlewares: [] }));
  }

  /** Puts around `steps` what holds for each folder of the path, from the root on. */
  chain(path: string, steps: Middleware<State>[]): Middleware<State> {
    const ends = [...path.matchAll(/(?=\/|$)/g)].map(({ index }) => index);
    return compose([
      ...ends.flatMap((end) => enter({ ...this.scope(path.slice(0, end)) })),
      ...steps,
    ]);
  }

  add(methods: Method[], pattern: string, run: Middleware<State>): void {
    const { byMethod } = this.endpoints.getOrInsertComputed(
      pattern,
      () => ({ pattern, byMethod: new Map() }),
    );
    for (const method of methods) byMethod.getOrInsert(method, run);
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
    ctx.app = app ?? ctx.app;
    try {
      return await ctx.next();
    } catch (cause) {
      if (error === undefined) throw cause;
      return await renderRoute(ctx, await error(), cause instanceof HttpError ? cause.status : 500);
    }
  };
  return [step, ...middlewares];
}

/** Passes requests through middleware to routes. */
export class App<State> {
  #project = makeProject({ routes, islands }, {
    static: new URL("../../static/", import.meta.url),
    bundle: new URL("../../_fresh/js/", import.meta.url),
  });
  #parts: ((assembly: Assembly<State>) => void)[] = [];

  /** Serves the files of another project than this one. */
  static useProject<State>(app: App<State>, other: Project): void {
    app.#project = other;
  }

  use(...middlewares: Middleware<State>[]): this {
    this.#parts.push((assembly) => assembly.scope("").middlewares.push(...middlewares));
    return this;
  }

  get(path: string, ...steps: Middleware<State>[]): this {
    this.#parts.push((assembly) => assembly.add(["GET"], path, assembly.chain(path, steps)));
    return this;
  }

  /** Takes in what stands under `routes/`. */
  fsRoutes(): this {
    this.#parts.push((assembly) => addFiles(assembly, this.#project.routes));
    return this;
  }

  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const assembly = new Assembly<State>();
    for (const part of this.#parts) part(assembly);
    const match = makeMatcher([...assembly.endpoints.values()]);
    const unmatched = assembly.chain("", []);
    return async (req, info = NO_CONNECTION) => {
      const url = new URL(req.url);
      url.pathname = collapse(url.pathname);
      const { endpoint: { pattern, byMethod } = { pattern: null, byMethod: undefined }, params } =
        match(url.pathname);
      const run = byMethod?.get(req.method) ?? (req.method === "HEAD" && byMethod?.get("GET"));
      // deno-lint-ignore require-await
      const next = async () => {
        if (run || byMethod === undefined) throw new HttpError(404);
        if (req.method !== "OPTIONS") throw new HttpError(405);
        return new Response(null, {
          status: 204,
          headers: { allow: [...byMethod.keys()].join(", ") },
        });
      };
      const ctx = new Context<State>(req, url, info, pattern, params, this.#project, next);
      try {
        const response = await (run || unmatched)(ctx);
        if (!(response instanceof Response)) {
          throw new TypeError(`Expected a Response, got ${response}`);
        }
        return req.method === "HEAD" ? new Response(null, response) : response;
      } catch (error) {
        if (error instanceof HttpError) {
          return new Response(error.message, { status: error.status });
        }
        console.error(error);
        return new Response("Internal server error", { status: 500 });
      }
    };
  }
}

function addFiles<State>(assembly: Assembly<State>, routes: Project["routes"]): void {
  const files = Object.entries(routes).map(([path, load]) => {
    // deno-lint-ignore no-explicit-any
    const module = async (): Promise<any> => {
      const { handlers, handler = handlers, default: own } = await load() as Record<
        string,
        unknown
      >;
      return { handler, default: own };
    };
    return { ...parseRouteFile(path), module };
  });
  for (const { kind, scope, module } of files) {
    const holder = assembly.scope(scope);
    if (kind === "_app") holder.app = async () => (await module()).default;
    if (kind === "_error") holder.error = module;
    if (kind !== "_middleware") continue;
    holder.middlewares.push(async (ctx) => {
      const found = await module();
      return await compose<State>([found.handler ?? found.default].flat())(ctx);
    });
  }
  for (const { kind, pattern, scope, module } of files) {
    const step: Middleware<State> = async (ctx) => await renderRoute(ctx, await module());
    if (kind === "route") assembly.add(METHODS, pattern, assembly.chain(scope, [step]));
  }
}
