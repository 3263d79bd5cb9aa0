/** Sessions of many turns, as they are read: older turns while scrolling up, links to turns, the way back to the end. */
import type { Row } from '../shared/row.ts';
import type { TestServer } from './fixtures/server.ts';
import { expect, test, type Tab } from './fixtures/test.ts';

const TURNS = 70;
const QUEUE = 80;
/** More than a pane keeps. */
const MANY = 190;
test.setTimeout(120_000);

/** A session with settled turns; the prompt of each tells its ordinal: `/count 300`, `/count 301`, … */
async function longSession(server: TestServer, turns = TURNS): Promise<Row> {
  const session = await server.create('Long');
  for (let n = 0; n < turns; n += 1) {
    await server.prompt(session.id, `/count ${300 + n} 0`);
    // No more than a queue takes.
    if (n % QUEUE === QUEUE - 1) await untilIdle(server, session);
  }
  await untilIdle(server, session);
  expect((await server.view(session.id)).state.started).toBe(turns);
  return session;
}

const untilIdle = (server: TestServer, { id }: Row) =>
  expect.poll(async () => (await server.row(id)).status, { timeout: 60_000 }).toBe('idle');

const asked = (tab: Tab, ordinal: number) =>
  tab.transcript
    .getByRole('article', { name: 'You' })
    .filter({ hasText: `/count ${300 + ordinal} 0` });

/** The ordinals of the turns that are shown, in order. */
async function ordinals(tab: Tab): Promise<number[]> {
  const texts = await tab.transcript.getByRole('article', { name: 'You' }).allTextContents();
  return texts.flatMap((text) => {
    const number = /^\/count (\d+) 0$/.exec(text.trim())?.[1];
    return number === undefined ? [] : [Number(number) - 300];
  });
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/**
 * Scrolls the transcript to `top` and watches, at every frame until more turns are there and a while longer, the
 * message that was first in view. @returns the pixels it moved at most, and how many messages came
 */
async function scrollAndWatch(tab: Tab, top: number) {
  return tab.transcript.evaluate(async (log, to) => {
    const box = log.parentElement as HTMLElement;
    const articles = () => [...box.querySelectorAll('article')];
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const before = articles().length;
    box.scrollTop = to;
    const edge = box.getBoundingClientRect().top;
    const seen = articles().find((one) => one.getBoundingClientRect().bottom > edge);
    if (seen === undefined) throw new Error('nothing is in view');
    const start = seen.getBoundingClientRect().top;
    let moved = 0;
    let after = 0;
    for (let frames = 0; frames < 1200 && after < 20; frames += 1) {
      await frame();
      moved = Math.max(moved, Math.abs(seen.getBoundingClientRect().top - start));
      if (articles().length > before + 20) after += 1;
    }
    return { moved, came: articles().length - before };
  }, top);
}

test('[L8] older turns come in while scrolling up, and nothing moves, also while a turn streams below', async ({
  server,
  tab,
}) => {
  const session = await longSession(server);
  await server.prompt(session.id, '/count 100000 60');
  const reader = await tab(session.id);
  await expect.poll(async () => (await reader.numbers()).length).toBeGreaterThan(5);
  // The last page at once, and at its end.
  await expect.poll(() => ordinals(reader)).toEqual(range(50, 69));
  await expect(reader.button('New messages below')).toHaveCount(0);

  for (const first of [30, 10, 0]) {
    const { moved, came } = await scrollAndWatch(reader, 120);
    expect(came).toBeGreaterThanOrEqual(20);
    expect(moved).toBeLessThanOrEqual(1);
    expect(await ordinals(reader)).toEqual(range(first, 69));
  }
  await expect(reader.button('Show earlier')).toHaveCount(0);

  // It streams on below; the way there is a button.
  await reader.button('New messages below').click();
  await expect(reader.button('New messages below')).toHaveCount(0);
  const end = () =>
    reader.transcript.evaluate((log) => {
      const box = log.parentElement as HTMLElement;
      return box.scrollHeight - box.scrollTop - box.clientHeight;
    });
  await expect.poll(end).toBeLessThan(48);
  const length = (await reader.numbers()).length;
  await expect.poll(async () => (await reader.numbers()).length).toBeGreaterThan(length + 20);
  expect(await end()).toBeLessThan(48);
});

test('[L8] a link to a turn opens there, with the turns around it; the rest comes while reading on', async ({
  server,
  tab,
}) => {
  const session = await longSession(server);
  const reader = await tab(`${session.id}?turn=15`);
  await expect(asked(reader, 15)).toBeInViewport();
  await expect(asked(reader, 15)).toBeFocused();
  expect(await asked(reader, 15).evaluate((it) => it.getBoundingClientRect().top)).toBeLessThan(
    250,
  );
  // A page around it and the last page, not what lies between.
  expect((await ordinals(reader)).length).toBeLessThan(60);
  await expect(asked(reader, 69)).toHaveCount(1);
  await expect(asked(reader, 40)).toHaveCount(0);
  await expect(reader.button(/^Show the \d+ turns between$/)).toHaveCount(1);

  // Whoever reads on comes to where turns are missing, and then they are there; every one, in order.
  const gap = reader.button(/^Show the \d+ turns between$/);
  await expect(async () => {
    await gap.evaluate((it) => it.scrollIntoView({ block: 'end' }), null, { timeout: 500 });
    await expect(gap).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [50] });
  const shown = await ordinals(reader);
  expect(shown).toEqual(range(shown[0] ?? -1, 69));

  // Back goes where one came from; forward leads to the turn again.
  await reader.page.getByRole('link', { name: 'tabcast', exact: true }).click();
  await expect(reader.transcript).toHaveCount(0);
  await reader.page.evaluate(() => history.back());
  await expect(asked(reader, 15)).toBeInViewport();
});

test('[L8] a link to a turn that is not there says so, and shows the session', async ({
  server,
  tab,
}) => {
  const session = await server.create('Short');
  await server.prompt(session.id, '/count 5 0');
  await expect.poll(async () => (await server.row(session.id)).status).toBe('idle');
  const reader = await tab(`${session.id}?turn=7`);
  await expect(reader.page.getByRole('alert')).toContainText('no such turn');
  await expect(reader.agent()).toHaveText(/1 2 3 4 5/);
});

test('[P71] of a long answer the end is there first, and stays where it is while the rest comes', async ({
  server,
  tab,
}) => {
  const session = await server.create('A long answer');
  await server.prompt(session.id, '/markdown 60');
  await untilIdle(server, session);
  const reader = await tab((await server.create('Another')).id);
  await expect(reader.message).toBeVisible();
  const seen = await reader.link(session.id).evaluate((link) => {
    const frames: { blocks: number; below: number }[] = [];
    (link as HTMLElement).click();
    return new Promise<typeof frames>((resolve) => {
      let whole = 0;
      const look = () => {
        const log = document.querySelector('[role=log]');
        const blocks = log?.querySelectorAll('.md-block').length ?? 0;
        const { port1, port2 } = new MessageChannel();
        // A message that is sent before a frame is drawn comes after it.
        port1.onmessage = () => {
          const box = log?.parentElement;
          if (log == null || box == null || blocks === 0) return;
          frames.push({ blocks, below: box.scrollHeight - box.scrollTop - box.clientHeight });
          if (log.getAttribute('aria-busy') === 'false') whole += 1;
        };
        port2.postMessage(null);
        if (whole < 10) requestAnimationFrame(look);
        else resolve(frames);
      };
      requestAnimationFrame(look);
    });
  });
  expect(seen.length).toBeGreaterThanOrEqual(10);
  for (const { below } of seen) expect(Math.abs(below)).toBeLessThanOrEqual(1);
  const [first, last] = [seen[0]?.blocks ?? 0, seen.at(-1)?.blocks ?? 0];
  expect(last).toBeGreaterThan(200);
  expect(first).toBeLessThan(last / 3);
  const whole = (await reader.agent().textContent()) ?? '';
  await reader.page.reload();
  await expect(reader.transcript).toHaveAttribute('aria-busy', 'false');
  await expect(reader.agent()).toHaveText(whole.trim());
});

declare global {
  /** Every message that was in the transcript. */
  var seen: WeakRef<Element>[];
}

test('[P70] read to its top while turns come, what left the page leaves the memory, too @needs-cdp', async ({
  server,
  tab,
}) => {
  const session = await longSession(server, MANY);
  const reader = await tab(session.id);
  await expect(asked(reader, MANY - 1)).toHaveCount(1);
  await reader.transcript.evaluate((log) => {
    globalThis.seen = [];
    const note = () => {
      const known = new Set(globalThis.seen.map((one) => one.deref()));
      for (const one of log.querySelectorAll('article')) {
        if (!known.has(one)) globalThis.seen.push(new WeakRef(one));
      }
    };
    new MutationObserver(note).observe(log, { childList: true });
    note();
  });
  // What is rendered by and by must hold nothing of what stood around it then.
  for (const text of ['/tool', '/markdown 4', '/plan', '/think']) {
    const turnId = await server.prompt(session.id, text);
    await expect(reader.agent(turnId)).toHaveAttribute('aria-busy', 'false', { timeout: 30_000 });
  }
  await expect(async () => {
    await reader.transcript.evaluate((log) => {
      const box = log.parentElement as HTMLElement;
      box.scrollTop -= 2 * box.clientHeight;
    });
    await expect(asked(reader, 0)).toBeInViewport({ timeout: 1 });
  }).toPass({ timeout: 60_000, intervals: [20] });
  await expect(reader.button('Show earlier')).toHaveCount(0);
  expect((await ordinals(reader)).length).toBeLessThan(200);

  const devtools = await reader.page.context().newCDPSession(reader.page);
  await expect
    .poll(async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return reader.page.evaluate(() => {
        const held = globalThis.seen.map((one) => one.deref()).filter((one) => one !== undefined);
        return held.filter((one) => !one.isConnected).map(({ outerHTML }) => outerHTML);
      });
    })
    .toEqual([]);
});
