import { type AnyComponent, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import type { Project } from "./project.ts";
import { renderDocument } from "./render.ts";

export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";

export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

interface PageResponse<Data> {
  data: Data;
  headers?: HeadersInit;
  status?: number;
}

type Answer<Data> = Response | PageResponse<Data>;
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
  | "Component"
  | "error"
  | "route";
export type PageProps<Data = unknown, State = unknown> = Pick<Context<State>, Shown> & {
  data: Data;
};

// deno-lint-ignore no-explicit-any
export type Component = AnyComponent<any>;

/** What a file under `routes/` exports. */
export interface Route<State> {
  default?: Component;
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
export function page<T>(data: T, options?: Omit<PageResponse<T>, "data">): PageResponse<T>;
export function page(): PageResponse<undefined>;
export function page(data?: unknown, options?: object): PageResponse<unknown> {
  return { ...options, data };
}

/** Functions that return what they are given, and give it types. */
export function createDefine<State>() {
  return {
    handlers: <Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
      handlers: Handlers,
    ): typeof handlers => handlers,
    page: <
      // deno-lint-ignore no-explicit-any
      Handler extends RouteHandler<any, State> = never,
      Data = Handler extends HandlerFn<infer D, State> ? D
        : Handler extends HandlerByMethod<infer D, State> ? D
        : never,
    >(render: AnyComponent<PageProps<Data, State>>): typeof render => render,
    middleware: <M extends Middleware<State> | Middleware<State>[]>(middleware: M): M => middleware,
  };
}

/** What a middleware, a handler and a page know of a request. */
export class Context<State> {
  readonly state: State = {} as State;
  readonly isPartial = false;
  readonly config = { root: ".", basePath: "", mode: "production", trustProxy: false } as const;
  error: unknown = null;
  Component!: FunctionComponent;
  /** The `_app` around rendered pages. */
  app: () => Promise<Component | undefined> = () => Promise.resolve(undefined);

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
    const app = await this.app();
    const tree = app
      ? await renderComponent(this, app, { data: null, Component: () => vnode })
      : vnode;
    return tree instanceof Response ? tree : await renderDocument(tree, init, this);
  }
}

/** Takes repeated slashes out of a path, which would make it another origin's. */
export const collapse = (path: string): string => path.replace(/\/+/g, "/");

type Own = { data: unknown; Component: FunctionComponent };

async function renderComponent<State>(ctx: Context<State>, component: Component, own: Own) {
  const { config, url, req, params, info, state, isPartial, error, route } = ctx;
  const props = { config, url, req, params, info, state, isPartial, error, route, ...own };
  if (component.constructor.name !== "AsyncFunction") return h(component, props);
  return await (component as (props: object) => unknown)(props) as VNode | Response;
}

/** Answers with a route: its handler for the method, then its page. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const { handler, default: component } = route;
  const method = ctx.req.method as Method;
  const byMethod: HandlerByMethod<unknown, State> = {
    ...(component && { GET: () => page() }),
    ...(typeof handler === "object" ? handler : undefined),
  };
  let run: HandlerFn<unknown, State> | undefined = typeof handler === "function"
    ? handler
    : byMethod[method];
  if (method === "HEAD") run ??= byMethod.GET;
  if (handler === undefined) run = byMethod.GET;
  if (Array.isArray(handler)) throw new TypeError("A route's handler cannot be an array");
  if (run === undefined) return await ctx.next();
  const answer = await run(ctx);
  if (answer instanceof Response) return answer;
  const own = { data: answer.data, Component: () => null };
  const vnode = component ? await renderComponent(ctx, component, own) : null;
  if (vnode instanceof Response) return vnode;
  return await ctx.render(vnode, { headers: answer.headers, status: answer.status ?? status });
}
