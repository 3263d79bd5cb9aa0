/**
 * Two places where happy-dom is not the DOM standard and DOMPurify needs the standard:
 * `nodeName` is one getter on Node (happy-dom overrides it in each subclass, and the one on Node says nothing),
 * and a NodeIterator goes on from where a removed node was (happy-dom's loses its place).
 */
export function standardDom(): void {
  const names: [abstract new () => Node, string | null][] = [
    [Element, null],
    [Text, '#text'],
    [Comment, '#comment'],
    [DocumentFragment, '#document-fragment'],
    [Document, '#document'],
  ];
  const elementName = Object.getOwnPropertyDescriptor(Element.prototype, 'nodeName')?.get;
  Object.defineProperty(Node.prototype, 'nodeName', {
    configurable: true,
    get(this: Node): string {
      const found = names.find(([type]) => this instanceof type);
      return found?.[1] ?? elementName?.call(this) ?? '';
    },
  });
  Object.defineProperty(document, 'createNodeIterator', {
    configurable: true,
    value: (root: Node, whatToShow: number) => {
      const visited = new Set<Node>();
      return { nextNode: () => nextOf(root, whatToShow, visited) };
    },
  });
}

/** The first node in tree order that is to be shown and was not visited. */
function nextOf(node: Node, whatToShow: number, visited: Set<Node>): Node | null {
  const shown = ((1 << (node.nodeType - 1)) & whatToShow) !== 0;
  if (shown && !visited.has(node)) {
    visited.add(node);
    return node;
  }
  for (const child of node.childNodes) {
    const found = nextOf(child, whatToShow, visited);
    if (found !== null) return found;
  }
  return null;
}
