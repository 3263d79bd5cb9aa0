/** Going from session to session: each pane is its own session's, and is found as it was left. */
import { startGateProxy } from './fixtures/gate-proxy.ts';
import { startServer } from './fixtures/server.ts';
import { expect, openTab, test, type Tab } from './fixtures/test.ts';

const scrollTop = (tab: Tab) =>
  tab.transcript.evaluate((log) => (log.parentElement as HTMLElement).scrollTop);

test('[O5] back to a running session: at once, with no request and no new stream, as it was left', async ({
  browser,
}) => {
  let port = 0;
  const proxy = await startGateProxy(() => port);
  const server = await startServer({ config: { hosts: [`127.0.0.1:${proxy.port}`] } });
  port = server.port;
  const origin = `http://127.0.0.1:${proxy.port}`;
  const context = await browser.newContext();
  try {
    const busy = await server.create('Busy');
    await server.prompt(busy.id, '/tool');
    for (let n = 0; n < 12; n += 1) await server.prompt(busy.id, `/count ${200 + n} 0`);
    await server.prompt(busy.id, '/count 100000 60');
    const other = await server.create('Other');
    await server.prompt(other.id, '/count 20 0');
    const one = await openTab(context, origin, `${origin}/?token=${server.token}`, other.id);
    await one.link(busy.id).click();
    await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(20);

    // A place in the middle, an open card, a half-typed message.
    await one.message.fill('half a thou');
    const card = one.transcript.locator('details').first();
    await card.locator('summary').first().click();
    await expect(card).toHaveAttribute('open');
    await one.transcript.evaluate((log) => {
      (log.parentElement as HTMLElement).scrollTop = 60;
    });
    await expect(one.button('New messages below')).toBeVisible();
    expect(await scrollTop(one)).toBe(60);

    await one.link(other.id).click();
    await expect(one.agent()).toHaveCount(1);
    await expect(one.message).toHaveValue('');
    const from = proxy.requests.length;
    const streams = (await server.diagnostics()).streams.sessions[busy.id];
    for (let round = 0; round < 3; round += 1) {
      const before = one.page.evaluate(
        (title) =>
          new Promise<string>((resolve) => {
            const seen = new MutationObserver(() => {
              const shown = document.querySelector('main h1')?.textContent === title;
              if (!shown) return;
              seen.disconnect();
              // What is there in the very step that shows the session.
              resolve(document.querySelector('[role=log]')?.textContent ?? '');
            });
            seen.observe(document.body, { childList: true, subtree: true, characterData: true });
          }),
        'Busy',
      );
      await one.link(busy.id).click();
      expect(await before).toContain('greeting');
      expect(await scrollTop(one)).toBe(60);
      await expect(card).toHaveAttribute('open');
      await expect(one.message).toHaveValue('half a thou');
      await expect(one.button('Stop')).toBeVisible();
      await one.link(other.id).click();
      await expect(one.agent()).toHaveCount(1);
    }
    // Only marks of what was read; Chromium asks for the icon at each new address.
    const asked = proxy.requests.slice(from).filter((line) => /^(?!PATCH)\w+ \/api\//.test(line));
    expect(asked).toEqual([]);
    expect((await server.diagnostics()).streams.sessions[busy.id]).toBe(streams);
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
});

test('[O4] [O12] while a session loads slowly its pane has nothing of the one before: no spinner, queue or Stop', async ({
  browser,
}) => {
  let port = 0;
  const proxy = await startGateProxy(() => port);
  const server = await startServer({ config: { hosts: [`127.0.0.1:${proxy.port}`] } });
  port = server.port;
  const origin = `http://127.0.0.1:${proxy.port}`;
  const context = await browser.newContext();
  try {
    const busy = await server.create('Busy');
    await server.prompt(busy.id, '/count 100000 40');
    await server.prompt(busy.id, 'waits in line');
    const calm = await server.create('Calm');
    await server.prompt(calm.id, '/count 7 0');
    await expect.poll(async () => (await server.row(calm.id)).status).toBe('idle');
    const one = await openTab(context, origin, `${origin}/?token=${server.token}`, busy.id);
    const two = await openTab(context, origin, `${origin}/?token=${server.token}`, busy.id);
    for (const each of [one, two]) {
      await expect(each.button('Stop')).toBeVisible();
      await expect(each.page.getByRole('list', { name: 'Queue' })).toBeVisible();
    }

    const release = proxy.hold(new RegExp(`^/api/sessions/${calm.id}(/|\\?|$)`));
    await one.link(calm.id).click();
    await expect.poll(() => proxy.held).toBeGreaterThan(0);
    await expect(one.page.getByRole('heading', { name: 'Calm', level: 1 })).toBeVisible();
    const main = one.page.getByRole('main');
    const nothingOfBusy = async () => {
      await expect(one.button('Stop')).toHaveCount(0);
      await expect(main.locator('.spinner')).toHaveCount(0);
      await expect(main.getByRole('list', { name: 'Queue' })).toHaveCount(0);
      await expect(main).not.toContainText('waits in line');
      await expect(one.agent()).toHaveCount(0);
    };
    await nothingOfBusy();
    // The other session goes on all the while, in the other tab and in its row.
    const numbers = (await two.numbers()).length;
    await expect.poll(async () => (await two.numbers()).length).toBeGreaterThan(numbers + 20);
    await expect(one.link(busy.id)).toHaveAttribute('data-status', 'running');
    await nothingOfBusy();

    release();
    await expect(one.agent()).toHaveText(/1 2 3 4 5 6 7/);
    await expect(one.button('Stop')).toHaveCount(0);
    await expect(main.locator('.spinner')).toHaveCount(0);
    await expect(one.button('Send')).toBeVisible();
    expect((await server.row(busy.id)).status).toBe('running');
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
});
