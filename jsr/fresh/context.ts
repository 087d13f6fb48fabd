import { type AnyComponent, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import type { Project } from "./project.ts";
import { renderDocument } from "./render.ts";

export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";

export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** What a handler returns to have its page rendered. */
export interface PageResponse<Data> {
  data: Data;
  headers?: HeadersInit;
  status?: number;
}

type MaybePromise<T> = T | Promise<T>;
type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => MaybePromise<Response | PageResponse<Data>>;
type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

export type PageProps<Data = unknown, State = unknown> =
  & Pick<
    Context<State>,
    | "config"
    | "url"
    | "req"
    | "params"
    | "info"
    | "state"
    | "isPartial"
    | "Component"
    | "error"
    | "route"
  >
  & { data: Data };

/** A page, an `_app` or an `_error` with what may stand beside it in its file. */
export interface Route<State> {
  // deno-lint-ignore no-explicit-any
  component?: AnyComponent<any>;
  handler?: RouteHandler<unknown, State>;
}

export interface Config {
  root: string;
  basePath: string;
  mode: "development" | "production";
  trustProxy: boolean;
}

/** An error with an HTTP status, for `_error` to show. */
export class HttpError extends Error {
  override name = "HttpError";

  constructor(readonly status: number, message?: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Has the page rendered with this data. */
export function page<Data>(
  data: Data,
  options?: Omit<PageResponse<Data>, "data">,
): PageResponse<Data>;
export function page(): PageResponse<undefined>;
export function page(data?: unknown, options?: Omit<PageResponse<unknown>, "data">) {
  return { ...options, data };
}

interface Define<State> {
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
    handlers: Handlers,
  ): typeof handlers;
  page<
    // deno-lint-ignore no-explicit-any
    Handler extends RouteHandler<any, State> = never,
    Data = Handler extends HandlerFn<infer Data, State> ? Data
      : Handler extends HandlerByMethod<infer Data, State> ? Data
      : never,
  >(render: AnyComponent<PageProps<Data, State>>): typeof render;
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): typeof middleware;
}

/** Identity functions that give routes and middleware their types. */
export function createDefine<State>(): Define<State> {
  return { handlers: (it) => it, page: (it) => it, middleware: (it) => it };
}

/** What a middleware, a handler and a page know about one request. */
export class Context<State> {
  readonly state: State = {} as State;
  readonly isPartial = false;
  data: unknown = undefined;
  error: unknown = null;
  Component!: FunctionComponent;
  /** Finds the `_app` around rendered pages. */
  wrapper: () => MaybePromise<Route<State>["component"]> = () => undefined;

  constructor(
    readonly req: Request,
    readonly url: URL,
    readonly info: Deno.ServeHandlerInfo,
    readonly route: string | null,
    readonly params: Record<string, string>,
    readonly config: Config,
    public next: () => Promise<Response>,
    readonly project: Project,
  ) {}

  /** Redirects; a path is kept on this origin. */
  redirect(pathOrUrl: string, status = 302): Response {
    const [, path, rest] = pathOrUrl.match(/^([^?#]*)(.*)$/s)!;
    const location = path.startsWith("/") ? path.replace(/\/+/g, "/") + rest : pathOrUrl;
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside the `_app`. */
  // deno-lint-ignore no-explicit-any
  async render(vnode: VNode<any> | null, init: ResponseInit = {}): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) {
      throw new Error("Cannot render a page: not a JSX element");
    }
    const app = await this.wrapper();
    const child = () => vnode;
    const tree = app ? await renderComponent(this, app, null, child) : vnode;
    return tree instanceof Response ? tree : renderDocument(this, tree, init);
  }
}

/** Calls an asynchronous component, and makes an element of any other. */
export async function renderComponent<State>(
  ctx: Context<State>,
  component: NonNullable<Route<State>["component"]>,
  data: unknown,
  Component: FunctionComponent,
): Promise<VNode | Response | null> {
  const { config, url, req, params, info, state, isPartial, error, route } = ctx;
  const props = { config, url, req, params, info, state, isPartial, error, route, data, Component };
  if (component.constructor.name !== "AsyncFunction") return h(component, props);
  return await (component as unknown as (props: unknown) => Promise<VNode | Response | null>)(
    props,
  );
}

/** Answers with a route: its handler for the method, then its page. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const { handler, component } = route;
  const method = ctx.req.method as Method;
  const fallback = component && (() => page());
  const find = (method: Method) => {
    if (handler === undefined) return fallback;
    if (typeof handler !== "object" || Array.isArray(handler)) {
      return handler as HandlerFn<unknown, State>;
    }
    return handler[method] ?? (method === "GET" ? fallback : undefined);
  };
  const run = find(method) ?? (method === "HEAD" ? find("GET") : undefined);
  if (run === undefined) {
    if (handler === undefined) throw new HttpError(404);
    return await ctx.next();
  }
  const result = await run(ctx);
  if (result instanceof Response) return result;
  const vnode = component ? await renderComponent(ctx, component, result.data, () => null) : null;
  if (vnode instanceof Response) return vnode;
  return ctx.render(vnode, { headers: result.headers, status: result.status ?? status });
}
