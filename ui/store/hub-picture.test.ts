import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamReport } from '../../shared/hub-snapshot.ts';
import { makeSession, makeSnapshot, makeTab } from '../testing/hub-fixtures.ts';
import { DRAWN, drawHub, weightOf, WIDE, type Box, type Picture } from './hub-picture.ts';
import { viewHub } from './hub-view.ts';

const live: StreamReport = { state: 'live', since: 0, heardAt: 0 };

function draw(streams: number, tabs: number, width: number): Picture {
  const view = viewHub([
    makeSnapshot({
      sessions: Array.from({ length: streams }, (_, n) =>
        makeSession(`s${n}`, { seat: 'own', stream: live }),
      ),
      tabs: Array.from({ length: tabs }, (_, n) => makeTab(`t${n}`)),
    }),
  ]);
  if (view === null) throw new Error('no view');
  return drawHub(view, width);
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('[P64] at any width, whatever there is: no two boxes overlap, and none leaves the picture', () => {
  const sizes = fc.tuple(fc.nat(70), fc.integer({ min: 1, max: 210 }));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 300, max: 2_400 }), ([streams, tabs], width) => {
      const { boxes, height, lines } = draw(streams, tabs, width);
      for (const [at, a] of boxes.entries()) {
        expect(a.width).toBeGreaterThan(100);
        expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width).toBeLessThanOrEqual(width + 0.01);
        expect(a.y + a.height).toBeLessThanOrEqual(height + 0.01);
        for (const b of boxes.slice(at + 1)) expect(overlap(a, b), `${a.id} ${b.id}`).toBe(false);
      }
      expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
      expect(lines.every(({ path }) => !path.includes('NaN'))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('[P64] from left to right where there is room, else from top to bottom', () => {
  const kinds = (picture: Picture, along: 'x' | 'y') =>
    ['server', 'session', 'hub', 'tab'].map(
      (kind) => picture.boxes.find(({ of }) => of.kind === kind)?.[along] ?? -1,
    );
  const wide = kinds(draw(2, 2, WIDE), 'x');
  expect(wide).toEqual(wide.toSorted((a, b) => a - b));
  const narrow = kinds(draw(2, 2, WIDE - 1), 'y');
  expect(narrow).toEqual(narrow.toSorted((a, b) => a - b));
});

test('[P64] a stream is drawn from the server to the hub, a tab from the hub; many are summed up', () => {
  const few = draw(2, 3, 1_000);
  // Two streams and the lane, each with two lines; a line for each tab.
  expect(few.lines).toHaveLength(2 * 3 + 3);
  expect(few.boxes.filter(({ of }) => of.kind === 'more')).toEqual([]);
  const many = draw(20, 200, 1_000);
  const more = many.boxes.flatMap(({ of }) => (of.kind === 'more' ? [[of.what, of.count]] : []));
  expect(more).toEqual([
    ['stream', 20 - (DRAWN.streams - 1)],
    ['tab', 200 - (DRAWN.tabs - 1)],
  ]);
});

test('[P64] a line is thicker the more it carries, and moves only when something flows', () => {
  const weights = [null, 0, 1, 10, 100, 1_000].map(weightOf);
  expect(weights).toEqual(weights.toSorted((a, b) => a - b));
  expect(weightOf(100_000)).toBeLessThan(12);
  const then = makeSnapshot({ at: 0, sessions: [makeSession('a', { seat: 'own', stream: live })] });
  const flowing = { seat: 'own', stream: live, events: 50 } as const;
  const now = makeSnapshot({ at: 1_000, sessions: [makeSession('a', flowing)] });
  const lineOf = (snapshots: Parameters<typeof viewHub>[0]) => {
    const view = viewHub(snapshots);
    return view === null
      ? undefined
      : drawHub(view, 900).lines.find(({ id }) => id === 'stream-a-in');
  };
  expect(lineOf([then, now])).toMatchObject({ flows: true, tone: 'good' });
  expect(lineOf([then, { ...then, at: 1_000 }])).toMatchObject({ flows: false });
});
