/**
 * Which of the settled turns that were loaded a pane keeps (P70): the newest page, and those around the reader. The
 * others are a page away, in the browser's own cache; kept, a long session would fill the tab's memory as it is read.
 */
import { newestTurns, PAGE_LENGTH, PAGE_TURNS, turnLength, type Turn } from '../../shared/state.ts';
import type { ShownView } from './pane.ts';

/** What the reader has in view or has selected: ordinals, both included. */
export interface Span {
  first: number;
  last: number;
}

interface Amount {
  turns: number;
  /** UTF-16 units, as JSON. */
  length: number;
}

/** Up to here everything stays: turns go by pages, not one by one. */
export const MOST: Amount = { turns: 160, length: 24 * 1024 * 1024 };
/** What stays around the reader then. */
export const AROUND: Amount = { turns: 100, length: 12 * 1024 * 1024 };

/**
 * The same view where there is room for all of it.
 * @param reader null: at the end
 */
export function keepNear(view: ShownView, reader: Span | null): ShownView {
  const { state, apart } = view;
  const loaded = [...apart, ...state.turns];
  if (loaded.length <= MOST.turns && lengthOf(loaded) <= MOST.length) return view;
  const end = loaded.at(-1)?.ordinal ?? 0;
  const near = around(loaded, reader ?? { first: end, last: end });
  const newest = newestTurns(state.turns, PAGE_TURNS, PAGE_LENGTH);
  const before = apart.filter((turn) => near.has(turn));
  const between = state.turns.filter((turn) => near.has(turn) && !newest.includes(turn));

  const adjoining = between.at(-1)?.ordinal === (newest[0]?.ordinal ?? 0) - 1;
  if (adjoining)
    return { ...view, state: { ...state, turns: [...between, ...newest] }, apart: before };
  // Only two stretches can be shown: the newest turns, and one other.
  const [a, b] = [inView(before, reader), inView(between, reader)];
  if (before.length > 0 && between.length > 0 && a && b) return view;
  return {
    ...view,
    state: { ...state, turns: newest },
    apart: between.length === 0 || (before.length > 0 && !b) ? before : between,
  };
}

/**
 * The reader's own turns and the next on both sides, whatever they hold (else one could not read on), and as many
 * beyond them as there is room for.
 */
function around(loaded: readonly Turn[], { first, last }: Span): ReadonlySet<Turn> {
  const own = loaded.filter(({ ordinal }) => ordinal >= first && ordinal <= last);
  const kept = new Set(own);
  // However much is selected, one can read on.
  const most = own.length + Math.max(AROUND.turns - own.length, 2 * PAGE_TURNS);
  let room = Math.max(AROUND.length - lengthOf(own), PAGE_LENGTH);
  const above = loaded.filter(({ ordinal }) => ordinal < first).toReversed();
  const below = loaded.filter(({ ordinal }) => ordinal > last);
  for (let at = 0; at < Math.max(above.length, below.length); at += 1) {
    for (const turn of [above[at], below[at]]) {
      if (turn === undefined) continue;
      room -= turnLength(turn);
      if (at > 0 && (room < 0 || kept.size >= most)) return kept;
      kept.add(turn);
    }
  }
  return kept;
}

const inView = (turns: readonly Turn[], reader: Span | null) =>
  reader !== null && turns.some(({ ordinal }) => ordinal >= reader.first && ordinal <= reader.last);

const lengthOf = (turns: readonly Turn[]) => turns.reduce((sum, turn) => sum + turnLength(turn), 0);
