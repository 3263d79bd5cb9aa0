/** The back/forward cache: leave mid-stream, come back, and the pane goes on from where it stood. */
import { expect, expectCounted, test, type Tab } from './fixtures/test.ts';

/** Counts what a restored page asks of the server; a SharedWorker's requests are not seen here. */
function countRequests(tab: Tab): { paths: string[] } {
  const seen = { paths: [] as string[] };
  tab.page.on('request', (request) => seen.paths.push(new URL(request.url()).pathname));
  return seen;
}

test('[T1] a tab left mid-stream is restored from the cache 10 times of 10, and catches up without a refetch @needs-bfcache', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const other = await tab(session.id);
  const left = await tab(session.id);
  await left.page.evaluate(() => {
    addEventListener('pageshow', (event) => {
      document.documentElement.dataset['persisted'] = String(event.persisted);
    });
  });
  await left.send('/count 100000 60');
  await expect.poll(async () => (await left.numbers()).length).toBeGreaterThan(5);
  const { row } = await server.view(session.id);
  let restored = 0;
  for (let round = 0; round < 10; round += 1) {
    const before = (await left.numbers()).length;
    await left.page.evaluate(() => delete document.documentElement.dataset['persisted']);
    await left.page.goto(`${server.origin}/healthz`);
    await expect.poll(async () => (await other.numbers()).length).toBeGreaterThan(before + 10);
    const requests = countRequests(left);
    // `page.goBack()` hangs on a restore: go back from within, and look.
    await left.page.evaluate(() => history.back());
    await expect(left.page).toHaveURL(new RegExp(`/session/${row.id}$`));
    await expect
      .poll(() => left.page.evaluate(() => document.documentElement.dataset['persisted']))
      .toBe('true');
    restored += 1;
    await expect.poll(async () => (await left.numbers()).length).toBeGreaterThan(before + 10);
    const shown = await left.numbers();
    expect(shown).toEqual(shown.map((_, index) => index + 1));
    expect(requests.paths.filter((path) => path.startsWith('/api/'))).toEqual([]);
  }
  expect(restored).toBe(10);
  expect((await server.diagnostics()).streams.sessions[session.id]).toBe(1);
  await server.api('POST', `/api/sessions/${session.id}/turns/${row.activeTurnId}/cancel`);
  await expect(left.link(session.id)).toHaveAttribute('data-status', 'idle');
  const total = (await other.numbers()).length;
  await expectCounted(left, total);
});
