/** A short run of the kill campaigns; the long one is `npm run campaign -- kill`, and `agent-kill`. */
import { expect, test } from 'playwright/test';
import { agentKillCampaign } from './campaigns/agent-kill.ts';
import { killCampaign } from './campaigns/kill.ts';

// No browser is in it, so once is enough.
test.skip(({ browserName }) => browserName !== 'chromium', 'runs without a browser, once');

test('[L1] [L2] [L3] [L9] [L10] a server that is killed while 20 sessions run and boot loses nothing that anybody saw', async () => {
  test.slow();
  const happened = await killCampaign.run({ seed: 20_26, rounds: 3 });
  expect(happened['turns that ran when it was killed']).toBeGreaterThan(3);
});

test('[L3] [O7] an agent that is killed fails its turns, in words, and the next turn works', async () => {
  test.slow();
  const happened = await agentKillCampaign.run({ seed: 20_26, rounds: 4 });
  expect(happened['turns that failed by it']).toBeGreaterThan(3);
});
