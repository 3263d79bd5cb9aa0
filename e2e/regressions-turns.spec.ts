/** What has bitten others, by its name: turns, ends and requests that were doubled, lost or misplaced. */
import type { Page } from 'playwright/test';
import { openRequests } from '../shared/state.ts';
import { behindProxy } from './fixtures/behind-proxy.ts';
import { cancel, ends, untilStatus } from './fixtures/steps.ts';
import { counted, expect, expectCounted, test, type Tab } from './fixtures/test.ts';
import { witness } from './fixtures/witness.ts';

const permission = (page: Page) => page.getByRole('group', { name: /^Permission/ });

test('[H9] [H10] [O12] an end and a start inside a reconnect gap', async ({ context }) => {
  await behindProxy(context, async ({ server, session, one, two, meanwhile }) => {
    await one.send('/count 100000 50');
    await expect.poll(async () => (await two.numbers()).length).toBeGreaterThan(10);
    let second = '';
    await meanwhile(async () => {
      await cancel(server, session, (await server.row(session.id)).activeTurnId ?? '');
      await untilStatus(server, session, 'idle');
      second = await server.prompt(session.id, '/count 100000 20');
    });
    for (const each of [one, two]) {
      await expect(each.agent()).toHaveCount(2);
      await expect(each.agent(second)).toHaveAttribute('aria-busy', 'true');
      await expect(each.agent().first()).toHaveAttribute('aria-busy', 'false');
      await expect(each.agent().first()).toContainText('Stopped.');
      await expect.poll(async () => (await each.numbers()).length).toBeGreaterThan(5);
    }
    // The other way round: both within one gap, and idle after it.
    await meanwhile(async () => {
      await cancel(server, session, second);
      await untilStatus(server, session, 'idle');
      await server.prompt(session.id, '/count 7');
      await untilStatus(server, session, 'idle');
    });
    for (const each of [one, two]) {
      await expect(each.agent()).toHaveCount(3);
      await expectCounted(each, 7);
      await expect(each.button('Stop')).toHaveCount(0);
      await expect(each.link(session.id)).toHaveAttribute('data-status', 'idle');
    }
  });
});

test('[L3] [O8] an end seen twice', async ({ context }) => {
  await behindProxy(context, async ({ server, session, one, two, meanwhile }) => {
    const other = await server.create('Elsewhere');
    await two.link(other.id).click();
    await one.link(other.id).click();
    await server.prompt(session.id, '/fail');
    for (const each of [one, two]) await expect(each.row(session.id)).toContainText(/unread/i);
    await one.link(session.id).click();
    for (const each of [one, two]) await expect(each.row(session.id)).not.toContainText(/unread/i);
    const clean = await witness(
      one.page,
      ({ text }) => (text.split('What it had written is kept').length > 2 ? 'two ends' : null),
      null,
    );
    const unread = await witness(
      two.page,
      (_, id: string) =>
        document.querySelector(`[data-unread="true"] [data-session-id="${id}"]`) === null
          ? null
          : 'unread again',
      session.id,
    );
    // What the log says again after a reconnect, a reload or in another tab is no new end.
    await meanwhile(async () => {
      expect(await ends(server, session)).toHaveLength(1);
    });
    await meanwhile(async () => {
      await server.prompt(other.id, '/count 3');
      await untilStatus(server, other, 'idle');
    });
    await expect(two.agent()).toHaveCount(1);
    await expect(one.transcript.getByText('What it had written is kept')).toHaveCount(1);
    await clean.expectClean();
    await one.page.reload();
    await expect(one.transcript.getByText('What it had written is kept')).toHaveCount(1);
    await expect(one.row(session.id)).not.toContainText(/unread/i);
    await unread.expectClean();
    expect(await ends(server, session)).toHaveLength(1);
  });
});

test('[O7] a stale approval click answers the next request', async ({ server, tab, browser }) => {
  const session = await server.create('Asks');
  const context = await browser.newContext();
  const [one, two] = [await tab(session.id), await tab(session.id, context)];
  await server.prompt(session.id, '/permission');
  await expect(permission(one.page)).toBeVisible();
  await expect(permission(two.page)).toBeVisible();
  const allow = await permission(one.page)
    .getByRole('button', { name: 'Allow once' })
    .elementHandle();
  const [first] = openRequests((await server.view(session.id)).state);
  await permission(two.page).getByRole('button', { name: 'Reject' }).click();
  await untilStatus(server, session, 'idle');
  await server.prompt(session.id, '/permission');
  await expect.poll(async () => openRequests((await server.view(session.id)).state).length).toBe(1);
  const [second] = openRequests((await server.view(session.id)).state);
  expect(second?.requestId).not.toBe(first?.requestId);
  await expect(permission(one.page)).toHaveCount(1);
  // The finger was already on its way down.
  await allow?.evaluate((button) => (button as HTMLElement).click());
  const stale = await server.api(
    'POST',
    `/api/sessions/${session.id}/requests/${first?.requestId}`,
    { outcome: { outcome: 'selected', optionId: 'allow-once' } },
  );
  expect(stale).toMatchObject({ status: 409, body: { error: { code: 'already_answered' } } });
  expect((await server.row(session.id)).status).toBe('waiting');
  await expect(permission(one.page)).toBeVisible();
  await permission(two.page).getByRole('button', { name: 'Allow once' }).click();
  await untilStatus(server, session, 'idle');
  const said = (await server.view(session.id)).state.turns.map(({ parts }) =>
    parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
  );
  expect(said[0]).toContain('You chose: Reject');
  expect(said[1]).toContain('You chose: Allow once');
  await context.close();
});

test('[O11] an early cancel before the agent answered', async ({ server, tab }) => {
  // The agent's process is not even there when the first prompt comes.
  const session = await server.create('Early');
  const [one, two] = [await tab(session.id), await tab(session.id)];
  for (let round = 1; round <= 4; round += 1) {
    const turnId = await server.prompt(session.id, '/slow 60');
    const answer = await cancel(server, session, turnId);
    expect(answer.status).toBeLessThan(300);
    await untilStatus(server, session, 'idle');
    await expect(two.agent()).toHaveCount(round);
    await expect(one.agent(turnId)).toContainText('Stopped.');
  }
  await one.message.fill('/slow 60');
  await one.button('Send').click();
  await one.button('Stop').click();
  await untilStatus(server, session, 'idle');
  await one.send('/count 6');
  for (const each of [one, two]) {
    await expect(each.agent()).toHaveCount(6);
    await expectCounted(each, 6);
  }
  const reasons = (await ends(server, session)).map((event) => 'reason' in event && event.reason);
  expect(reasons).toEqual([...Array.from({ length: 5 }, () => 'cancelled'), 'end_turn']);
});

test('[L9] [O10] a turn doubled by optimistic text', async ({ server, tab, browser }) => {
  const session = await server.create('Once');
  const context = await browser.newContext();
  const tabs = [await tab(session.id), await tab(session.id), await tab(session.id, context)];
  const witnesses = await Promise.all(
    tabs.map((each) =>
      witness(
        each.page,
        ({ prompts }) => {
          for (let n = 1; n <= 6; n += 1) {
            const found = prompts.filter((text) => text.includes(`say it once, ${n}`));
            if (found.length > 1) return found.join(' | ');
          }
          return null;
        },
        null,
      ),
    ),
  );
  for (let n = 1; n <= 6; n += 1) {
    const each = tabs[n % tabs.length] as Tab;
    await each.message.fill(`say it once, ${n}`);
    // Twice, as an impatient person presses.
    await each.message.press('Enter');
    await each.message.press('Enter');
  }
  await expect.poll(async () => (await server.view(session.id)).state.turns.length).toBe(6);
  for (const [n, each] of tabs.entries()) {
    await expect(each.transcript.getByRole('article', { name: 'You' })).toHaveCount(6);
    await witnesses[n]?.expectClean();
  }
  await context.close();
});

test('[O11] late tokens of a cancelled turn in the next one', async ({ server, tab }) => {
  const session = await server.create('Late');
  const [one, two] = [await tab(session.id), await tab(session.id)];
  for (let round = 1; round <= 3; round += 1) {
    await one.send('/count 100000 2000');
    await expect.poll(async () => (await two.numbers()).length).toBeGreaterThan(100);
    await one.message.fill('/count 9');
    await one.button('Stop and send').click();
    for (const each of [one, two]) {
      await expect(each.agent()).toHaveCount(2 * round);
      await expectCounted(each, 9);
      await expect(each.button('Send')).toBeVisible();
    }
  }
  const { turns } = (await server.view(session.id)).state;
  for (const [at, turn] of turns.entries()) {
    const text = turn.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const numbers = text.trim().split(' ').map(Number);
    expect(numbers).toEqual(counted(numbers.length));
    if (at % 2 === 1) expect(numbers).toHaveLength(9);
  }
});

test('[O12] a spinner after the server is idle', async ({ server, tab, browser }) => {
  const sessions = [await server.create('One'), await server.create('Two')];
  const context = await browser.newContext();
  const tabs = [
    await tab(sessions[0]?.id),
    await tab(sessions[1]?.id),
    await tab(undefined, context),
  ];
  const expectIdle = async () => {
    for (const session of sessions) await untilStatus(server, session, 'idle');
    for (const each of tabs) {
      await expect(each.sessions.locator('[data-status]:not([data-status="idle"])')).toHaveCount(0);
      await expect(each.page.locator('.spinner, [aria-busy="true"]')).toHaveCount(0);
      await expect(each.button('Stop')).toHaveCount(0);
    }
  };
  for (const text of ['/count 3', '/fail', '/crash', '/compact', '/plan']) {
    for (const session of sessions) {
      // After /compact the first id is an alias: still a name of the same session.
      await server.prompt(session.id, text);
    }
    await expectIdle();
  }
  for (const session of sessions) await server.prompt(session.id, '/slow 60');
  for (const session of sessions) await untilStatus(server, session, 'running');
  await server.kill();
  await server.start();
  await expectIdle();
  await context.close();
});
