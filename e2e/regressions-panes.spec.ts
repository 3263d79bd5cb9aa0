/** What has bitten others, by its name: panes that showed, or did, what was another session's. */
import type { Row } from '../shared/row.ts';
import { cancel, ends, untilStatus } from './fixtures/steps.ts';
import { counted, createTab, expect, expectCounted, test, type Tab } from './fixtures/test.ts';
import { witness } from './fixtures/witness.ts';

test('[O4] [O8] a background end idles the active pane', async ({ server, tab, browser }) => {
  const shown = await server.create('Shown');
  const background = await server.create('Background');
  const context = await browser.newContext();
  const tabs = [await tab(shown.id), await tab(shown.id), await tab(shown.id, context)];
  await server.prompt(shown.id, '/count 100000 30');
  const witnesses = [];
  for (const each of tabs) {
    await expect(each.button('Stop')).toBeVisible();
    await expect.poll(async () => (await each.numbers()).length).toBeGreaterThan(3);
    witnesses.push(
      await witness(each.page, ({ busy }) => (busy ? null : 'the pane looked idle'), null),
    );
  }
  for (let round = 0; round < 3; round += 1) {
    await server.prompt(background.id, '/count 5');
    await untilStatus(server, background, 'idle');
  }
  for (const [n, each] of tabs.entries()) {
    await expect(each.row(background.id)).toContainText(/unread/i);
    const before = (await each.numbers()).length;
    await expect.poll(async () => (await each.numbers()).length).toBeGreaterThan(before);
    await witnesses[n]?.expectClean();
    expect(await each.row(shown.id).innerText()).toMatch(/running/);
  }
  await context.close();
});

test('[O4] [O2] a prompt painted on the wrong pane', async ({ server, tab, browser }) => {
  const mine = await server.create('Mine');
  const other = await server.create('Other');
  const context = await browser.newContext();
  const tabs = [await tab(mine.id), await tab(other.id), await tab(other.id, context)];
  const [one] = tabs as [Tab, Tab, Tab];
  const witnesses = await Promise.all(
    tabs.map((each) =>
      witness(
        each.page,
        ({ path, text }, id: string) =>
          path.endsWith(id) && text.includes('hello from') ? `in ${path}: ${text}` : null,
        other.id,
      ),
    ),
  );
  for (let round = 1; round <= 5; round += 1) {
    await one.message.fill(`hello from round ${round}`);
    // Sent and left within one task: the answer comes to a page that shows something else.
    await one.page.evaluate(
      ([from, to]) => {
        const send = [...document.querySelectorAll<HTMLButtonElement>('main button')].find(
          (button) => ['Send', 'Queue'].includes(button.textContent ?? ''),
        );
        if (!location.pathname.endsWith(from ?? '')) throw new Error(location.pathname);
        send?.click();
        document.querySelector<HTMLElement>(`[data-session-id="${to}"]`)?.click();
      },
      [mine.id, other.id],
    );
    await expect(one.page).toHaveURL(new RegExp(`/session/${other.id}$`));
    await expect
      .poll(async () => {
        const { state } = await server.view(mine.id);
        return state.turns.length + state.queue.length + (state.live === null ? 0 : 1);
      })
      .toBe(round);
    await expect(one.message).toHaveValue('');
    await one.link(mine.id).click();
    await expect(one.transcript).toContainText(`hello from round ${round}`);
  }
  for (const each of witnesses) await each.expectClean();
  expect((await server.view(other.id)).state.seq).toBe(0);
  await context.close();
});

test('[O3] [O11] cancel hits the pane’s turn instead of the row’s', async ({
  server,
  tab,
  browser,
}) => {
  const shown = await server.create('Shown');
  const other = await server.create('Other');
  const context = await browser.newContext();
  const [one, two] = [await tab(shown.id), await tab(shown.id, context)];
  const turnId = await server.prompt(shown.id, '/count 100000 30');
  for (const each of [one, two]) {
    await server.prompt(other.id, '/slow 60');
    await expect(each.button('Stop')).toBeVisible();
    await each.row(other.id).getByRole('button', { name: 'Stop' }).click();
    await untilStatus(server, other, 'idle');
    expect((await server.row(shown.id)).activeTurnId).toBe(turnId);
    await expect(each.button('Stop')).toBeVisible();
  }
  expect(await ends(server, shown)).toHaveLength(0);
  const reasons = (await ends(server, other)).map((event) => 'reason' in event && event.reason);
  expect(reasons).toEqual(['cancelled', 'cancelled']);
  await context.close();
});

test('[O6] [O2] a fresh root tab looks busy', async ({ server, context, tab, browser }) => {
  const sessions = [await server.create('One'), await server.create('Two')];
  const first = await tab(sessions[0]?.id);
  for (const session of sessions) await server.prompt(session.id, '/count 100000 30');
  await expect(first.button('Stop')).toBeVisible();
  const elsewhere = await browser.newContext();
  for (const where of [context, elsewhere]) {
    if (where === elsewhere) await where.newPage().then((page) => page.goto(server.link));
    const page = await where.newPage();
    const clean = await witness(
      page,
      ({ path, busy, prompts }) =>
        path === '/' && (busy || prompts.length > 0) ? `busy: ${prompts.join()}` : null,
      null,
      'load',
    );
    await page.goto(server.origin);
    const home = createTab(page);
    for (const session of sessions) {
      await expect(home.link(session.id)).toHaveAttribute('data-status', 'running');
    }
    await expect(page.getByRole('textbox', { name: 'First message' })).toBeEnabled();
    await page.reload();
    await expect(home.link(sessions[0]?.id ?? '')).toHaveAttribute('data-status', 'running');
    await clean.expectClean();
  }
  await elsewhere.close();
});

test('[O4] [O12] an idle session inherits the spinner during its load', async ({ server, tab }) => {
  const busy = await server.create('Busy');
  const idle = [];
  for (const title of ['Idle 1', 'Idle 2', 'Idle 3', 'Idle 4']) {
    const session = await server.create(title);
    await server.prompt(session.id, '/markdown 8');
    await untilStatus(server, session, 'idle');
    idle.push(session);
  }
  await server.prompt(busy.id, '/count 100000 100');
  const [one, two] = [await tab(busy.id), await tab()];
  for (const each of [one, two]) {
    const clean = await witness(
      each.page,
      ({ path, busy: looksBusy }, id: string) =>
        looksBusy && !path.endsWith(id) ? `${path} looked busy` : null,
      busy.id,
    );
    for (const session of idle) {
      await each.link(busy.id).click();
      await expect(each.button('Stop')).toBeVisible();
      await each.link(session.id).click();
      await expect(each.page.getByRole('heading', { name: session.title, level: 1 })).toBeVisible();
      await expect(each.agent()).toHaveCount(1);
      await expect(each.button('Send')).toBeVisible();
    }
    await clean.expectClean();
  }
});

test('[O4] [T5] a scheduled render writes into the pane switched to', async ({ server, tab }) => {
  const streaming = await server.create('Streaming');
  const quiet = await server.create('Quiet');
  await server.prompt(quiet.id, 'just words');
  await untilStatus(server, quiet, 'idle');
  await server.prompt(streaming.id, '/count 100000 500');
  const one = await tab(streaming.id);
  await expect.poll(async () => (await one.numbers()).length).toBeGreaterThan(50);
  const clean = await witness(
    one.page,
    ({ heading, text }) => {
      if (heading === 'Quiet' && text.includes('1 2 3 4')) return 'numbers in Quiet';
      if (heading === 'Streaming' && text.includes('just words')) return 'words in Streaming';
      return null;
    },
    null,
  );
  // Switches at every moment of a frame, from within: nothing in between to wait for.
  await one.page.evaluate(
    ([a, b]) =>
      new Promise<void>((resolve) => {
        let left = 60;
        const link = (id?: string) =>
          document.querySelector<HTMLElement>(`[data-session-id="${id}"]`)?.click();
        const step = (): void => {
          left -= 1;
          link(left % 2 === 0 ? a : b);
          if (left === 0) resolve();
          else if (left % 3 === 0) requestAnimationFrame(step);
          else setTimeout(step, left % 7);
        };
        step();
      }),
    [streaming.id, quiet.id],
  );
  await expect(one.page.getByRole('heading', { name: 'Streaming', level: 1 })).toBeVisible();
  const { activeTurnId } = await server.row(streaming.id);
  await cancel(server, streaming, activeTurnId ?? '');
  await expect(one.link(streaming.id)).toHaveAttribute('data-status', 'idle');
  const shown = await one.numbers();
  expect(shown).toEqual(counted(shown.length));
  await clean.expectClean();
});

test('[O10] [O4] the queue drains into the viewed session', async ({ server, tab, browser }) => {
  const owner = await server.create('Owner');
  const viewed = await server.create('Viewed');
  const context = await browser.newContext();
  const [one, two] = [await tab(owner.id), await tab(viewed.id, context)];
  await one.send('/count 100000 50');
  await expect(one.button('Queue').or(one.button('Stop')).first()).toBeVisible();
  for (const text of ['first in line', 'second in line']) {
    await one.message.fill(text);
    await one.button('Queue').click();
    await expect(one.page.getByRole('list', { name: 'Queue' })).toContainText(text);
  }
  await one.link(viewed.id).click();
  await expect(one.page.getByRole('heading', { name: 'Viewed', level: 1 })).toBeVisible();
  const witnesses = await Promise.all(
    [one, two].map((each) =>
      witness(
        each.page,
        ({ text, busy }) => (busy || text.includes('in line') ? text : null),
        null,
      ),
    ),
  );
  // The agent's own end: a cancel would hold the queue.
  const crowd = await server.view(owner.id);
  await server.api('POST', `/api/sessions/${owner.id}/turns/${crowd.row.activeTurnId}/cancel`);
  await untilStatus(server, owner, 'idle');
  const held = (await server.view(owner.id)).state.queue;
  expect(held.map(({ held: waits }) => waits)).toEqual([true, true]);
  for (const { turnId } of held) {
    await server.api('POST', `/api/sessions/${owner.id}/turns/${turnId}/start`);
    await expect
      .poll(async () => (await server.view(owner.id)).state.turns.at(-1)?.turnId)
      .toBe(turnId);
  }
  await server.prompt(owner.id, '/count 200 100');
  await server.prompt(owner.id, 'third in line');
  await expect.poll(async () => (await server.view(owner.id)).state.turns.length).toBe(5);
  for (const each of witnesses) await each.expectClean();
  expect((await server.view(viewed.id)).state.seq).toBe(0);
  await one.link(owner.id).click();
  const yours = one.transcript.getByRole('article', { name: 'You' });
  await expect(yours).toHaveText([
    '/count 100000 50',
    'first in line',
    'second in line',
    '/count 200 100',
    'third in line',
  ]);
  await context.close();
});

test('[O2] [O6] a shared ‘current session’ yanks other tabs', async ({ server, tab, browser }) => {
  const sessions = [await server.create('A'), await server.create('B'), await server.create('C')];
  const [a, b, c] = sessions as [Row, Row, Row];
  const context = await browser.newContext();
  const [one, two, home, far] = [
    await tab(a.id),
    await tab(b.id),
    await tab(),
    await tab(b.id, context),
  ];
  const heading = (each: Tab, name: string) =>
    expect(each.page.getByRole('heading', { name, level: 1, exact: true })).toBeVisible();
  const check = async (titleOfTwo: string) => {
    await heading(one, 'A');
    await heading(two, titleOfTwo);
    await heading(home, 'What should an agent do?');
    await heading(far, 'B');
    await expect(one.page).toHaveURL(new RegExp(`/session/${a.id}$`));
    await expect(home.page).toHaveURL(`${server.origin}/`);
  };
  await check('B');
  await two.link(c.id).click();
  await check('C');
  await server.prompt(c.id, '/count 20 40');
  // Two tabs on two sessions reload at once.
  await Promise.all([one, two, home, far].map((each) => each.page.reload()));
  await check('C');
  // A duplicated tab: the browser copies the session storage and the address.
  const storage = await two.page.evaluate(() => Object.fromEntries(Object.entries(sessionStorage)));
  const twin = await two.page.context().newPage();
  await twin.addInitScript((items) => {
    for (const [key, value] of Object.entries(items)) sessionStorage.setItem(key, value);
  }, storage);
  await twin.goto(two.page.url());
  await heading(createTab(twin), 'C');
  await two.link(b.id).click();
  await heading(two, 'B');
  await heading(createTab(twin), 'C');
  await untilStatus(server, c, 'idle');
  await expectCounted(createTab(twin), 20);
  await context.close();
});
