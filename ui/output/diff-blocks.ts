/** A change of a text as blocks of lines: what stays, and what takes the place of what. */
import { diffArrays, diffWordsWithSpace } from 'diff';

export interface Piece {
  text: string;
  /** It is what changed in its line. */
  marked: boolean;
}

export interface DiffLine {
  /** From 1. */
  number: number;
  pieces: Piece[];
}

export type DiffBlock =
  | { kind: 'same'; lines: { old: number; new: number; text: string }[] }
  | { kind: 'change'; old: DiffLine[]; new: DiffLine[] };

export interface TextDiff {
  blocks: DiffBlock[];
  added: number;
  removed: number;
  /** False: the texts are too different or too long to be compared line by line; what lies between their common beginning and end is shown as replaced. */
  exact: boolean;
}

/** Of the comparison of all lines, and of the words of one. */
const LINES = { timeout: 250, maxEditLength: 4000 };
const WORDS = { timeout: 10, maxEditLength: 60 };
/** Longer lines, and more of them in a row, are not compared word by word. */
const MOST_LINE = 400;
const MOST_PAIRS = 120;
/** A pair of lines with less in common than this is two different lines. */
const ALIKE = 0.3;

/** @param oldText null: there was no such file */
export function diffTexts(oldText: string | null, newText: string): TextDiff {
  const [before, after] = [linesOf(oldText ?? ''), linesOf(newText)];
  const changes = diffArrays(before, after, LINES);
  const blocks: DiffBlock[] = [];
  let [oldAt, newAt] = [1, 1];
  for (const { value, added, removed } of changes ?? replaced(before, after)) {
    if (!added && !removed) {
      const lines = value.map((text, at) => ({ old: oldAt + at, new: newAt + at, text }));
      blocks.push({ kind: 'same', lines });
      oldAt += value.length;
      newAt += value.length;
      continue;
    }
    const last = blocks.at(-1);
    const block = last?.kind === 'change' ? last : { kind: 'change' as const, old: [], new: [] };
    if (block !== last) blocks.push(block);
    const first = removed ? oldAt : newAt;
    const lines = value.map((text, at) => ({
      number: first + at,
      pieces: [{ text, marked: false }],
    }));
    if (removed) {
      block.old.push(...lines);
      oldAt += value.length;
    } else {
      block.new.push(...lines);
      newAt += value.length;
    }
  }
  let [added, removed] = [0, 0];
  for (const block of blocks) {
    if (block.kind === 'same') continue;
    added += block.new.length;
    removed += block.old.length;
    if (changes !== undefined) markWords(block.old, block.new);
  }
  return { blocks, added, removed, exact: changes !== undefined };
}

/** A last line without an end is a line; one that ends the text begins no other. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

type Change = { value: string[]; added: boolean; removed: boolean };

function replaced(before: string[], after: string[]): Change[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let foot = 0;
  while (foot < shorter - head && before.at(-1 - foot) === after.at(-1 - foot)) foot += 1;
  const same = { added: false, removed: false };
  return [
    { value: before.slice(0, head), ...same },
    { value: before.slice(head, before.length - foot), added: false, removed: true },
    { value: after.slice(head, after.length - foot), added: true, removed: false },
    { value: before.slice(before.length - foot), ...same },
  ].filter(({ value }) => value.length > 0);
}

/** What changed within lines that stand in each other's place. */
function markWords(old: readonly DiffLine[], next: readonly DiffLine[]): void {
  const pairs = Math.min(old.length, next.length);
  if (pairs > MOST_PAIRS) return;
  for (let at = 0; at < pairs; at += 1) {
    const [a, b] = [old[at], next[at]];
    const [before, after] = [a?.pieces[0]?.text ?? '', b?.pieces[0]?.text ?? ''];
    if (a === undefined || b === undefined) return;
    if (before.length > MOST_LINE || after.length > MOST_LINE) continue;
    const changes = diffWordsWithSpace(before, after, WORDS);
    if (changes === undefined) continue;
    const common = changes.reduce(
      (sum, { value, added, removed }) => (added || removed ? sum : sum + value.trim().length),
      0,
    );
    const longer = Math.max(before.trim().length, after.trim().length);
    if (common < ALIKE * longer) continue;
    a.pieces = pieces(changes.filter(({ added }) => !added));
    b.pieces = pieces(changes.filter(({ removed }) => !removed));
  }
}

const pieces = (changes: { value: string; added: boolean; removed: boolean }[]): Piece[] =>
  changes.map(({ value, added, removed }) => ({ text: value, marked: added || removed }));

/** Lines around a change that are shown for orientation. */
const CONTEXT = 3;

/** A stretch that stays, without what is far from any change. `hidden`: how many lines that are, from `head` on. */
export function foldOf(
  count: number,
  first: boolean,
  last: boolean,
): { head: number; hidden: number } {
  const head = first ? 0 : CONTEXT;
  const foot = last ? 0 : CONTEXT;
  const hidden = count - head - foot;
  // A fold takes a line itself: for less than two it would hide and not shorten.
  return hidden < 2 ? { head: count, hidden: 0 } : { head, hidden };
}
