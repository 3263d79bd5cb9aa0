import { expect, test } from 'vitest';
import { createTally, simulate, type Tally } from './testing/random-walk.ts';

/** `HUB_SEED=123` lives that one life again. For more of them: `npm run soak -- <seeds>`. */
const ONLY = process.env['HUB_SEED'];
const SEEDS = 1_000;

/** A run in which nothing went wrong proves nothing. */
const AT_LEAST: Partial<Tally> = {
  steps: 40_000,
};

test('[H1] [H2] [H3] [H4] [H5] [H6] [H7] [H10] [H11] [H12] [O4] [O9] [O12] [A4] whatever happens, panes and rows end as the server has them', async () => {
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
