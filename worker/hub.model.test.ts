import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyStep, walk, type Tally } from './testing/random-walk.ts';

/** `HUB_WALKS=5000` for a soak, which also prints what happened. */
const RUNS = Number(process.env['HUB_WALKS'] ?? 250);

test('[H1] [H3] [H4] [H5] [H6] [H7] [H10] [H11] [O4] [O12] whatever happens, panes and rows end as the server has them', async () => {
  const tally = new Proxy<Tally>({} as Tally, {
    get: (counts, name: keyof Tally) => counts[name] ?? 0,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 20, maxLength: 100, size: 'max' }),
      fc.nat(),
      (steps, seed) => walk(steps, seed, tally),
    ),
    { numRuns: RUNS },
  );
  if (process.env['HUB_WALKS'] !== undefined) process.stdout.write(`${JSON.stringify(tally)}\n`);
  // A run in which nothing went wrong proves nothing.
  for (const name of [
    'drop',
    'mute',
    'freeze',
    'vanish',
    'skip',
    'repeat',
    'resync',
    'lease',
    'moved',
  ] as const) {
    expect({ name, enough: tally[name] > RUNS / 20 }).toEqual({ name, enough: true });
  }
}, 600_000);
