/** The end of a paragraph's text: grows in place, where anything else would make its markup anew. */

export interface TextEnd {
  /** What stands after the text that the markup has. */
  set(added: string): void;
}

/** @param block has one paragraph's markup, just rendered; the first `set` of some text finds where that ends */
export function createTextEnd(block: Element): TextEnd {
  let text: Text | null = null;
  let base = '';
  let shown = '';
  return {
    set(added) {
      if (added === shown) return;
      const last = block.firstElementChild?.lastChild;
      if (text === null && last instanceof Text) {
        text = last;
        base = last.data;
      }
      if (added.startsWith(shown)) text?.appendData(added.slice(shown.length));
      else if (text !== null) text.data = base + added;
      shown = added;
    },
  };
}
