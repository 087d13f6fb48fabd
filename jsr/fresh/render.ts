import { createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
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

function prepare(vnode: AnyVNode, { path, nonce, id, islands }: Rendering): void {
  const { type, props } = vnode;
  const island = islands.get(type);
  if (type === "script" || type === "style") props.nonce ||= nonce;
  if (type === "img") props.src = `${props.src}`.replace(/^\/[^/][^?]*$/, `$&?__frsh_c=${id}`);
  if (type === "a") props["aria-current"] ??= current(path, String(props.href));
  if (island === undefined || wrapped.has(vnode)) return;
  vnode.type = (props) => {
    const element = h(type as never, props);
    wrapped.add(element);
    const isOwn = !useContext(InsideIsland);
    return isOwn ? h(InsideIsland.Provider, { value: true }, mark(element, island)) : element;
  };
}

function current(path: string, href: string): string | undefined {
  if (href === path) return "page";
  return href === "/" || (href[0] === "/" && path.startsWith(`${href}/`)) ? "true" : undefined;
}

function mark(element: VNode, island: Island): VNode[] {
  const { used, props } = rendering!;
  const index = [...used.add(island)].indexOf(island);
  const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as object);
  return [comment(`island:${index}:${props.push(element.props) - 1}`), element, comment("/island")];
}

const startRendering = (path: string, id: string, islands: Map<unknown, Island>) => ({
  path,
  id,
  islands,
  nonce: crypto.randomUUID().replaceAll("-", ""),
  used: new Set<Island>(),
  props: [] as object[],
});

/** Renders a whole document; only one that holds islands has a script. */
export async function renderDocument(
  tree: VNode | null,
  init: ResponseInit,
  { url, project }: { url: URL; project: Project },
): Promise<Response> {
  const own = startRendering(url.pathname, await project.buildId(), await project.islands());
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  try {
    rendering = own;
    let html = renderToString(tree ?? h(Fragment, null));
    if (!html.startsWith("<html")) {
      html = `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
    }
    if (own.used.size > 0) {
      const end = html.lastIndexOf("</body>");
      if (end >= 0) html = html.slice(0, end) + bootScript(own) + html.slice(end);
    }
    const response = new Response(`<!DOCTYPE html>${html}`, { ...init, headers });
    return Object.assign(response, { [Symbol.for("__freshNonce")]: own.nonce });
  } finally {
    rendering = null;
  }
}

function bootScript({ used, props, nonce, id }: Rendering): string {
  const from = (file: string) => `from"/_fresh/js/${id}/${file}";`;
  const components = [...used].map(({ file, exportName }, i) => [`i${i}`, exportName, file]);
  const imports = components.map(([name, exported, file]) =>
    `import{${exported} as ${name}}${from(file)}`
  );
  const call = `boot([${components.map(([name]) => name)}],${JSON.stringify(serialise(props))})`;
  const code = [`import{boot}${from("client.js")}`, ...imports, call].join("");
  return `<script type="module" nonce="${nonce}">${code}</script>`;
}
