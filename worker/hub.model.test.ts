import { expect, test } from 'vitest';
import { simulate } from './testing/random-walk.ts';
import { createTally, type Tally } from './testing/take-step.ts';

/** `HUB_SEED=123` lives that one life again. For more of them: `npm run soak -- <seeds>`. */
const ONLY = process.env['HUB_SEED'];
const SEEDS = 1_000;

/** A run in which nothing went wrong proves nothing. */
const AT_LEAST: Partial<Tally> = {
  steps: 30_000,
  drop: 300,
  'half-open': 300,
  freeze: 500,
  vanish: 250,
  restore: 150,
  jump: 500,
  protocol: 500,
  rotate: 250,
  kill: 350,
  orphaned: 400,
  throw: 100,
  lease: 70,
  behind: 130,
  skipped: 150,
  repeated: 400,
  resynced: 2_000,
  replayed: 700,
  refused: 500,
  limited: 1_000,
  cut: 1_200,
  slow: 150,
  send: 400,
  unanswered: 100,
  replace: 120,
  'cache late': 250,
  overtaken: 15,
  stale: 10,
  told: 1_000,
  looked: 100,
};

test('[H1] [H2] [H3] [H4] [H5] [H6] [H7] [H8] [H9] [H10] [H11] [H12] [O4] [O8] [O9] [O12] whatever happens, panes and rows end as the server has them', async () => {
  const tally = createTally();
  if (ONLY !== undefined) {
    await simulate(Number(ONLY), tally);
    return;
  }
  for (let seed = 1; seed <= SEEDS; seed += 1) await simulate(seed, tally);
  for (const [name, least] of Object.entries(AT_LEAST)) {
    const count = tally[name as keyof Tally];
    expect(count, `${name} happened ${count} times`).toBeGreaterThanOrEqual(least);
  }
}, 300_000);

/** Lives that found something: in the hub as it was, or in one without a guard that it has. */
const TELLING: readonly (readonly [number, string])[] = [
  [26, '[H8] streams that were let in and cut at once woke each other without a pause'],
  [203, '[H8] a lane that began anew knew nothing of the Retry-After of before'],
  [302, '[H8] a session that got a stream anew knew nothing of the Retry-After of before'],
  [639, '[H8] signing out lifted the Retry-After of the lane'],
  [879, '[H8] a row that appeared made its pane ask before the Retry-After was over'],
  [1178, '[O4] a delivery for a watch that is over reaches the pane, if the pane takes it'],
  [1166, '[H1] a session whose log was lost got a stream while the lane carried it already'],
];
test.each(TELLING)('seed %i: %s', async (seed) => simulate(seed, createTally()));

test('one seed is one life', async () => {
  const [once, again] = [createTally(), createTally()];
  for (const seed of [11, 12, 13]) {
    await simulate(seed, once);
    await simulate(seed, again);
  }
  expect({ ...again }).toEqual({ ...once });
});
