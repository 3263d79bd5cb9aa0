/** What dies and comes back: the server, the agent, the network. Nothing that was shown is lost. */
import { startFaultProxy } from './fixtures/fault-proxy.ts';
import { agentText, startServer } from './fixtures/server.ts';
import { counted, createTab, expect, expectCounted, openTab, test } from './fixtures/test.ts';

test('[L10] [L2] [P66] SIGKILL of the server mid-turn: what any tab had shown is there, the turn is interrupted, a new prompt works', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const tabs = [await tab(session.id), await tab(session.id)];
  const [one, two] = tabs;
  await one?.send('/count 2000 100');
  await expect.poll(async () => (await two!.numbers()).length).toBeGreaterThan(60);
  await server.kill();
  const shown = Math.max(
    ...(await Promise.all(tabs.map((each) => each.numbers()))).map((n) => n.length),
  );
  for (const each of tabs) await expect(each.status).toContainText(/reconnecting/i);
  const gone = one!.page.getByRole('region', { name: 'The server cannot be reached' });
  await expect(gone).toContainText(/what you typed.*Lost \d+ s ago/s);
  await server.start();
  await expect(gone).toHaveCount(0);
  for (const each of tabs) {
    await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
    await expect(each.status).toContainText('live');
    await expect(each.button('Stop')).toHaveCount(0);
    const after = await each.numbers();
    expect(after.length).toBeGreaterThanOrEqual(shown);
    expect(after).toEqual(counted(after.length));
  }
  const { state } = await server.view(session.id);
  expect(state.turns).toHaveLength(1);
  expect(state.turns[0]?.end?.reason).toBe('interrupted');
  await expect(one!.agent().last()).toContainText(/stopped while this turn ran/i);

  await one?.send('/count 5');
  await expect(two!.agent()).toHaveCount(2);
  await expectCounted(two!, 5);
  const log = await server.log(session.id);
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.filter((event) => event.type === 'turn.ended')).toHaveLength(2);
});

test('an agent that crashes ends its turn with the reason, and the next prompt works', async ({
  server,
  tab,
}) => {
  const session = await server.create();
  const [one, two] = [await tab(session.id), await tab(session.id)];
  await one.send('/crash');
  for (const each of [one, two]) {
    await expect(each.agent().last()).toContainText(/exited|died|ended unexpectedly|stopped/i);
    await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
  }
  expect((await server.view(session.id)).state.turns[0]?.end).toMatchObject({
    reason: 'failed',
    error: { code: 'agent_exited' },
  });
  await one.send('/count 5');
  await expect(two.agent()).toHaveCount(2);
  await expectCounted(two, 5);
});

test('[H8] [H10] a network that is cut mid-turn: the page says so, and goes on without a gap', async ({
  browser,
}) => {
  let port = 0;
  const proxy = await startFaultProxy(() => port);
  const origin = `http://127.0.0.1:${proxy.port}`;
  // The server must know the name it is called by (A2).
  const server = await startServer({ config: { hosts: [`127.0.0.1:${proxy.port}`] } });
  port = server.port;
  const context = await browser.newContext();
  try {
    const session = await server.create();
    const one = await openTab(context, origin, `${origin}/?token=${server.token}`, session.id);
    await expect(one.status).toContainText('live');
    await one.send('/count 400 60');
    await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(20);
    proxy.cut();
    await expect(one.status).toContainText(/reconnecting/i);
    const before = (await one.numbers()).length;
    expect((await server.row(session.id)).status).toBe('running');
    proxy.mend();
    await expect(one.status).toContainText('live');
    await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(before);
    await expectCounted(one, 400);
    const log = await server.log(session.id);
    const turnId = log[0]?.type === 'turn.queued' ? log[0].turnId : '';
    expect(agentText(session.logId, log, turnId).trim().split(' ').map(Number)).toEqual(
      counted(400),
    );
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
});

test('[T3] without SharedWorker the hub runs in the page, with the same transcript', async ({
  server,
  browser,
}) => {
  const context = await browser.newContext();
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  const session = await server.create();
  const one = await openTab(context, server.origin, server.link, session.id);
  const two = createTab(await context.newPage());
  await two.page.goto(`${server.origin}/session/${session.id}`);
  await one.send('/count 200 100');
  await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(10);
  await one.page.reload();
  await Promise.all([expectCounted(one, 200), expectCounted(two, 200)]);
  await context.close();
});

test('[A2] without the cookie there is the sign-in page, and the printed token or link signs in', async ({
  server,
  browser,
}) => {
  const session = await server.create('Private');
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.origin}/session/${session.id}`);
  await expect(page.getByRole('heading', { name: 'Sign in to tabcast' })).toBeVisible();
  await expect(page.getByText('Private')).toHaveCount(0);
  await page.getByLabel('Token').fill('not the token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('look in the terminal');
  await page.getByLabel('Token').fill(server.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Private' })).toBeVisible();
  await context.clearCookies();
  await page.goto(server.link);
  await page.goto(`${server.origin}/session/${session.id}`);
  await expect(page.getByRole('heading', { name: 'Private' })).toBeVisible();
  await context.close();
});
