/**
 * What a search means, the same in every store: a text is a list of folded words, a query a list of phrases
 * that must all be found. An index gets words that are folded already, so it has nothing to decide.
 */
import type { SnippetPart } from '../../shared/api.ts';
import type { Turn } from '../../shared/state.ts';

/** Consecutive words. Of the last word of the last phrase, the beginning is enough. */
export type Phrases = readonly (readonly string[])[];

/** More words of a query are not looked at. */
const MAX_PHRASES = 16;
/** Longer words are told apart by their beginning: a pasted blob is one word. */
const WORD_CHARS = 64;
/** How much of a text a snippet shows, in UTF-16 units: before the first found word, and in all. */
const BEFORE = 40;
const SHOWN = 160;

/** Scripts without spaces: each character is a word, and what was typed together is found together. */
const ALONE = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
const WORDS = new RegExp(String.raw`${ALONE}\p{M}*|(?:(?!${ALONE})[\p{L}\p{N}\p{M}])+`, 'gu');
const ASCII = /^[^\u0080-\u{10ffff}]*$/u;
const ASCII_WORDS = /[A-Za-z0-9]+/g;

interface Word {
  folded: string;
  start: number;
  end: number;
}

/** The words of a text in order, case and diacritics folded. */
function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(wordsIn(text))) {
    const folded = shorten(fold(match[0]));
    if (folded !== '') yield { folded, start: match.index, end: match.index + match[0].length };
  }
}

function wordsIn(text: string): RegExp {
  return ASCII.test(text) ? ASCII_WORDS : WORDS;
}

function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  // How a sigma is written depends on what is around it.
  return lower
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ς', 'σ');
}

function shorten(word: string): string {
  return word.length <= WORD_CHARS ? word : wholeChars(word.slice(0, WORD_CHARS));
}

/** What an index is given: the folded words with a space between them. */
export function indexText(text: string): string {
  // As `wordsOf`, but folded in one go: 1 MB takes 20 ms in place of 150.
  const folded = fold(text);
  return (folded.match(wordsIn(folded)) ?? []).map(shorten).join(' ');
}

/** The text of a settled turn that is searched: what the person wrote and what the agent said. */
export function turnText({ prompt, parts }: Turn): string {
  const asked = prompt.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const said = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return [...asked, ...said].join('\n');
}

/** A person's words as phrases: signs mean nothing but the end of a word. Empty when there is no word in it. */
export function parseQuery(query: string): Phrases {
  return query
    .split(/\s+/u)
    .map((piece) => Array.from(wordsOf(piece), ({ folded }) => folded))
    .filter((phrase) => phrase.length > 0)
    .slice(0, MAX_PHRASES);
}

/** Is every phrase in the text? */
export function matches(text: string, phrases: Phrases): boolean {
  const missing = new Set(phrases.keys());
  for (const { phrase } of findings(text, phrases)) missing.delete(phrase);
  return missing.size === 0;
}

interface Finding {
  /** Index of the phrase. */
  phrase: number;
  start: number;
  end: number;
}

/** Where the phrases are in a text, in the order of their ends. */
function* findings(text: string, phrases: Phrases): Generator<Finding> {
  const longest = Math.max(...phrases.map((phrase) => phrase.length));
  const recent: Word[] = [];
  for (const word of wordsOf(text)) {
    recent.push(word);
    if (recent.length > longest) recent.shift();
    for (const [index, phrase] of phrases.entries()) {
      const from = recent.length - phrase.length;
      const first = recent[from];
      if (first === undefined) continue;
      const open = index === phrases.length - 1 ? phrase.length - 1 : -1;
      const found = phrase.every((wanted, at) => {
        const folded = recent[from + at]?.folded ?? '';
        return at === open ? folded.startsWith(wanted) : folded === wanted;
      });
      if (found) yield { phrase: index, start: first.start, end: word.end };
    }
  }
}

/** A piece of the text with as many of the phrases as are found close together, and where they are in it. */
export function snippetOf(text: string, phrases: Phrases): SnippetPart[] {
  const first = densest(text, phrases);
  const start = first <= BEFORE ? 0 : wordStart(text, first - BEFORE, first);
  const end = Math.min(text.length, start + SHOWN);
  const parts: SnippetPart[] = [];
  const add = (piece: string, marked: boolean): void => {
    if (piece !== '') parts.push({ text: piece.replace(/\s+/gu, ' '), marked });
  };
  let at = start;
  if (start > 0) add('…', false);
  for (const { start: from, end: to } of findings(text, phrases)) {
    if (to > end) break;
    // Findings overlap where a word is in two phrases.
    if (from < at) continue;
    add(text.slice(at, from), false);
    add(text.slice(from, to), true);
    at = to;
  }
  add(wholeChars(text.slice(at, end)) + (end < text.length ? '…' : ''), false);
  return parts;
}

/** Where the first stretch begins that has the most of the phrases in it; 0 when none is found. */
function densest(text: string, phrases: Phrases): number {
  let recent: Finding[] = [];
  let best = 0;
  let most = 0;
  for (const finding of findings(text, phrases)) {
    recent = [...recent.filter(({ start }) => finding.end - start <= SHOWN - BEFORE), finding];
    if (kindsOf(recent) <= most) continue;
    most = kindsOf(recent);
    while (kindsOf(recent.slice(1)) === most) recent = recent.slice(1);
    best = recent[0]?.start ?? best;
    if (most === phrases.length) break;
  }
  return best;
}

const kindsOf = (list: readonly Finding[]) => new Set(list.map(({ phrase }) => phrase)).size;

/** The first beginning of a word in a stretch of the text. */
function wordStart(text: string, from: number, to: number): number {
  const space = /\s\S/u.exec(text.slice(from, to));
  return space === null ? to : from + space.index + 1;
}

/** Without half of a surrogate pair at its end. */
function wholeChars(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}
