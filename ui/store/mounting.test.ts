import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../../shared/state.ts';
import { isMounted, mountFirst, mountMore, type Mounted } from './mounting.ts';

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
            expect(steps).toBeLessThan(loaded.length);
            mounted = mountMore(loaded, mounted);
            const now = shown(loaded, mounted);
            expect(now).toEqual(expect.arrayContaining(before));
            expect(mounted === null || now.length > before.length).toBe(true);
            before = now;
          }
          expect(before).toEqual(loaded.map(({ ordinal }) => ordinal));
        },
      ),
    );
  });
});
