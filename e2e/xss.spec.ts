/** Hostile text in every field that an agent or a person can write: it is shown, and does nothing. */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright/test';
import { hostile, marker, PAYLOADS } from './fixtures/payloads.mjs';
import { recordNotifications } from './fixtures/notifications.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { untilStatus } from './fixtures/steps.ts';
import { expect, openTab, test as base, type Tab } from './fixtures/test.ts';

const HOSTILE = {
  id: 'hostile',
  title: hostile('agent-title', 2),
  command: process.execPath,
  args: [join(import.meta.dirname, 'fixtures/hostile-agent.mjs')],
};
const ALL = PAYLOADS.map((_, n) => n);
/** Every tenth: what stands once per request. */
const TENTH = ALL.filter((n) => n % 10 === 0);

interface Trap {
  /** What ran, was opened, or was asked of another origin. */
  caught: string[];
}

const test = base.extend<{ trap: Trap }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    // Kept out of `agents` of the other specs: only here is the agent an enemy.
    const server = await startServer({ config: { agents: [HOSTILE] } });
    await use(server);
    await server.stop();
  },
  trap: async ({ context, server }, use) => {
    const trap = await setTrap(context, server);
    await use(trap);
    expect(trap.caught).toEqual([]);
  },
});

async function setTrap(context: BrowserContext, server: TestServer): Promise<Trap> {
  const caught: string[] = [];
  await context.addInitScript(() => {
    Object.assign(window, { pwned: (what: string) => console.error(`e2e: pwned ${what}`) });
  });
  context.on('console', (message) => {
    if (message.text().startsWith('e2e: pwned')) caught.push(message.text());
  });
  context.on('dialog', (dialog) => {
    caught.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${server.origin}/`) && !url.startsWith('data:')) caught.push(url);
  });
  return { caught };
}

/** Elements and attributes that could do something, anywhere in the page; none of them is the page's own. */
function dangers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const refused =
      'iframe,object,embed,base,meta[http-equiv],style,svg script,math,foreignObject,body script,template,marquee';
    for (const element of document.querySelectorAll(refused)) found.push(element.outerHTML);
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        const address = ['href', 'src', 'xlink:href', 'action', 'formaction', 'srcset', 'data'];
        const isScript =
          /^\s*(javascript|vbscript|data:(?!image\/(png|gif|jpeg|webp|avif);|audio\/))/i;
        const own = element.closest('head') !== null;
        const foreign = /^(?!data:)/i.test(value) && ['IMG', 'AUDIO'].includes(element.tagName);
        if (
          name.startsWith('on') ||
          (name === 'style' && element.tagName !== 'TEXTAREA') ||
          name === 'srcdoc' ||
          (address.includes(name) && !own && (isScript.test(value) || foreign))
        ) {
          found.push(`${element.tagName} ${name}=${value}`);
        }
      }
    }
    // A link may lead out, but not as this page's window or with its address.
    for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]')) {
      if (link.origin !== location.origin && link.rel !== 'noopener noreferrer') {
        found.push(link.outerHTML);
      }
    }
    return found;
  });
}

/** What is in a card is rendered when it opens, and may hold cards itself. */
const openAll = (page: Page): Promise<void> =>
  expect(async () => {
    const opened = await page.evaluate(() => {
      const closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
      for (const details of closed) details.open = true;
      return closed.length;
    });
    const empty = page.locator('.tool:not(:has(.tool-body)), .thought:not(:has(.md))');
    expect([opened, await empty.count()]).toEqual([0, 0]);
  }).toPass({ timeout: 20_000 });

/** Everything that the page says: text, and what stands in its fields. */
const said = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input,textarea')];
    const labels = [...document.querySelectorAll('[aria-label]')];
    const titles = [...document.querySelectorAll('[title]')];
    return [
      document.title,
      document.body.textContent,
      ...fields.map(({ value }) => value),
      ...labels.map((element) => element.getAttribute('aria-label')),
      ...titles.map((element) => element.getAttribute('title')),
    ].join('\n');
  });

async function expectSaid(page: Page, where: string, which: readonly number[]): Promise<void> {
  const text = await said(page);
  const missing = which.map((n) => marker(where, n)).filter((one) => !text.includes(one));
  expect(missing, `${where} that is not shown`).toEqual([]);
}

async function ask(server: TestServer, prompt: string, title?: string): Promise<string> {
  const { id } = await server.create(title);
  await server.prompt(id, prompt);
  return id;
}

test('[A3] [A6] the trap catches, and the policy holds by itself', async ({
  context,
  server,
  refused,
}) => {
  const trap = await setTrap(context, server);
  const { page } = await openTab(context, server.origin, server.link);
  const thrown = await page.evaluate(async () => {
    // Within the call itself the driver lets `eval` through.
    await new Promise((resolve) => setTimeout(resolve));
    const attempts: Record<string, () => unknown> = {
      innerHTML: () => (document.createElement('p').innerHTML = '<b>x</b>'),
      outerHTML: () => (document.body.firstElementChild!.outerHTML = '<b>x</b>'),
      insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
      write: () => document.write('x'),
      parse: () => new DOMParser().parseFromString('<b>x</b>', 'text/html'),
      srcdoc: () => (document.createElement('iframe').srcdoc = 'x'),
      scriptSrc: () => (document.createElement('script').src = '/x.js'),
      scriptText: () => (document.createElement('script').text = 'pwned(1)'),
      eval: () => Reflect.get(window, 'eval')('pwned(1)'),
      worker: () => new SharedWorker('/x.js'),
      policy: () => Reflect.get(window, 'trustedTypes').createPolicy('mine', {}),
      again: () => Reflect.get(window, 'trustedTypes').createPolicy('tabcast', {}),
    };
    return Object.entries(attempts).map(([name, attempt]) => {
      try {
        attempt();
        return `${name} was let through`;
      } catch {
        return name;
      }
    });
  });
  expect(thrown.filter((name) => name.endsWith('let through'))).toEqual([]);
  expect(thrown).toHaveLength(12);
  // What needs no sink: attributes, and elements made one by one.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.append('pwned(1)');
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    const form = document.createElement('form');
    form.action = 'https://evil.example/';
    document.body.append(script, frame, form);
    try {
      form.submit();
    } catch {
      // Firefox throws what others only refuse.
    }
    void fetch('https://evil.example/').catch(() => {});
    Reflect.get(window, 'pwned')('control');
  });
  await expect.poll(() => trap.caught.join()).toContain('e2e: pwned control');
  const lines: string[] = [];
  for (const directive of ['require-trusted', 'connect-src', 'frame-src', 'form-action']) {
    await expect
      .poll(() => {
        lines.push(...refused());
        return lines.join('\n');
      })
      .toContain(`policy: ${directive}`);
  }
  expect(trap.caught.filter((what) => what.startsWith('e2e: pwned'))).toEqual([
    'e2e: pwned control',
  ]);
});

test('[A3] [A6] everything that an agent can send is text', async ({ server, context, trap }) => {
  test.slow();
  const session = await ask(server, 'all');
  await untilStatus(server, { id: session }, 'waiting');
  await expect.poll(async () => (await server.row(session)).openRequests).toBe(2 * TENTH.length);
  const tab = await openTab(context, server.origin, server.link, session);
  // From the snapshot, and again after a reload.
  for (const way of ['snapshot', 'reload'] as const) {
    if (way === 'reload') await tab.page.reload();
    await expect(tab.page.getByRole('group', { name: /^Permission/ })).toHaveCount(TENTH.length);
    await expect(tab.page.getByRole('form', { name: /^Question/ })).toHaveCount(TENTH.length);
    await openAll(tab.page);
    expect(await dangers(tab.page)).toEqual([]);
    for (const where of EVERY) await expectSaid(tab.page, where, ALL);
    for (const where of SOME) await expectSaid(tab.page, where, TENTH);
    await expectSaid(tab.page, 'agent-title', [2]);
  }
  await pressEverything(tab);
  expect(await dangers(tab.page)).toEqual([]);
  expect(trap.caught).toEqual([]);
});
/** Of each of these the page shows all; the tools that share an id are one call, so they are not among them. */
const EVERY = (
  'message line piece thought plan notice about-notice link about-link script-link resource file ' +
  'image-type option label about-field default enum'
).split(' ');
const SOME = (
  'permission question about-form tool location input-key input output tool-text diff-path diff-old ' +
  'diff-new terminal'
).split(' ');

/** Follows every link that would stay in the page, lists the commands, and points at everything. */
async function pressEverything({ page, message }: Tab): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('main *')) {
      for (const type of ['mouseover', 'focus', 'load', 'error', 'toggle', 'begin']) {
        element.dispatchEvent(new Event(type, { bubbles: false }));
      }
      if (element instanceof HTMLAnchorElement && !element.hasAttribute('href')) element.click();
    }
  });
  await message.fill('/');
  await expect(page.getByRole('listbox', { name: 'Commands' })).toBeVisible();
  await expectSaid(page, 'command', ALL);
  await expectSaid(page, 'about-command', ALL);
}

test('[A3] [A6] live: what arrives while a tab looks is text as well', async ({
  server,
  context,
  trap,
}) => {
  test.slow();
  const { id } = await server.create();
  const tab = await openTab(context, server.origin, server.link, id);
  await tab.send('all');
  await expect(tab.page.getByRole('form', { name: /^Question/ })).toHaveCount(TENTH.length, {
    timeout: 30_000,
  });
  await openAll(tab.page);
  expect(await dangers(tab.page)).toEqual([]);
  await expectSaid(tab.page, 'piece', ALL);
  // Answered requests are shown in other words.
  await tab.page
    .getByRole('group', { name: /^Permission/ })
    .first()
    // What it is about may have buttons too.
    .locator('button[data-kind]')
    .first()
    .click();
  await tab.page
    .getByRole('form', { name: /^Question/ })
    .first()
    .getByText('Answer', { exact: true })
    .click();
  await expect(tab.page.locator('.resolved')).toHaveCount(2);
  expect(await dangers(tab.page)).toEqual([]);
  expect(trap.caught).toEqual([]);
});

test('[A3] [A6] an agent’s errors, last words and titles are text, in the pane, the row and the notification', async ({
  server,
  context,
  trap,
}) => {
  const { shown } = await recordNotifications(context);
  const home = await openTab(context, server.origin, server.link);
  // One after the other: they share the agent's process, and its last words.
  const ended = async (prompt: string): Promise<string> => {
    const id = await ask(server, prompt);
    await untilStatus(server, { id }, 'idle');
    return id;
  };
  const [fails, dies] = [await ended('fail'), await ended('crash')];
  const named = await ended(hostile('x', 2));
  for (const [id, where, n] of [
    [fails, 'error', 2],
    [fails, 'details', 7],
    [dies, 'stderr', ALL.length - 1],
    [dies, 'last-words', 2],
  ] as const) {
    const tab = await openTab(context, server.origin, server.link, id);
    await expect(tab.page.locator('.turn-error')).toBeVisible();
    await openAll(tab.page);
    await expectSaid(tab.page, where, [n]);
    expect(await dangers(tab.page)).toEqual([]);
  }
  const title = `agent ${hostile('x', 2)}`;
  await expect(home.link(named)).toContainText(title);
  await expect.poll(async () => (await shown()).map((one) => one.title)).toContain(title);
  const tab = await openTab(context, server.origin, server.link, named);
  await expect(tab.page).toHaveTitle(`${title} · tabcast`);
  await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText(title);
  expect(await dangers(home.page)).toEqual([]);
  expect(trap.caught).toEqual([]);
});

test('[A3] [A6] what a person writes is text: titles, messages, drafts, the queue, search', async ({
  server,
  context,
  trap,
}) => {
  test.slow();
  const shownAs = (text: string): string => text.trim().replace(/\s+/g, ' ');
  for (const n of ALL) await server.create(hostile('title', n).slice(0, 200));
  const home = await openTab(context, server.origin, server.link);
  await expect(home.sessions.locator('a[data-session-id]')).toHaveCount(ALL.length);
  await expectSaid(home.page, 'title', ALL);
  expect(await dangers(home.page)).toEqual([]);

  // Waits for an answer, so that the rest stays in the queue.
  const session = await ask(server, 'all');
  await untilStatus(server, { id: session }, 'waiting');
  for (const n of ALL) await server.prompt(session, hostile('queued', n));
  await server.api('PATCH', `/api/sessions/${session}`, { draft: hostile('draft', 2) });
  const tab = await openTab(context, server.origin, server.link, session);
  await expect(tab.page.getByRole('list', { name: 'Queue' }).getByRole('listitem')).toHaveCount(
    ALL.length,
  );
  await expectSaid(tab.page, 'queued', ALL);
  await expect(tab.message).toHaveValue(hostile('draft', 2));
  expect(await dangers(tab.page)).toEqual([]);

  const settled = await server.create();
  for (const n of ALL) await server.prompt(settled.id, hostile('prompt', n));
  await expect.poll(async () => (await server.row(settled.id)).queued, { timeout: 30_000 }).toBe(0);
  await untilStatus(server, settled, 'idle');
  const reader = await openTab(context, server.origin, server.link, settled.id);
  const last = ALL.slice(-20);
  // In the transcript: the agent also names the session after the last one.
  await expect(reader.transcript).toContainText(marker('prompt', ALL.length - 1));
  // It is put in from its end on (P71).
  await expect(reader.transcript).toContainText(marker('prompt', ALL.length - 20));
  await expectSaid(reader.page, 'prompt', last);
  expect(await dangers(reader.page)).toEqual([]);

  await home.page.getByRole('searchbox', { name: 'Search sessions' }).fill('needle prompt');
  const hits = home.page.getByRole('region', { name: 'In messages' });
  await expect(hits.getByRole('link').first()).toBeVisible();
  expect(await dangers(home.page)).toEqual([]);
  for (const bad of [
    '"><img src=x onerror=pwned(1)>',
    '../..',
    '%00',
    '<script>pwned(1)</script>',
  ]) {
    await home.page.goto(`${server.origin}/session/${encodeURIComponent(bad)}?turn=${bad}#${bad}`);
    await expect(home.page.getByRole('heading', { name: /not found/i })).toBeVisible();
    expect(await dangers(home.page)).toEqual([]);
  }
  expect(shownAs(await home.page.title())).not.toContain('pwned');
  expect(trap.caught).toEqual([]);
});
