import { type AnyComponent, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import type { Project } from "./project.ts";
import { renderDocument } from "./render.ts";

export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

interface PageOptions {
  headers?: HeadersInit;
  status?: number;
}

type Answer<Data> = Response | (PageOptions & { data: Data });
type HandlerFn<Data, State> = (ctx: Context<State>) => Answer<Data> | Promise<Answer<Data>>;
type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;
type Shown =
  | "config"
  | "url"
  | "req"
  | "params"
  | "info"
  | "state"
  | "isPartial"
  | "error"
  | "route";

/** What a page, an `_app` and an `_error` are given. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<Context<State>, Shown>
  & { data: Data; Component: FunctionComponent };

/** What a file under `routes/` exports. */
export interface Route<State> {
  // deno-lint-ignore no-explicit-any
  default?: AnyComponent<any>;
  handler?: RouteHandler<unknown, State>;
}

/** An error with an HTTP status, for `_error` to show. */
export class HttpError extends Error {
  override name = "HttpError";

  constructor(public status: number, message?: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Has the page rendered with this data. */
export const page = <T = undefined>(data?: T, options?: PageOptions) => ({
  ...options,
  data: data as T,
});

/** Functions that return what they are given, and give it types. */
export function createDefine<State>() {
  return {
    handlers: <Data, H extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
      handlers: H,
    ): H => handlers,
    page: <
      // deno-lint-ignore no-explicit-any
      H extends RouteHandler<any, State> = never,
      Data = H extends HandlerFn<infer D, State> ? D
        : H extends HandlerByMethod<infer D, State> ? D
        : never,
    >(render: AnyComponent<PageProps<Data, State>>) => render,
    middleware: <M extends Middleware<State> | Middleware<State>[]>(middleware: M): M => middleware,
  };
}

/** What a middleware, a handler and a page know of a request. */
export class Context<State> {
  readonly state: State = {} as State;
  readonly isPartial = false;
  readonly config = { root: ".", basePath: "", mode: "production", trustProxy: false } as const;
  error: unknown = null;
  /** The `_app` around rendered pages. */
  app: () => Promise<Route<State>["default"]> = () => Promise.resolve(undefined);

  constructor(
    readonly req: Request,
    readonly url: URL,
    readonly info: Deno.ServeHandlerInfo,
    readonly route: string | null,
    readonly params: Record<string, string>,
    readonly project: Project,
    public next: () => Promise<Response>,
  ) {}

  /** Redirects; what begins with `/` stays on this origin. */
  redirect(pathOrUrl: string, status = 302): Response {
    const location = pathOrUrl.startsWith("/") ? pathOrUrl.replace(/^[^?#]+/, collapse) : pathOrUrl;
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside the `_app`. */
  async render(vnode: VNode | null, init: ResponseInit = {}): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) {
      throw new Error("Cannot render: not a JSX element");
    }
    const tree = await renderComponent(this, await this.app(), null, vnode);
    return tree instanceof Response ? tree : await renderDocument(tree, init, this);
  }
}

/** Takes repeated slashes out of a path, which would make it another origin's. */
export const collapse = (path: string): string => path.replace(/\/+/g, "/");

async function renderComponent<State>(
  ctx: Context<State>,
  component: Route<State>["default"],
  data: unknown,
  inner: VNode | null,
): Promise<VNode | Response | null> {
  if (component === undefined) return inner;
  const { config, url, req, params, info, state, isPartial, error, route } = ctx;
  const own = {
    config,
    url,
    req,
    params,
    info,
    state,
    isPartial,
    error,
    route,
    data,
    Component: () => inner,
  };
  if (component.constructor.name !== "AsyncFunction") return h(component, own);
  return await (component as (props: object) => unknown)(own) as VNode | Response;
}

/** Answers with a route: its handler for the method, then its page. */
export async function renderRoute<State>(
  ctx: Context<State>,
  { handler, default: component }: Route<State>,
  status = 200,
): Promise<Response> {
  if (Array.isArray(handler)) throw new TypeError("A route's handler cannot be an array");
  const method = handler === undefined ? "GET" : ctx.req.method as Method;
  const byMethod: HandlerByMethod<unknown, State> = {
    GET: component && (() => page()),
    ...handler,
  };
  const run = typeof handler === "function"
    ? handler
    : byMethod[method] ?? (method === "HEAD" ? byMethod.GET : undefined);
  const answer = await (run ?? ctx.next)(ctx);
  if (answer instanceof Response) return answer;
  const vnode = await renderComponent(ctx, component, answer.data, null);
  if (vnode instanceof Response) return vnode;
  return await ctx.render(vnode, { headers: answer.headers, status: answer.status ?? status });
}
