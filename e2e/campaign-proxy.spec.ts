/** A short run of the fault proxy campaign; the long one is `npm run campaign -- proxy`. */
import { expect, test } from 'playwright/test';
import { proxyCampaign } from './campaigns/proxy.ts';

// No browser is in it, so once is enough.
test.skip(({ browserName }) => browserName !== 'chromium', 'runs without a browser, once');

test('[H8] [H10] [L6] [L9] a hub and readers behind a proxy that breaks answers come to what the log has', async () => {
  test.slow();
  const happened = await proxyCampaign.run({ seed: 20_26, rounds: 3 });
  expect(happened['connections of readers behind the proxy']).toBeGreaterThan(20);
});
