import { type ComponentType, h, render } from "preact";
import { revive } from "./props.ts";

/** Renders the islands between the page's markers, and makes markers empty texts, as Fresh does. */
export function boot(components: ComponentType[], table: string): void {
  const props = revive(table);
  const comments = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const markers: Comment[] = [];
  while (comments.nextNode()) markers.push(comments.currentNode as Comment);
  for (const marker of markers) {
    const [, kind, component, index] = marker.data.match(/^frsh:(\w+):(\d*):?(\d*)/) ?? [];
    if (kind === "island") {
      render(h(components[+component], props[+index]), takeRange(marker, "/frsh:island"));
    } else if (kind) marker.replaceWith(new Text());
  }
}

/** Hides both markers, and stands for the nodes between them as if they had a parent of their own. */
function takeRange(start: Comment, closing: string): Element {
  const parent = start.parentNode!;
  const childNodes: ChildNode[] = [];
  let last: ChildNode = start;
  while ((last = last.nextSibling!) && (last as Comment).data !== closing) childNodes.push(last);
  const end = new Text();
  last.replaceWith(end);
  start.replaceWith(new Text());
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
