import { createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import type { Island, Project } from "./project.ts";
import { serialise } from "./props.ts";

type AnyVNode = VNode<Record<string, unknown>>;

/** What a rendering reads and gathers. Rendering is synchronous: there is one at a time. */
interface Rendering {
  path: string;
  nonce: string;
  id: string;
  islands: Map<unknown, Island>;
  used: Set<Island>;
  props: object[];
}

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
  else if (type === "img") {
    props.src = String(props.src).replace(/^\/[^/][^?]*$/, `$&?__frsh_c=${id}`);
  } else if (type === "a" && String(props.href).startsWith("/")) {
    props["aria-current"] ??= current(path, props.href);
  } else if (island && !wrapped.has(vnode)) {
    vnode.type = (props) => {
      const element = h(type as never, props);
      wrapped.add(element);
      return useContext(InsideIsland)
        ? element
        : h(InsideIsland.Provider, { value: true }, mark(element, island));
    };
  }
}

function current(path: string, href: unknown): string | undefined {
  if (href === path) return "page";
  return href === "/" || path.startsWith(`${href}/`) ? "true" : undefined;
}

function mark(element: VNode, island: Island): VNode {
  const { used, props } = rendering!;
  const index = [...used.add(island)].indexOf(island);
  const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as object);
  return h(
    Fragment,
    {},
    comment(`island:${index}:${props.push(element.props) - 1}`),
    element,
    comment("/island"),
  );
}

/** Renders a whole document; only one that holds islands has a script. */
export async function renderDocument(
  tree: VNode | null,
  init: ResponseInit,
  at: { url: URL; project: Project },
) {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const islands = await at.project.islands();
  const id = at.project.buildId();
  const own: Rendering = { path: at.url.pathname, nonce, id, islands, used: new Set(), props: [] };
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  try {
    rendering = own;
    let html = renderToString(tree ?? h(Fragment, null));
    if (!html.startsWith("<html")) {
      html = `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
    }
    if (own.used.size > 0) {
      html = html.replace(/(?=<\/body>(?!.*<\/body>))/s, () => bootScript(own));
    }
    const response = new Response(`<!DOCTYPE html>${html}`, { ...init, headers });
    return Object.assign(response, { [Symbol.for("__freshNonce")]: nonce });
  } finally {
    rendering = null;
  }
}

function bootScript({ used, props, nonce, id }: Rendering): string {
  const from = (file: string) => `from"/_fresh/js/${id}/${file}";`;
  const imports = [...used].map(({ file, exportName }, i) =>
    `import{${exportName} as i${i}}${from(file)}`
  ).join("");
  const call = `boot([${[...used].map((_, i) => `i${i}`)}],${JSON.stringify(serialise(props))})`;
  return `<script type="module" nonce="${nonce}">import{boot}${
    from("client.js")
  }${imports}${call}</script>`;
}
