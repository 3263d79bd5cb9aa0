/** A tab that the browser froze: the hub keeps nothing for it, and it finds its way back. Chromium only: it is told to freeze over DevTools. */
import { join } from 'node:path';
import { chromium, type CDPSession, type Page } from 'playwright/test';
import { deliveriesOf, recordDeliveries } from './fixtures/deliveries.ts';
import { BUSY, privateBytes, processOf } from './fixtures/memory.ts';
import { launchPlainChromium, type PlainChromium } from './fixtures/plain-chromium.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { attachSharedWorker, type WorkerSession } from './fixtures/shared-worker.ts';
import { expect, expectCounted, openTab, test as base, type Tab } from './fixtures/test.ts';

const FLOOD = 10_000;
const LIMIT = 10e6;

/** In the worker: its ends of the deliveries ports, the and how many of them it closed. */
const NOTE_PORTS = `
  globalThis.deliveryPorts = [];
  globalThis.closedPorts = 0;
  const { postMessage, close } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message.hubId !== undefined && !deliveryPorts.includes(this)) deliveryPorts.push(this);
    postMessage.call(this, message, ...rest);
  };
  MessagePort.prototype.close = function () {
    if (deliveryPorts.includes(this)) closedPorts += 1;
    close.call(this);
  };
`;

interface Fixtures {
  plain: PlainChromium;
  /** Tabs of that browser: the first made the worker and shows home, the others show one session. */
  world: World;
}

interface World {
  server: TestServer;
  sessionId: string;
  watching: Tab;
  frozen: FreezableTab;
  worker: WorkerSession;
}

interface FreezableTab extends Tab {
  cdp: CDPSession;
  freeze(): Promise<void>;
  /** And looks at it. */
  thaw(): Promise<void>;
}

const test = base.extend<Fixtures>({
  plain: async ({ launchOptions }, use) => {
    const plain = await launchPlainChromium(
      launchOptions.executablePath ?? chromium.executablePath(),
    );
    await use(plain);
    await plain.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    const command = process.execPath;
    const agent = { id: 'bench', command, args: [join(import.meta.dirname, 'bench/agent.mjs')] };
    const server = await startServer({ config: { agents: [agent] } });
    await use(server);
    await server.stop();
  },
  world: async ({ plain, server }, use) => {
    const { context, browser } = plain;
    await recordDeliveries(context);
    const { id } = await server.create();
    const open = (sessionId?: string): Promise<Tab> =>
      openTab(context, server.origin, server.link, sessionId);
    await open();
    const worker = await attachSharedWorker(browser, server.origin);
    await worker.call('Runtime.evaluate', { expression: NOTE_PORTS });
    const watching = await open(id);
    const frozen = await freezable(await open(id), watching);
    // Something to stand on.
    await flood(server, id, 50);
    await expectCounted(frozen, 50);
    await use({ server, sessionId: id, watching, frozen, worker });
  },
});

async function freezable(tab: Tab, other: Tab): Promise<FreezableTab> {
  const cdp = await tab.page.context().newCDPSession(tab.page);
  return {
    ...tab,
    cdp,
    async freeze() {
      await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
      expect(await tab.page.evaluate(() => document.visibilityState)).toBe('hidden');
    },
    async thaw() {
      await cdp.send('Page.setWebLifecycleState', { state: 'active' });
      // A tab that is in front already is not shown anew.
      await other.page.bringToFront();
      await tab.page.bringToFront();
    },
  };
}

/** @returns when the turn is settled at the server: each number is an event */
async function flood(server: TestServer, sessionId: string, events: number): Promise<void> {
  const turnId = await server.prompt(sessionId, `/flood ${events} 0`);
  await expect
    .poll(async () => (await server.view(sessionId)).state.turns.at(-1)?.turnId)
    .toBe(turnId);
  const log = await server.log(sessionId);
  const updates = log.filter((event) => event.type === 'update' && event.turnId === turnId);
  expect(updates).toHaveLength(events);
}

interface Footprint {
  workerHeap: number;
  workerProcess: number;
  tabHeap: number;
  tabProcess: number;
}

/** Bytes, after garbage collection. */
async function createMeter(
  plain: PlainChromium,
  { worker, frozen }: World,
): Promise<() => Promise<Footprint>> {
  const { browser } = plain;
  const workerPid = await processOf(browser, () =>
    worker.call('Runtime.evaluate', { expression: BUSY }),
  );
  const tabPid = await processOf(browser, () => frozen.page.evaluate(BUSY));
  expect(tabPid).not.toBe(workerPid);
  return async () => {
    await frozen.cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await frozen.cdp.send('Runtime.getHeapUsage');
    return {
      workerHeap: await worker.heap(),
      workerProcess: await privateBytes(workerPid),
      tabHeap: usedSize,
      tabProcess: await privateBytes(tabPid),
    };
  };
}

function growth(before: Footprint, after: Footprint): Footprint {
  return {
    workerHeap: after.workerHeap - before.workerHeap,
    workerProcess: after.workerProcess - before.workerProcess,
    tabHeap: after.tabHeap - before.tabHeap,
    tabProcess: after.tabProcess - before.tabProcess,
  };
}

function expectSmall(grown: Footprint): void {
  for (const [what, bytes] of Object.entries(grown)) expect(bytes, what).toBeLessThan(LIMIT);
}

test('[H4] [H6] a tab frozen under 10,000 events costs nothing, and catches up in one batch @needs-cdp @alone', async ({
  plain,
  world,
}) => {
  const { server, sessionId, watching, frozen, worker } = world;
  const meter = await createMeter(plain, world);
  await frozen.freeze();
  const before = await meter();
  const { batches: asleep, attaches } = await deliveriesOf(frozen.page);

  await flood(server, sessionId, FLOOD);
  await watching.page.bringToFront();
  await expectCounted(watching, FLOOD);
  expect((await deliveriesOf(frozen.page)).batches).toEqual(asleep);
  expectSmall(growth(before, await meter()));

  await frozen.thaw();
  await expectCounted(frozen, FLOOD);
  const { batches, attaches: now } = await deliveriesOf(frozen.page);
  expect(now).toEqual(attaches);
  // The first is what was in flight when the flood began.
  const caughtUp = batches.slice(asleep.length + 1).filter(({ seq }) => seq !== null);
  const { lastSeq } = await server.row(sessionId);
  expect(caughtUp).toEqual([{ n: expect.any(Number), seq: lastSeq }]);
  expectSmall(growth(before, await meter()));

  // A message for each event would be seen by this meter.
  await frozen.freeze();
  const again = await meter();
  await worker.call('Runtime.evaluate', {
    expression: `for (let seq = 1; seq <= ${FLOOD}; seq += 1) {
      const batch = { n: seq, pane: { kind: 'events', events: [{ seq, text: seq + ' ' }] } };
      for (const port of deliveryPorts) port.postMessage(batch);
    }`,
  });
  await expect
    .poll(async () => (await meter()).tabProcess)
    .toBeGreaterThan(again.tabProcess + LIMIT);
});

test('[H5] [T4] a tab frozen beyond its lease attaches again at its own cursor, and shows no difference @needs-cdp @alone', async ({
  world,
}) => {
  test.setTimeout(120_000);
  const { server, sessionId, frozen, worker } = world;
  const closedPorts = async (): Promise<unknown> => {
    const { result } = await worker.call('Runtime.evaluate', { expression: 'closedPorts' });
    return (result as { value?: unknown }).value;
  };
  const shown = await watchWords(frozen.page);
  await frozen.freeze();
  const { attaches } = await deliveriesOf(frozen.page);
  const { cursor } = await server.view(sessionId);
  await expect.poll(closedPorts, { timeout: 60_000 }).toBe(1);
  await flood(server, sessionId, FLOOD);

  await frozen.thaw();
  await expectCounted(frozen, FLOOD, 5_000);
  const { attaches: now } = await deliveriesOf(frozen.page);
  expect(now.slice(attaches.length)).toMatchObject([{ watch: { sessionId, cursor } }]);
  const { words, articles } = await shown();
  expect(words).toEqual(['live']);
  expect(articles).toEqual(articles.toSorted((a, b) => a - b));
  expect(articles.at(-1)).toBe(4);
  await flood(server, sessionId, 10);
  await expectCounted(frozen, 10);
});

/** @returns what the page said of its connection from now on, and how many articles it had, change by change */
async function watchWords(
  page: Page,
): Promise<() => Promise<{ words: string[]; articles: number[] }>> {
  const seen = await page.evaluateHandle(() => {
    const seen = { words: [] as string[], articles: [] as number[] };
    const look = (): void => {
      const word = document.querySelector('[role=status]')?.textContent ?? '';
      const count = document.querySelectorAll('[role=log] article').length;
      if (seen.words.at(-1) !== word) seen.words.push(word);
      if (seen.articles.at(-1) !== count) seen.articles.push(count);
    };
    look();
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    return seen;
  });
  return () => seen.jsonValue();
}
