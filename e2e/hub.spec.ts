/** `/hub`: what the page says of the hub, held against what the server and the tabs really do. */
import { expect, openTab, test } from './fixtures/test.ts';

test('[P60] [P62] [P63] streams, tabs and rates are there by address and by the corner, and live', async ({
  server,
  tab,
}) => {
  const [a, idle] = [await server.create('Port the parser'), await server.create('Idle one')];
  await tab(a.id);
  const shown = await tab(idle.id);
  const turn = await server.prompt(a.id, '/count 5000 100');
  await shown.status.getByRole('link').click();
  const { page } = shown;
  await expect(page).toHaveURL(/\/hub$/);
  await expect(page).toHaveTitle(/^Hub · (1 running · )?tabcast$/);
  await expect(page.getByRole('heading', { name: 'Hub', level: 1 })).toBeVisible();
  // Of the session that runs there is one stream, whoever shows it, besides the lane.
  const streams = page.getByRole('table', { name: 'Streams' });
  const row = streams.getByRole('row', { name: /Port the parser/ });
  await expect(row).toContainText('stream of its own');
  await expect(row.getByRole('cell').nth(3)).toHaveText(/^[1-9]\d*(\.\d)?\/s$/);
  await expect(
    page.getByText('The server counts 2 streams of yours, as this hub does.'),
  ).toBeVisible();
  expect((await server.diagnostics()).streams).toMatchObject({ lanes: 1, own: 1 });
  const tabs = page.getByRole('table', { name: 'Tabs' });
  await expect(tabs.getByRole('row', { name: /this tab/ })).toContainText('no session');
  await expect(tabs.getByRole('row', { name: /Port the parser/ })).toContainText(
    /level|behind|event/,
  );
  await expect(page.locator('.hub-flow')).not.toHaveCount(0);

  // By its address as well, and it says what is so, not what was.
  await page.reload();
  await expect(row).toContainText('stream of its own');
  await server.api('POST', `/api/sessions/${a.id}/turns/${turn}/cancel`);
  await expect(row).toContainText('no stream: idle');
  await expect(
    page.getByText('The server counts 1 stream of yours, as this hub does.'),
  ).toBeVisible();
  await row.getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/session/${a.id}$`));
});

test('[P63] [P61] another browser’s hub is not shown, but its stream is counted', async ({
  server,
  tab,
  browser,
}) => {
  const session = await server.create('Everywhere');
  await server.prompt(session.id, '/count 5000 20');
  const other = await browser.newContext();
  await openTab(other, server.origin, server.link, session.id);
  const { page } = await tab(session.id);
  await page.goto(`${server.origin}/hub`);
  await expect(
    page.getByText(/The server counts 4 streams of yours; this hub has 2\./),
  ).toBeVisible();
  // Its header row besides.
  await expect(page.getByRole('table', { name: 'Tabs' }).getByRole('row')).toHaveCount(2);
  await other.close();
});
