import { type AnyComponent, type FunctionComponent, h, isValidElement, type VNode } from "preact";
import type { Project } from "./project.ts";
import { renderDocument } from "./render.ts";

export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

type PageOptions = Pick<ResponseInit, "headers" | "status">;
type Answer<Data> = Response | (PageOptions & { data: Data });
type HandlerFn<Data, State> = (ctx: Context<State>) => Answer<Data> | Promise<Answer<Data>>;
type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** The props of a page, an `_app`, a `_layout` and an `_error`. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<Context<State>, "url" | "req" | "params" | "state" | "error" | "route">
  & { data: Data; Component: FunctionComponent };

// deno-lint-ignore no-explicit-any
type Component = AnyComponent<any>;

/** The exports of a file under `routes/`. */
export interface Route<State> {
  default?: Component;
  handler?: RouteHandler<unknown, State>;
}

/** Loads the component of an `_app` or a `_layout`. */
export type Wrapper<State> = () => Promise<Route<State>["default"]>;

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
export const createDefine = <State>() => ({
  handlers: <Data, H extends RouteHandler<Data, State> = RouteHandler<Data, State>>(it: H) => it,
  page: <
    // deno-lint-ignore no-explicit-any
    H extends RouteHandler<any, State> = never,
    Data = H extends RouteHandler<infer D, State> ? D : never,
  >(it: AnyComponent<PageProps<Data, State>>) => it,
  middleware: <M extends Middleware<State> | Middleware<State>[]>(it: M) => it,
});

/** What a middleware, a handler and a page know of a request. */
export class Context<State> {
  readonly state: State = {} as State;
  error: unknown = null;
  /** The `_app` around rendered pages. */
  app?: Wrapper<State>;
  /** The `_layout`s between `_app` and the page, the outermost first. */
  layouts: Wrapper<State>[] = [];

  constructor(
    readonly req: Request,
    readonly url: URL,
    readonly route: string | null,
    readonly params: Record<string, string>,
    readonly project: Project,
    readonly unanswered: () => Promise<Response>,
    public next = unanswered,
  ) {}

  /** Redirects; what begins with `/` stays on this origin. */
  redirect(to: string, status = 302): Response {
    const location = to.startsWith("/") ? to.replace(/^[^?#]+/, collapse) : to;
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside its `_layout`s and the `_app`. */
  async render(vnode: VNode | null, init: ResponseInit = {}): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) throw new Error("Cannot render: this is no JSX");
    const around = (wrapper: Component, inner: VNode | null): VNode =>
      h(wrapper, { ...this, data: null, Component: () => inner });
    const layouts = await Promise.all(this.layouts.map((load) => load()));
    const page = layouts.reduceRight((inner, layout) => around(layout!, inner), vnode);
    const app = await this.app?.();
    return await renderDocument(page, app && ((html) => around(app, html)), init, this);
  }
}

/** Takes repeated slashes out of a path, which would make it another origin's. */
export const collapse = (path: string): string => path.replace(/\/+/g, "/");

/** Answers with a route: its handler for the method, then its page. */
export async function renderRoute<State>(
  ctx: Context<State>,
  { handler, default: component }: Route<State>,
  status = 200,
): Promise<Response> {
  if (Array.isArray(handler)) throw new TypeError("A route's handler cannot be an array");
  const method = handler === undefined ? "GET" : ctx.req.method as Method;
  const own: HandlerByMethod<unknown, State> = { GET: component && (() => page()), ...handler };
  const get = method === "HEAD" ? own.GET : undefined;
  const run = typeof handler === "function" ? handler : own[method] ?? get ?? ctx.unanswered;
  const answer = await run(ctx);
  if (answer instanceof Response) return answer;
  const { data, headers } = answer;
  const vnode = component ? h(component, { ...ctx, data, Component: () => null }) : null;
  return await ctx.render(vnode, { headers, status: answer.status ?? status });
}
