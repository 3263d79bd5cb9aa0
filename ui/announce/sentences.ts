/** Text that still grows, cut into what can be said: whole sentences and lines, without markdown's signs. */

export interface Mark {
  /** How much of the text was taken, in UTF-16 units. */
  at: number;
  /** Inside a fenced block of code. */
  code: boolean;
}

export const START: Mark = { at: 0, code: false };

/** Where a sentence surely ends; a digit's dot may be a number's or a list's. */
const END = /\n|[。！？]|(?<!\d)[.!?…]["'”’)\]*_`]*\s/gu;
const FENCE = /^\s*(?:`{3,}|~{3,})/;

/**
 * What came since a mark, up to the last whole sentence; code is named, not read out.
 * @param whole the text grows no more: its end counts as a sentence's
 */
export function sentencesSince(
  text: string,
  mark: Mark,
  whole: boolean,
): { mark: Mark; said: string } {
  const rest = text.slice(mark.at);
  let end = whole ? rest.length : 0;
  for (const { 0: found, index } of whole ? [] : rest.matchAll(END)) end = index + found.length;
  let { code } = mark;
  const said: string[] = [];
  for (const line of rest.slice(0, end).split('\n')) {
    if (FENCE.test(line)) {
      if (!code) said.push('Code.');
      code = !code;
    } else if (!code) {
      const words = plainText(line);
      if (words !== '') said.push(words);
    }
  }
  return { mark: { at: mark.at + end, code }, said: said.join(' ') };
}

/** A line as it would be read out. */
function plainText(line: string): string {
  if (/^[\s|:-]+$/.test(line)) return ''; // a rule, or the line below a table's head
  return line
    .replace(/^\s*(?:#{1,6}|>+|[-*+]|\d+[.)])\s+/, '')
    .replace(/^\[[ xX]\]\s+/, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s*\|\s*/g, ', ')
    .replaceAll(/[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}/g, '')
    .replaceAll(/^[\s,]+|[\s,]+$/g, '')
    .replaceAll(/\s+/g, ' ');
}
