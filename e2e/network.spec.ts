/** The network fails for a second, for twenty, or falls silent: said when it matters, and nothing is lost. */
import { setTimeout as pass } from 'node:timers/promises';
import type { Row } from '../shared/row.ts';
import { startFaultyServer, type FaultProxy } from './fixtures/fault-proxy.ts';
import { agentText, type TestServer } from './fixtures/server.ts';
import { counted, expect, openTab, test as base, type Tab } from './fixtures/test.ts';

/** Longer than any outage: the turn goes on when the tabs are back. */
const PROMPT = '/count 100000 60';
/** 2.5 heartbeats (H7), and how often an open stream is looked at. */
const SILENCE_MS = 30_000;
/** Within 5 s a tab that is looked at is live again after the network is (H8); a busy machine adds to it. */
const BACK_MS = 8_000;

interface World {
  server: TestServer;
  proxy: FaultProxy;
  session: Row;
  tabs: [Tab, Tab];
  /** The most streams that the server had open at once, in all and of one session. */
  most: { streams: number; perSession: number };
}

const test = base.extend<{ world: World }>({
  world: async ({ context }, use) => {
    const { server, ways, link, close } = await startFaultyServer(1);
    const [way] = ways;
    if (way === undefined) throw new Error('no way');
    const session = await server.create();
    const open = (): Promise<Tab> => openTab(context, way.origin, link(0), session.id);
    const tabs: [Tab, Tab] = [await open(), await open()];
    for (const tab of tabs) await expect(tab.status).toHaveText('live');
    const most = { streams: 0, perSession: 0 };
    const watch = { done: false };
    const watching = (async () => {
      while (!watch.done) {
        const { lanes, own, sessions } = (await server.diagnostics()).streams;
        most.streams = Math.max(most.streams, lanes + own);
        most.perSession = Math.max(most.perSession, ...Object.values(sessions));
        await pass(20);
      }
    })();
    await tabs[0].send(PROMPT);
    for (const tab of tabs) {
      await expect.poll(async () => (await tab.numbers()).length).toBeGreaterThan(20);
    }
    await use({ server, proxy: way.proxy, session, tabs, most });
    watch.done = true;
    await watching;
    await close();
  },
});
test.setTimeout(150_000);

const streamsOf = async ({ server, session }: World) => {
  const { streams } = await server.diagnostics();
  return { lanes: streams.lanes, session: streams.sessions[session.id] ?? 0 };
};

/** @returns milliseconds until every tab says that it is live and shows more than it did */
async function untilLive({ tabs }: World, timeout: number): Promise<number> {
  const began = Date.now();
  const each = async (tab: Tab): Promise<void> => {
    const before = (await tab.numbers()).length;
    await expect(tab.status).toHaveText('live', { timeout });
    const left = Math.max(1, timeout - (Date.now() - began));
    await expect
      .poll(async () => (await tab.numbers()).length, { timeout: left, intervals: [50] })
      .toBeGreaterThan(before);
  };
  await Promise.all(tabs.map(each));
  return Date.now() - began;
}

/** Both tabs show the first turn whole, as the log has it, and one stream each of lane and session is left. */
async function expectWhole(world: World): Promise<void> {
  const { server, session, tabs, most } = world;
  await expect.poll(() => streamsOf(world)).toEqual({ lanes: 1, session: 1 });
  const turnId = (await server.row(session.id)).activeTurnId ?? '';
  await server.api('POST', `/api/sessions/${session.id}/turns/${turnId}/cancel`);
  for (const tab of tabs) {
    await expect(tab.link(session.id)).toHaveAttribute('data-status', 'idle');
  }
  const said = agentText(session.logId, await server.log(session.id), turnId);
  const numbers = said.trim().split(' ').map(Number);
  expect(numbers).toEqual(counted(numbers.length));
  for (const tab of tabs) {
    await expect(async () => {
      const shown = (await tab.agent(turnId).textContent()) ?? '';
      expect([...shown.matchAll(/\b\d+\b/g)].map(([digits]) => Number(digits))).toEqual(numbers);
    }).toPass();
  }
  await expect.poll(() => streamsOf(world)).toEqual({ lanes: 1, session: 0 });
  expect(most).toEqual({ streams: 2, perSession: 1 });
}

/** How often the session got that prompt. Not from the log: a reader of it counts as a stream while the turn runs. */
async function promptsOf({ server, session }: World, text: string): Promise<number> {
  const { turns, live, queue } = (await server.view(session.id)).state;
  const prompts = [...turns, live, ...queue].map((entry) => JSON.stringify(entry?.prompt ?? []));
  return prompts.filter((prompt) => prompt.includes(text)).length;
}

test('[H8] [H10] cut for a second: both tabs go on within 5 s, without a gap or a repeat', async ({
  world,
}) => {
  world.proxy.cut();
  await pass(1_000);
  world.proxy.mend();
  note('live again', await untilLive(world, BACK_MS));
  await expectWhole(world);
});

test('[H8] [H10] [L9] cut for 20 s: said, a message is kept and then sent once, live within 5 s of the network', async ({
  world,
}) => {
  const { proxy, tabs } = world;
  const [one, two] = tabs;
  const cutAt = Date.now();
  proxy.cut();
  for (const tab of tabs) await expect(tab.status).toContainText('reconnecting');
  await one.message.fill('Sent in the dark');
  await one.button('Queue').click();
  const notSent = one.page.getByRole('alert').filter({ hasText: 'The message was not sent' });
  await expect(notSent).toContainText('cannot be reached');
  await expect(one.message).toHaveValue('Sent in the dark');
  await pass(Math.max(0, 20_000 - (Date.now() - cutAt)));
  for (const tab of tabs) await expect(tab.status).toContainText('reconnecting');
  proxy.mend();
  note('live again', await untilLive(world, BACK_MS));
  expect(await promptsOf(world, 'Sent in the dark')).toBe(0);
  await one.button('Queue').click();
  await expect(one.message).toHaveValue('');
  await expect(two.page.getByRole('list', { name: 'Queue' })).toContainText('Sent in the dark');
  expect(await promptsOf(world, 'Sent in the dark')).toBe(1);
  await expectWhole(world);
});

test('[H7] [H10] [L9] half-open: the silence is noticed and said, a message is sent once, live soon after', async ({
  world,
}) => {
  const { proxy, tabs } = world;
  const [one, two] = tabs;
  proxy.stall();
  const silentAt = Date.now();
  await one.message.fill('Sent into the silence');
  await one.button('Queue').click();
  await expect(one.page.getByText('Sending: Sent into the silence')).toBeVisible();
  for (const tab of tabs) {
    await expect(tab.status).toContainText('reconnecting', { timeout: SILENCE_MS + 2_000 });
  }
  note('noticed', Date.now() - silentAt);
  // What is tried while it is silent hangs too.
  await pass(3_000);
  proxy.mend();
  note('live again', await untilLive(world, 60_000));
  await expect(two.page.getByRole('list', { name: 'Queue' })).toContainText(
    'Sent into the silence',
    { timeout: 40_000 },
  );
  await expect(one.message).toHaveValue('');
  expect(await promptsOf(world, 'Sent into the silence')).toBe(1);
  await expectWhole(world);
});

function note(type: string, ms: number): void {
  test.info().annotations.push({ type, description: `${ms} ms` });
}
