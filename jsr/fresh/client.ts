import { type ComponentType, h, render } from "preact";
import { revive } from "./props.ts";

/** Brings the islands of a page to life: the nth stands between the nth pair of markers. */
export function boot(components: ComponentType[], table: string): void {
  const props = revive(table) as Record<string, unknown>[];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const starts: Comment[] = [];
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (comment.data.startsWith("island:")) starts.push(comment);
  }
  for (const start of starts) {
    const [, component, index] = start.data.split(":").map(Number);
    render(h(components[component], props[index]), between(start, "/island"));
  }
}

/** Stands for the nodes up to the closing marker as if they had a parent of their own. */
function between(start: Comment, closing: string): Element {
  const parent = start.parentNode!;
  const nodes: ChildNode[] = [];
  let end = start.nextSibling;
  for (; end !== null && !(end instanceof Comment && end.data === closing); end = end.nextSibling) {
    nodes.push(end);
  }
  const insertBefore = (node: Node, before: Node | null) =>
    parent.insertBefore(node, before ?? end);
  return {
    nodeType: Node.ELEMENT_NODE,
    parentNode: parent,
    firstChild: nodes[0] ?? null,
    childNodes: nodes,
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
    contains: (node: Node | null) => parent.contains(node),
  } as unknown as Element;
}
