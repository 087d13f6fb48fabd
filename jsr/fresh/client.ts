import { type ComponentType, h, render } from "preact";
import { revive } from "./props.ts";

/** Brings to life the islands that stand between the page's markers. */
export function boot(components: ComponentType[], table: string): void {
  const props = revive(table);
  const comments = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const starts: Comment[] = [];
  while (comments.nextNode()) starts.push(comments.currentNode as Comment);
  for (const start of starts) {
    const [, component, index] = start.data.match(/^island:(\d+):(\d+)$/) ?? [];
    if (index) render(h(components[+component], props[+index]), parentUpTo("/island", start));
  }
}

/** Stands for the nodes from one marker to the other as if they had a parent of their own. */
function parentUpTo(closing: string, start: Comment): Element {
  const parent = start.parentNode!;
  const childNodes: ChildNode[] = [];
  let end = start.nextSibling;
  for (; end && (end as Comment).data !== closing; end = end.nextSibling) childNodes.push(end);
  const insertBefore = (node: Node, next: Node | null) => parent.insertBefore(node, next ?? end);
  return {
    nodeType: Node.ELEMENT_NODE,
    parentNode: parent,
    firstChild: childNodes[0],
    childNodes,
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
    contains: (node: Node | null) => parent.contains(node),
  } as unknown as Element;
}
