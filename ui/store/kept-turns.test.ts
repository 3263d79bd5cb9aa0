import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyState, PAGE_TURNS, type Turn } from '../../shared/state.ts';
import { AROUND, keepNear, MOST, type Span } from './kept-turns.ts';
import { placeTurns, type ShownView } from './pane.ts';

const STARTED = 1000;
const turnOf = (ordinal: number, text = 'x'): Turn => ({
  turnId: `t${ordinal}`,
  ordinal,
  key: '',
  prompt: [],
  startedAt: 0,
  cancelling: false,
  parts: [{ kind: 'text', text, messageId: null }],
  end: { at: 0, reason: 'end_turn', error: null },
});
const all = Array.from({ length: STARTED }, (_, at) => turnOf(at));
const ordinals = (turns: readonly Turn[]) => turns.map(({ ordinal }) => ordinal);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
const viewOf = (turns: readonly Turn[], apart: readonly Turn[] = []): ShownView => ({
  kind: 'shown',
  state: { ...emptyState('log'), started: STARTED, turns: [...turns] },
  apart,
});
const count = ({ state, apart }: ShownView) => state.turns.length + apart.length;

describe('[P70] which turns a pane keeps', () => {
  test('all of them, the same view, while there are not too many', () => {
    const view = viewOf(all.slice(-MOST.turns));
    expect(keepNear(view, { first: 900, last: 901 })).toBe(view);
  });

  test('at the end: the newest', () => {
    const kept = keepNear(viewOf(all.slice(-MOST.turns - 1)), null);
    expect(ordinals(kept.state.turns)).toEqual(range(STARTED - AROUND.turns, STARTED));
    expect(kept.apart).toEqual([]);
  });

  test('further up: the newest page, and those around the reader', () => {
    const kept = keepNear(viewOf(all.slice(700)), { first: 710, last: 711 });
    expect(ordinals(kept.state.turns)).toEqual(range(STARTED - PAGE_TURNS, STARTED));
    expect(ordinals(kept.apart)).toEqual(expect.arrayContaining(range(700, 760)));
    expect(kept.apart.length).toBe(AROUND.turns);
  });

  test('what is in view on both sides of a gap stays', () => {
    const view = viewOf(all.slice(800), all.slice(600, 700));
    expect(keepNear(view, { first: 690, last: 810 })).toBe(view);
  });

  test('of turns on the other side of a gap only the newest page stays', () => {
    const kept = keepNear(viewOf(all.slice(800), all.slice(690, 795)), { first: 790, last: 791 });
    expect(ordinals(kept.state.turns)).toEqual(range(980, STARTED));
    expect(kept.apart.at(-1)?.ordinal).toBe(794);
  });

  test('huge turns count by their length, and one on each side can always be read', () => {
    const huge = 'x'.repeat(AROUND.length);
    const view = viewOf(range(990, STARTED).map((at) => turnOf(at, huge)));
    const kept = keepNear(view, { first: 992, last: 992 });
    expect(ordinals(kept.apart)).toEqual([991, 992, 993]);
    expect(ordinals(kept.state.turns)).toEqual([999]);
  });

  test('whatever is read, in whatever way: what the reader sees stays, nothing is out of order, and it is bounded', () => {
    // Where the reader looks next, and how much of the loaded turns they see or have selected.
    const step = fc.record({
      where: fc.constantFrom('first', 'gap', 'main', 'link' as const),
      at: fc.nat(STARTED - 1),
      sees: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        let view = viewOf(all.slice(-PAGE_TURNS));
        for (const { where, at, sees } of steps) {
          const loaded = ordinals([...view.apart, ...view.state.turns]);
          const main = view.state.turns[0]?.ordinal ?? STARTED;
          const [at0, before] = {
            first: [loaded[0] ?? 0, loaded[0] ?? 0],
            gap: [view.apart.at(-1)?.ordinal ?? main, (view.apart.at(-1)?.ordinal ?? main) + 21],
            main: [main, main],
            link: [at, at + 10],
          }[where] as [number, number];
          const reader: Span = { first: at0, last: Math.min(at0 + sees - 1, STARTED - 1) };
          const page = all.slice(Math.max(0, before - PAGE_TURNS), Math.min(before, STARTED));
          const placed = placeTurns(view, page);
          const seen = [...placed.apart, ...placed.state.turns].filter(
            ({ ordinal }) => ordinal >= reader.first && ordinal <= reader.last,
          );
          view = keepNear(placed, reader);
          const kept = [...view.apart, ...view.state.turns];
          expect(seen.filter((turn) => !kept.includes(turn))).toEqual([]);
          for (const stretch of [view.apart, view.state.turns]) {
            const first = stretch[0]?.ordinal ?? 0;
            expect(ordinals(stretch)).toEqual(range(first, first + stretch.length));
          }
          expect(ordinals(kept)).toEqual(ordinals(kept).toSorted((a, b) => a - b));
          expect(view.state.turns.at(-1)?.ordinal).toBe(STARTED - 1);
          expect(count(view)).toBeLessThanOrEqual(MOST.turns + PAGE_TURNS);
        }
      }),
      { numRuns: 40 },
    );
  });
});
