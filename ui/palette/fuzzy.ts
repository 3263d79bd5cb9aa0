/** How well a text fits what somebody types: whole words first, then parts, then letters in their order. */

/** Without case and diacritics, as the server searches. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** What is looked for, in words; empty when nothing is. */
export function wordsOf(query: string): string[] {
  return folded(query).split(/\s+/u).filter(Boolean);
}

/** What a thing is found by, folded. */
export interface Findable {
  /** Its name. */
  name: string;
  /** What else is told of it. */
  rest: string;
}

const IN_REST = 10;

/** @returns the smaller the better; null when a word is in neither */
export function distance(words: readonly string[], { name, rest }: Findable): number | null {
  let sum = 0;
  for (const word of words) {
    const inName = wordDistance(word, name);
    // Scattered letters are looked for in names only: in longer texts there are always some.
    const inRest = inName === null ? rest.indexOf(word) : -1;
    if (inName === null && inRest === -1) return null;
    sum += inName ?? IN_REST;
  }
  return sum;
}

function wordDistance(word: string, text: string): number | null {
  const at = text.indexOf(word);
  if (at === 0) return 0;
  if (at > 0) {
    if (beginsWord(text, at) || text.includes(` ${word}`)) return 1;
    return 2;
  }
  return word.length < 2 ? null : scattered(word, text);
}

/** The letters in their order, the first at the beginning of a word; between words it is nearer than within one. */
function scattered(word: string, text: string): number | null {
  let best: number | null = null;
  const first = word.charAt(0);
  for (let begin = text.indexOf(first); begin !== -1; begin = text.indexOf(first, begin + 1)) {
    if (!beginsWord(text, begin)) continue;
    const gaps = gapsFrom(begin, word, text);
    // Longer than that it is by chance.
    if (gaps !== null && gaps <= 2 * word.length && gaps < (best ?? Infinity)) best = gaps;
  }
  return best === null ? null : 3 + best / 4;
}

function gapsFrom(begin: number, word: string, text: string): number | null {
  let at = begin;
  let gaps = 0;
  for (const letter of word.slice(1)) {
    let next = text.indexOf(letter, at + 1);
    if (next === -1) return null;
    const anywhere = next;
    if (next > at + 1) {
      while (next !== -1 && !beginsWord(text, next)) next = text.indexOf(letter, next + 1);
    }
    gaps += anywhere === at + 1 ? 0 : next === -1 ? anywhere - at - 1 : 1;
    at = next === -1 ? anywhere : next;
  }
  return gaps;
}

function beginsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}
