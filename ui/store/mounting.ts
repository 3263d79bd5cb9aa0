/**
 * Which turns of a pane are in the page already, when it is shown (P71): first what the reader looks at, then the rest,
 * some at a time. A page of turns may be a megabyte of text, and a click must show something in the next frames.
 */
import type { Part, Turn } from '../../shared/state.ts';

/** Null: all of them, and those that come. */
export type Mounted = {
  /** Ordinals, both included. */
  first: number;
  last: number;
  /** Of a long turn only its end, which the reader looks at. */
  endOnly: boolean;
} | null;

/** As much as fills a large window: so many turns, or parts of one, or so many UTF-16 units of text. */
const FIRST = { turns: 3, parts: 16, text: 3_000 };
/** So many more at a time, on each side. */
const STEP = 4;

/**
 * @param loaded in order; the one that runs is the last of them
 * @param at the turn that the reader is at; null: the end
 */
export function mountFirst(loaded: readonly Turn[], at: number | null): Mounted {
  const here = at === null ? -1 : loaded.findIndex(({ ordinal }) => ordinal === at);
  if (here === -1) {
    const from = fill(loaded.toReversed());
    const endOnly = loaded.slice(-from).some(({ parts }) => partsFrom(parts) > 0 || isLong(parts));
    if (from >= loaded.length && !endOnly) return null;
    return { first: ordinalAt(loaded, -from), last: Infinity, endOnly };
  }
  const down = fill(loaded.slice(here));
  // One before it: its end may be in view.
  const first = Math.max(0, here - 1);
  if (first === 0 && here + down >= loaded.length) return null;
  return {
    first: ordinalAt(loaded, first),
    last: ordinalAt(loaded, here + down - 1),
    endOnly: false,
  };
}

/** The next step; at the end of both sides, null. */
export function mountMore(loaded: readonly Turn[], mounted: Mounted): Mounted {
  if (mounted === null) return null;
  const all = (loaded[0]?.ordinal ?? Infinity) >= mounted.first && mounted.last === Infinity;
  if (mounted.endOnly) return all ? null : { ...mounted, endOnly: false };
  const first = loaded.findIndex(({ ordinal }) => ordinal >= mounted.first);
  const last = loaded.findLastIndex(({ ordinal }) => ordinal <= mounted.last);
  if (first <= STEP && last + STEP >= loaded.length - 1) return null;
  return {
    first: ordinalAt(loaded, Math.max(0, first - STEP)),
    last: last === loaded.length - 1 ? Infinity : ordinalAt(loaded, last + STEP),
    endOnly: false,
  };
}

/** Where the end of a turn begins that is put into the page first. @returns an index */
export function partsFrom(parts: readonly Part[]): number {
  let text = 0;
  let from = parts.length;
  while (from > 0 && parts.length - from < FIRST.parts && text < FIRST.text) {
    from -= 1;
    text += textIn(parts[from]);
  }
  return from;
}

/**
 * Where the end of a text begins that is put into the page first.
 * @param lengths of its pieces, UTF-16 units
 * @returns an index
 */
export function piecesFrom(lengths: readonly number[]): number {
  let text = 0;
  let from = lengths.length;
  while (from > 0 && text < FIRST.text) {
    from -= 1;
    text += lengths[from] ?? 0;
  }
  return from;
}

/** Whether that turn is in the page. */
export function isMounted(mounted: Mounted, { ordinal }: Turn): boolean {
  return mounted === null || (ordinal >= mounted.first && ordinal <= mounted.last);
}

/** How many of them are enough, from the first on. */
function fill(turns: readonly Turn[]): number {
  let text = 0;
  let count = 0;
  for (const { parts } of turns) {
    if (count >= FIRST.turns || text >= FIRST.text) break;
    count += 1;
    for (const part of parts) text += textIn(part);
  }
  return count;
}

const textIn = (part: Part | undefined) => (part?.kind === 'text' ? part.text.length : 0);
const isLong = (parts: readonly Part[]) => parts.some((part) => textIn(part) > 2 * FIRST.text);

/** As `at` counts; beyond the end, everything that comes. */
const ordinalAt = (turns: readonly Turn[], at: number) => turns.at(at)?.ordinal ?? Infinity;
