/** Puts elements and text into a fragment, one after another. What is in it is always whole: nothing is parsed. */

/** Deeper than anybody can read; as for the HTML parser, what is deeper goes on at the same depth. */
const DEEPEST = 100;
/** They have no content. */
const VOID: ReadonlySet<string> = new Set(['br', 'hr', 'img']);

export interface ElementWriter {
  readonly root: DocumentFragment;
  text(data: string): void;
  /** @param content writes what is in it */
  element(tag: string, attributes?: Readonly<Record<string, string>>, content?: () => void): void;
  /** An element until its `close`, or until the element around it ends. */
  open(tag: string): void;
  /** Of the innermost one that was opened by that name; nothing when none is open. */
  close(tag: string): void;
}

export function createElementWriter(document: Document): ElementWriter {
  const root = document.createDocumentFragment();
  let at: ParentNode & Node = root;
  let depth = 0;
  /** What `open` began within the innermost `element`. */
  let opened: { tag: string; around: ParentNode & Node }[] = [];
  return {
    root,
    text(data) {
      if (data === '') return;
      const { lastChild } = at;
      if (lastChild instanceof Text) lastChild.appendData(data);
      else at.append(data);
    },
    element(tag, attributes = {}, content = () => {}) {
      if (depth >= DEEPEST) return content();
      const around = [at, depth, opened] as const;
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      at.append(made);
      [at, depth, opened] = [made, depth + 1, []];
      content();
      [at, depth, opened] = around;
    },
    open(tag) {
      if (depth >= DEEPEST) return;
      const made = document.createElement(tag);
      at.append(made);
      if (VOID.has(tag)) return;
      opened.push({ tag, around: at });
      at = made;
      depth += 1;
    },
    close(tag) {
      const from = opened.findLastIndex((one) => one.tag === tag);
      const found = opened[from];
      if (found === undefined) return;
      at = found.around;
      depth -= opened.length - from;
      opened.length = from;
    },
  };
}
