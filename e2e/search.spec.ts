/** Search over titles and messages, from a person's words to the message itself. */
import { startGateProxy } from './fixtures/gate-proxy.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';

const idle = (server: TestServer, id: string) =>
  expect.poll(async () => (await server.row(id)).status).toBe('idle');
const box = (tab: Tab) => tab.page.getByRole('searchbox', { name: 'Search sessions' });
const hits = (tab: Tab) => tab.page.getByRole('region', { name: 'In messages' });

test('[L11] a word of an old message leads to it, marked, from any tab and device', async ({
  server,
  tab,
  browser,
}) => {
  const trip = await server.create('Trip');
  await server.prompt(trip.id, 'A café in Lisbon, please');
  for (let n = 0; n < 30; n += 1) await server.prompt(trip.id, `/count ${400 + n} 0`);
  const other = await server.create('Build of the café');
  await idle(server, trip.id);

  const elsewhere = await browser.newContext();
  for (const reader of [await tab(), await tab(other.id, elsewhere)]) {
    await box(reader).fill('CAFE lis');
    await expect(reader.link(trip.id)).toHaveCount(0);
    await expect(reader.link(other.id)).toHaveCount(0);
    const hit = hits(reader).getByRole('link');
    await expect(hit).toHaveCount(1);
    await expect(hit).toContainText('Trip');
    // The demo agent repeats what it was asked.
    await expect(hit.locator('mark')).toHaveText(['café', 'Lisbon', 'café', 'Lisbon']);

    // With the keyboard: from the box to the hit.
    await box(reader).press('Tab');
    await expect(reader.page.getByRole('button', { name: /^Commands/ })).toBeFocused();
    await reader.page.keyboard.press('Tab');
    await expect(hit).toBeFocused();
    await hit.press('Enter');
    await expect(reader.page).toHaveURL(`${server.origin}/session/${trip.id}?turn=0`);
    const message = reader.transcript.getByRole('article', { name: 'You' }).first();
    await expect(message).toHaveText('A café in Lisbon, please');
    await expect(message).toBeInViewport();
    await expect(message).toBeFocused();

    // Titles are filtered at once, whatever the messages say.
    await box(reader).fill('cafe build');
    await expect(reader.link(other.id)).toBeVisible();
    await expect(hits(reader)).toContainText('No message has these words.');
    await box(reader).fill('"* nothing-at-all');
    await expect(hits(reader)).toContainText('No message has these words.');
    await box(reader).fill('');
    await expect(hits(reader)).toHaveCount(0);
  }

  // What is deleted is not found, and a hit of it is gone from a list that is open.
  const reader = await tab();
  await box(reader).fill('lisbon');
  await expect(hits(reader).getByRole('link')).toHaveCount(1);
  await server.api('PATCH', `/api/sessions/${trip.id}`, { title: 'Voyage' });
  await expect(hits(reader).getByRole('link')).toContainText('Voyage');
  await server.api('DELETE', `/api/sessions/${trip.id}`);
  await expect(hits(reader).getByRole('link')).toHaveCount(0);
  await elsewhere.close();
});

test('[L11] a search that can’t be done says so; an answer that comes late shows nothing', async ({
  browser,
}) => {
  let port = 0;
  const proxy = await startGateProxy(() => port);
  const server = await startServer({ config: { hosts: [`127.0.0.1:${proxy.port}`] } });
  port = server.port;
  const origin = `http://127.0.0.1:${proxy.port}`;
  const context = await browser.newContext();
  try {
    const session = await server.create('Fruit');
    await server.prompt(session.id, 'apples and pears');
    await idle(server, session.id);
    const reader = await openTab(context, origin, `${origin}/?token=${server.token}`);
    const release = proxy.hold(/^\/api\/search\?q=apples/);
    await box(reader).fill('apples');
    await expect.poll(() => proxy.held).toBe(1);
    await expect(hits(reader)).toContainText('Searching…');
    await box(reader).fill('cherries');
    await expect(hits(reader)).toContainText('No message has these words.');
    release();
    await expect.poll(() => proxy.held).toBe(0);
    await box(reader).fill('pears');
    await expect(hits(reader).getByRole('link')).toHaveCount(1);
    await expect(hits(reader).locator('mark')).toHaveText(['pears', 'pears']);

    await server.kill();
    await box(reader).fill('plums');
    await expect(hits(reader)).toContainText('Messages could not be searched.');
    await server.start();
    await hits(reader).getByRole('button', { name: 'Try again' }).click();
    await expect(hits(reader)).toContainText('No message has these words.');
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
});
