/**
 * Which turns of a pane are in the page already, when it is shown (P71): first what the reader looks at, then the rest,
 * some at a time. A page of turns may be a megabyte of text, and a click must show something in the next frames.
 */
import type { Turn } from '../../shared/state.ts';

/** Ordinals, both included; null: all of them, and those that come. */
export type Mounted = { first: number; last: number } | null;

/** As much as fills a large window: so many turns, or so many UTF-16 units of text. */
const FIRST = { turns: 3, text: 3_000 };
/** So many more at a time, on each side. */
const STEP = 4;

/**
 * @param loaded settled turns, in order
 * @param at the turn that the reader is at; null: the end
 */
export function mountFirst(loaded: readonly Turn[], at: number | null): Mounted {
  const here = at === null ? -1 : loaded.findIndex(({ ordinal }) => ordinal === at);
  if (here === -1) {
    const from = fill(loaded.toReversed());
    return from >= loaded.length ? null : { first: ordinalAt(loaded, -from), last: Infinity };
  }
  const down = fill(loaded.slice(here));
  // One before it: its end may be in view.
  const first = Math.max(0, here - 1);
  if (first === 0 && here + down >= loaded.length) return null;
  return { first: ordinalAt(loaded, first), last: ordinalAt(loaded, here + down - 1) };
}

/** The next step; at the end of both sides, null. */
export function mountMore(loaded: readonly Turn[], mounted: Mounted): Mounted {
  if (mounted === null) return null;
  const first = loaded.findIndex(({ ordinal }) => ordinal >= mounted.first);
  const last = loaded.findLastIndex(({ ordinal }) => ordinal <= mounted.last);
  if (first <= STEP && last + STEP >= loaded.length - 1) return null;
  return {
    first: ordinalAt(loaded, Math.max(0, first - STEP)),
    last: last === loaded.length - 1 ? Infinity : ordinalAt(loaded, last + STEP),
  };
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
    for (const part of parts) if (part.kind === 'text') text += part.text.length;
  }
  return count;
}

/** As `at` counts; beyond the end, everything that comes. */
const ordinalAt = (turns: readonly Turn[], at: number) => turns.at(at)?.ordinal ?? Infinity;
