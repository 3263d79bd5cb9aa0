/** Back to a page that was left: whether a browser kept it (bfcache.spec.ts) or loads it anew, a person sees the same. */
import { counted, expect, test } from './fixtures/test.ts';

test('[T1] [O1] the only tab leaves mid-stream and comes back: whole, and it goes on', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const only = await tab(session.id);
  await only.send('/count 100000 60');
  await expect.poll(async () => (await only.numbers()).length).toBeGreaterThan(5);
  for (let round = 0; round < 3; round += 1) {
    const before = (await only.numbers()).length;
    await only.page.goto(`${server.origin}/healthz`);
    await only.page.evaluate(() => history.back());
    await expect(only.status).toHaveText('live');
    await expect.poll(async () => (await only.numbers()).length).toBeGreaterThan(before + 10);
    const shown = await only.numbers();
    expect(shown).toEqual(counted(shown.length));
  }
});
