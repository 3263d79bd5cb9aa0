/** The end of a block's text: grows in place, where anything else would make its markup anew. */
import type { Block } from './blocks.ts';
import { shownCode } from './grow.ts';
import { patchText } from './patch.ts';

export interface TextEnd {
  /** What stands after the text that the markup has. */
  set(added: string): void;
}

/** @param box has the markup of that block, just rendered; the first `set` of some text finds where it ends */
export function createTextEnd(box: Element, { token, raw }: Pick<Block, 'token' | 'raw'>): TextEnd {
  let text: Text | null = null;
  let base = '';
  let shown = '';
  return {
    set(added) {
      if (added === shown) return;
      text ??= lastText(box);
      if (text === null) return;
      if (shown === '') base = text.data;
      if (token.type === 'code') patchText(text, shownCode(raw + added));
      else patchText(text, base + added);
      shown = added;
    },
  };
}

function lastText(box: Element): Text | null {
  let at: Node | null = box;
  while (at !== null && !(at instanceof Text)) at = at.lastChild;
  return at;
}
