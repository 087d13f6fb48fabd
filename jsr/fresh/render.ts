import { createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { Island, Project } from "./project.ts";
import { serialise } from "./props.ts";

type AnyVNode = VNode<Record<string, unknown>>;

/** What a rendering reads and gathers. */
type Rendering = ReturnType<typeof startRendering>;

/** Rendering is synchronous: there is one at a time. */
let rendering: Rendering | null = null;
const InsideIsland = createContext(false);
const wrapped = new WeakSet<object>();

/** Preact calls `__b` before it renders an element. */
const hooks = options as { __b?: (vnode: AnyVNode) => void };
const previous = hooks.__b;
hooks.__b = (vnode) => {
  if (rendering !== null) prepare(vnode, rendering);
  previous?.(vnode);
};

function prepare(vnode: AnyVNode, { url, nonce, id, islands }: Rendering): void {
  const { type, props, key } = vnode;
  if (type === "script" || type === "style") props.nonce ||= nonce;
  if (type === "img") props.src = `${props.src}`.replace(/^\/[^/][^?]*$/, `$&?__frsh_c=${id}`);
  if (type === "a") props["aria-current"] ??= current(url, `${props.href}`);
  if (typeof type === "string" || type === Fragment || wrapped.has(vnode)) return;
  const island = islands.get(type);
  if (island === undefined && key === undefined) return;
  vnode.type = (props) => {
    const element = h(type as never, props);
    wrapped.add(element);
    if (useContext(InsideIsland)) return element;
    if (island === undefined) return between("key", `${key}`.replaceAll(":", "_"), element);
    const marked = between("island", indexOf(island, props), element);
    return h(InsideIsland.Provider, { value: true }, marked);
  };
}

/** How a link is marked: by its path, and as the page itself only if its query is none or the same. */
function current({ pathname, search }: URL, href: string): string | undefined {
  if (!href.startsWith("/")) return undefined;
  const link = new URL(href, "http://localhost");
  const [here, there] = [pathname, link.pathname].map((path) => path.replace(/\/$/, ""));
  if (here === there) return link.search === "" || link.search === search ? "page" : "true";
  return here.startsWith(`${there}/`) ? "true" : undefined;
}

function between(kind: string, text: string, element: VNode): VNode[] {
  const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as object);
  return [comment(`frsh:${kind}:${text}`), element, comment(`/frsh:${kind}`)];
}

/** Where an island's component and its props are in the tables that the page's script has. */
function indexOf(island: Island, islandProps: object): string {
  const { used, props } = rendering!;
  return `${[...used.add(island)].indexOf(island)}:${props.push(islandProps) - 1}`;
}

const startRendering = (url: URL, id: string, islands: Map<unknown, Island>) => ({
  url,
  id,
  islands,
  nonce: crypto.randomUUID().replaceAll("-", ""),
  used: new Set<Island>(),
  props: [] as object[],
});

/**
 * Renders a whole document: the page to a string first, then that inside the `_app`. Only a document that holds islands
 * has a script.
 */
export async function renderDocument(
  page: VNode | null,
  inApp: ((page: VNode) => VNode) | undefined,
  init: ResponseInit,
  { url, project }: { url: URL; project: Project },
): Promise<Response> {
  const own = startRendering(url, await project.buildId(), await project.islands());
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  try {
    rendering = own;
    let html = renderToString(page ?? h(Fragment, null));
    if (inApp) html = renderToString(inApp(jsxTemplate([html]) as VNode));
    if (!html.startsWith("<html")) {
      html = `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
    }
    if (own.used.size > 0) {
      const end = html.lastIndexOf("</body>");
      if (end >= 0) html = html.slice(0, end) + bootScript(own) + html.slice(end);
      const files = ["client.js", ...[...own.used].map(({ file }) => file)];
      const preload = (file: string) => `<${address(own, file)}>; rel="modulepreload"; as="script"`;
      headers.append("link", files.map(preload).join(", "));
    }
    const response = new Response(`<!DOCTYPE html>${html}`, { ...init, headers });
    return Object.assign(response, { [Symbol.for("__freshNonce")]: own.nonce });
  } finally {
    rendering = null;
  }
}

const address = ({ id }: Rendering, file: string) => `/_fresh/js/${id}/${file}`;

function bootScript(rendering: Rendering): string {
  const { used, props, nonce } = rendering;
  const from = (file: string) => `from"${address(rendering, file)}";`;
  const components = [...used].map(({ file, exportName }, i) => [`i${i}`, exportName, file]);
  const imports = components.map(([name, exported, file]) =>
    `import{${exported} as ${name}}${from(file)}`
  );
  const call = `boot([${components.map(([name]) => name)}],${JSON.stringify(serialise(props))})`;
  const code = [`import{boot}${from("client.js")}`, ...imports, call].join("");
  return `<script type="module" nonce="${nonce}">${code}</script>`;
}
