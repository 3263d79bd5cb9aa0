import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../../shared/state.ts';
import {
  isMounted,
  mountFirst,
  mountMore,
  partsFrom,
  piecesFrom,
  type Mounted,
} from './mounting.ts';

const turnOf = (ordinal: number, text: number): Turn => ({
  turnId: `t${ordinal}`,
  ordinal,
  key: '',
  prompt: [],
  startedAt: 0,
  cancelling: false,
  parts: [{ kind: 'text', text: 'x'.repeat(text), messageId: null }],
  end: { at: 0, reason: 'end_turn', error: null },
});
const turns = (count: number, text = 100) =>
  Array.from({ length: count }, (_, at) => turnOf(10 + at, text));
const shown = (loaded: readonly Turn[], mounted: Mounted) =>
  loaded.filter((turn) => isMounted(mounted, turn)).map(({ ordinal }) => ordinal);

describe('[P71] what of a transcript is put into the page first', () => {
  test('a short one as a whole', () => {
    expect(mountFirst(turns(3), null)).toBeNull();
    expect(mountFirst([], null)).toBeNull();
  });

  test('its end, where the reader is at the end', () => {
    const loaded = turns(20);
    expect(shown(loaded, mountFirst(loaded, null))).toEqual([27, 28, 29]);
    expect(shown(turns(20, 2_000), mountFirst(turns(20, 2_000), null))).toEqual([28, 29]);
  });

  test('of a long answer its end, also where it is the only one; then all of it, before others', () => {
    const loaded = turns(20, 100_000);
    const first = mountFirst(loaded, null);
    expect(first).toEqual({ first: 29, last: Infinity, endOnly: true });
    const second = mountMore(loaded, first);
    expect(second).toEqual({ first: 29, last: Infinity, endOnly: false });
    expect(shown(loaded, mountMore(loaded, second))).toEqual([25, 26, 27, 28, 29]);

    const only = mountFirst(turns(1, 100_000), null);
    expect(only).toMatchObject({ first: 10, endOnly: true });
    expect(mountMore(turns(1, 100_000), only)).toBeNull();
    // Whoever is at another place sees whole turns around it: what stands above must have its height.
    expect(mountFirst(loaded, 15)).toMatchObject({ endOnly: false });
  });

  test('of many parts the last ones, and of a text its last pieces, as many as fill a window', () => {
    const parts = turns(40).flatMap((turn) => turn.parts);
    expect(partsFrom(parts)).toBe(40 - 16);
    expect(partsFrom(parts.slice(0, 5))).toBe(0);
    expect(partsFrom(turns(40, 2_000).flatMap((turn) => turn.parts))).toBe(38);
    expect(piecesFrom([])).toBe(0);
    expect(piecesFrom([9_000, 9_000])).toBe(1);
    expect(piecesFrom([1, 9_000, 1_000, 1_000])).toBe(1);
    expect(piecesFrom([10, 10])).toBe(0);
  });

  test('elsewhere, the turn that the reader was at, with what is around it', () => {
    const loaded = turns(20);
    expect(shown(loaded, mountFirst(loaded, 15))).toEqual([14, 15, 16, 17]);
    // Nothing is known of that turn: the end.
    expect(shown(loaded, mountFirst(loaded, 5))).toEqual([27, 28, 29]);
  });

  test('what settles meanwhile is there with the end, and only with it', () => {
    const loaded = turns(20);
    expect(isMounted(mountFirst(loaded, null), turnOf(30, 1))).toBe(true);
    expect(isMounted(mountFirst(loaded, 15), turnOf(30, 1))).toBe(false);
  });

  test('then more on both sides, until everything is there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 60 }),
        fc.option(fc.nat(80)),
        (texts, at) => {
          const loaded = texts.map((text, n) => turnOf(10 + n + (n > 30 ? 50 : 0), text));
          let mounted = mountFirst(loaded, at);
          let before = shown(loaded, mounted);
          if (loaded.some(({ ordinal }) => ordinal === at)) expect(before).toContain(at);
          for (let steps = 0; mounted !== null; steps += 1) {
            expect(steps).toBeLessThanOrEqual(loaded.length);
            const whole = mounted.endOnly;
            mounted = mountMore(loaded, mounted);
            const now = shown(loaded, mounted);
            expect(now).toEqual(expect.arrayContaining(before));
            expect(mounted === null || whole || now.length > before.length).toBe(true);
            before = now;
          }
          expect(before).toEqual(loaded.map(({ ordinal }) => ordinal));
        },
      ),
    );
  });
});
