import { createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import type { Context } from "./context.ts";
import { buildOf, type Island, islandsOf } from "./project.ts";
import { serialise } from "./props.ts";

/** What one rendering gathers; rendering is synchronous, so one is at work at a time. */
interface Rendering {
  nonce: string;
  url: URL;
  buildId: string;
  registry: Map<unknown, Island>;
  used: Island[];
  props: unknown[];
}

let rendering: Rendering | null = null;

const InsideIsland = createContext(false);
const asIsland = new WeakSet<object>();

const { __b: previous } = options as { __b?: (vnode: VNode) => void };

/** Preact calls this before it renders an element. */
(options as { __b?: (vnode: VNode) => void }).__b = (vnode) => {
  if (rendering !== null) prepare(vnode as VNode<Record<string, unknown>>, rendering);
  previous?.(vnode);
};

function prepare(
  vnode: VNode<Record<string, unknown>>,
  { nonce, url, buildId, registry }: Rendering,
): void {
  const { type, props } = vnode;
  if (type === "script" || type === "style") props.nonce ||= nonce;
  else if (type === "img" && typeof props.src === "string") {
    props.src = withBuildId(props.src, buildId);
  } else if (type === "a" && typeof props.href === "string") markCurrent(props, props.href, url);
  const island = registry.get(type);
  if (island === undefined || asIsland.has(vnode)) return;
  vnode.type = ((props: object) => {
    const inside = useContext(InsideIsland);
    const element = h(type as never, props);
    asIsland.add(element);
    return inside
      ? element
      : h(InsideIsland.Provider, { value: true }, ...marked(element, island, props));
  }) as typeof vnode.type;
}

function marked(element: VNode, island: Island, props: object): VNode[] {
  const { used, props: table } = rendering!;
  if (!used.includes(island)) used.push(island);
  const marker = `island:${used.indexOf(island)}:${table.push(props) - 1}`;
  const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as object) as VNode;
  return [comment(marker), element, comment("/island")];
}

function withBuildId(path: string, buildId: string): string {
  return /^\/(?!\/)/.test(path) && !path.includes("__frsh_c=")
    ? `${path}${path.includes("?") ? "&" : "?"}__frsh_c=${buildId}`
    : path;
}

/** Says which links lead to this page, and which to one above it. */
function markCurrent(props: Record<string, unknown>, href: string, url: URL): void {
  if (!href.startsWith("/") || props["aria-current"] !== undefined) return;
  const target = new URL(href, "http://localhost");
  const path = target.pathname.replace(/(.)\/$/, "$1");
  const current = url.pathname.replace(/(.)\/$/, "$1");
  const isCurrent = path === current && (target.search === "" || target.search === url.search);
  if (isCurrent) Object.assign(props, { "data-current": "true", "aria-current": "page" });
  else if (path === "/" || `${current}/`.startsWith(`${path}/`)) {
    Object.assign(props, { "data-ancestor": "true", "aria-current": "true" });
  }
}

/** Renders a whole document, with a script where it holds islands. */
export async function renderDocument<State>(
  ctx: Context<State>,
  tree: VNode | null,
  init: ResponseInit,
): Promise<Response> {
  const registry = await islandsOf(ctx.project);
  const { id: buildId, mode } = buildOf(ctx.project);
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const state: Rendering = { nonce, url: ctx.url, buildId, registry, used: [], props: [] };
  let html: string;
  rendering = state;
  try {
    html = renderToString(tree ?? h(Fragment, null));
  } finally {
    rendering = null;
  }
  if (!/^<html[\s>]/.test(html)) {
    html = `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
  }
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  const base = `/_fresh/js/${buildId}`;
  if (state.used.length > 0) {
    const files = ["client", ...new Set(state.used.map(({ name }) => name))].map((name) =>
      `${base}/${name}.js`
    );
    headers.append(
      "link",
      files.map((file) => `<${encodeURI(file)}>; rel="modulepreload"; as="script"`).join(", "),
    );
    html = beforeBodyEnd(html, bootScript(state, base));
  }
  if (mode === "development") {
    html = beforeBodyEnd(html, `<script nonce="${nonce}">${RELOAD}</script>`);
  }
  const response = new Response(`<!DOCTYPE html>${html}`, { ...init, headers });
  return Object.assign(response, { [Symbol.for("__freshNonce")]: nonce });
}

function bootScript({ used, props, nonce }: Rendering, base: string): string {
  const imports = used.map(({ name, exportName }, index) =>
    `import{${exportName} as i${index}}from"${base}/${name}.js";`
  );
  const table = JSON.stringify(serialise(props)).replaceAll("<", "\\u003c");
  const names = used.map((_, index) => `i${index}`);
  return `<script type="module" nonce="${nonce}">import{boot}from"${base}/client.js";${
    imports.join("")
  }boot([${names}],${table});</script>`;
}

function beforeBodyEnd(html: string, addition: string): string {
  const end = html.lastIndexOf("</body>");
  return end < 0 ? html + addition : html.slice(0, end) + addition + html.slice(end);
}

/** Loads the page anew when the server that answers is no longer the one that rendered it. */
const RELOAD =
  `let id;new EventSource("/_fresh/alive").onmessage=(e)=>{id??=e.data;if(id!==e.data)location.reload()};`;
