/** Other sites, other ports and broken requests against a server that a person is signed in to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { sendRaw, statusOf } from './fixtures/raw-http.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expect, openTab, test } from './fixtures/test.ts';

/** A page of somebody else, on another port of this machine. */
async function foreignSite(headers: Record<string, string> = {}) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    response.end('<!doctype html><title>foreign</title><p>foreign');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => void (server.closeAllConnections(), server.close(resolve))),
  };
}

const sessionsOf = async (server: TestServer): Promise<unknown[]> =>
  ((await server.api('GET', '/api/sessions')).body as { sessions: unknown[] }).sessions;

/** All the ways a page has to reach another origin. @returns which of them got anything */
const reach = (page: Page, target: string, sessionId: string): Promise<string[]> =>
  page.evaluate(
    async ({ target, sessionId }) => {
      const got: string[] = [];
      const tried = async (name: string, attempt: () => Promise<unknown>): Promise<void> => {
        try {
          await attempt();
          got.push(name);
        } catch {
          // As it should be.
        }
      };
      const loads = (element: HTMLElement, address: string): Promise<unknown> =>
        new Promise((resolve, reject) => {
          element.addEventListener('load', resolve);
          element.addEventListener('error', reject);
          element.setAttribute(element instanceof HTMLLinkElement ? 'href' : 'src', address);
          document.body.append(element);
        });
      const send = (init: RequestInit) =>
        fetch(`${target}/api/sessions`, { credentials: 'include', ...init });
      const json = { 'content-type': 'application/json' };
      await tried('read', () => send({}));
      await tried('read the sign-in', () =>
        fetch(`${target}/api/sign-in`, { credentials: 'include' }),
      );
      await tried('post json', () => send({ method: 'POST', body: '{}', headers: json }));
      await tried('post text', () => send({ method: 'POST', body: '{"title":"text"}' }));
      await tried('delete', () =>
        fetch(`${target}/api/sessions/${sessionId}`, { method: 'DELETE', credentials: 'include' }),
      );
      // Nobody sees the answers of these; what they did is asked at the server.
      await send({ method: 'POST', mode: 'no-cors', body: '{"title":"no-cors"}' }).catch(() => {});
      navigator.sendBeacon(`${target}/api/sessions`, '{"title":"beacon"}');
      navigator.sendBeacon(`${target}/api/sign-out`, '');
      for (const path of ['/api/events', `/api/sessions/${sessionId}/events`]) {
        await tried(
          `stream ${path}`,
          () =>
            new Promise((resolve, reject) => {
              const source = new EventSource(target + path, { withCredentials: true });
              source.addEventListener('open', resolve);
              source.addEventListener('error', (event) => {
                source.close();
                reject(event);
              });
            }),
        );
      }
      for (const path of ['/favicon.svg', '/api/sessions', `/api/sessions/${sessionId}/events`]) {
        await tried(`img ${path}`, () => loads(document.createElement('img'), target + path));
        await tried(`script ${path}`, () => loads(document.createElement('script'), target + path));
      }
      for (const enctype of ['text/plain', 'application/x-www-form-urlencoded']) {
        const form = document.createElement('form');
        const frame = document.createElement('iframe');
        frame.name = enctype;
        Object.assign(form, {
          method: 'POST',
          action: `${target}/api/sessions`,
          enctype,
          target: enctype,
        });
        const field = document.createElement('input');
        Object.assign(field, { name: '{"title":"form","x":"', value: '"}' });
        form.append(field);
        document.body.append(form, frame);
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        form.submit();
        await loaded;
      }
      return got;
    },
    { target, sessionId },
  );

for (const host of ['127.0.0.1', 'localhost']) {
  test(`[A2] a foreign page on ${host} reaches nothing in the name of who is signed in`, async ({
    server,
    context,
    tab,
  }) => {
    const session = await server.create('mine');
    const own = await tab();
    await expect(own.link(session.id)).toBeVisible();
    const before = await server.diagnostics();
    const site = await foreignSite();
    const foreign = await context.newPage();
    await foreign.goto(`http://${host}:${site.port}/`);
    expect(await reach(foreign, server.origin, session.id)).toEqual([]);
    expect((await server.diagnostics()).streams).toEqual(before.streams);
    expect(await sessionsOf(server)).toMatchObject([{ id: session.id, title: 'mine' }]);
    // Whoever is signed in, is so still.
    await own.page.reload();
    await expect(own.link(session.id)).toBeVisible();

    await foreign.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.id = 'framed';
      frame.src = address;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    }, server.origin);
    const framed = await (await foreign.$('#framed'))?.contentFrame();
    expect(await framed?.getByRole('navigation').count()).toBe(0);

    // A window that it opens is out of its reach, too.
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      foreign.evaluate(
        (address) => void Object.assign(window, { theirs: open(address) }),
        server.origin,
      ),
    ]);
    await opened.waitForLoadState();
    await expect
      .poll(() => foreign.evaluate(() => (Reflect.get(window, 'theirs') as Window).closed))
      .toBe(true);
    await site.close();
  });
}

test('[A2] a name that resolves to this machine is refused @needs-cdp', async ({
  playwright,
  server,
  launchOptions,
}) => {
  const args = [
    ...(launchOptions.args ?? []),
    '--host-resolver-rules=MAP rebound.example 127.0.0.1',
  ];
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  try {
    const page = await browser.newPage();
    for (const path of ['/', `/?token=${server.token}`, '/api/sessions', '/sign-in', '/metrics']) {
      const answer = await page.goto(`http://rebound.example:${server.port}${path}`);
      expect(answer?.status(), path).toBe(403);
      expect(await page.content(), path).not.toMatch(/<form|<script/);
    }
    expect(await page.context().cookies()).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('[A2] a cookie of the same name that another port sets does not get in the way', async ({
  server,
  context,
  tab,
}) => {
  const session = await server.create('mine');
  const own = await tab(session.id);
  const names = (await context.cookies(server.origin)).map(({ name }) => name);
  expect(names).toHaveLength(2);
  for (const path of ['/api', '/api/sessions', '/session']) {
    for (const name of names) {
      const site = await foreignSite({
        'set-cookie': `${name}=tossed; Path=${path}; Max-Age=1000`,
      });
      const foreign = await context.newPage();
      await foreign.goto(`http://127.0.0.1:${site.port}${path}/x`);
      await site.close();
    }
  }
  expect(await context.cookies(`${server.origin}/api/sessions`)).toHaveLength(6);
  await own.page.reload();
  await own.send('/count 5');
  await expect(own.agent()).toContainText('1 2 3 4 5');
});

const TARGETS = [
  '/../package.json',
  '/assets/../../../package.json',
  '/%2e%2e/%2e%2e/package.json',
  '/..%2f..%2fpackage.json',
  '/%252e%252e%252f%252e%252e%252fpackage.json',
  '/..%5c..%5cpackage.json',
  '/..\\..\\package.json',
  '/....//....//package.json',
  '/assets/%00../../package.json',
  '/favicon.svg%00.html',
  '//etc/passwd',
  '///etc/passwd',
  '/.//etc/passwd',
  '/%c0%ae%c0%ae/%c0%ae%c0%ae/package.json',
  'http://127.0.0.1/../../package.json',
  'http://evil.example/../package.json',
  'file:///etc/passwd',
  '../../package.json',
  '/session/../../../package.json',
  '/main.js',
  '/server/main.js',
  '/.env',
];

test('[A3] no request target leads out of the folder of the page', async ({ server }) => {
  for (const target of TARGETS) {
    const answer = await sendRaw(
      server.port,
      `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
    );
    expect([400, 403, 404], `${target}\n${answer}`).toContain(statusOf(answer));
    expect(answer).not.toMatch(/"name": "tabcast"|root:/);
  }
});

test('[A3] broken HTTP is refused, and the next request is answered', async ({ server }) => {
  const host = `Host: 127.0.0.1:${server.port}\r\n`;
  const auth = `Authorization: Bearer ${server.token}\r\n`;
  const json = 'Content-Type: application/json\r\n';
  const post = `POST /api/sessions HTTP/1.1\r\n${host}${auth}${json}`;
  const smuggled = `GET /api/agents HTTP/1.1\r\n${host}${auth}\r\n`;
  const broken = [
    'GET / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: a\r\n${host}\r\n`,
    `GET / HTTP/9.9\r\n${host}\r\n`,
    `GET /\u0000 HTTP/1.1\r\n${host}\r\n`,
    `G\u0000T / HTTP/1.1\r\n${host}\r\n`,
    `GET / HTTP/1.1\r\n${host}X: a\u0000b\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}X : a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host} folded: a\r\n\r\n`,
    `GET / HTTP/1.1\n${host}\n`,
    `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `${post}Content-Length: -1\r\n\r\n{}`,
    `${post}Content-Length: 1e9\r\n\r\n{}`,
    `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${post}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(100_000)}\r\n\r\n`,
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`,
    `GET / HTTP/1.1\r\n${host}${'X-Y: abcd\r\n'.repeat(20_000)}\r\n`,
    new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]),
    '\r\n'.repeat(100),
  ];
  for (const request of broken) {
    const answer = await sendRaw(server.port, request);
    const shown = `${String(request).slice(0, 200)}\n${answer.slice(0, 500)}`;
    expect([0, 400, 403, 404, 405, 408, 413, 414, 431, 501, 505], shown).toContain(
      statusOf(answer),
    );
    expect(answer, shown).not.toContain('"agents"');
    expect((await server.request('/healthz')).status).toBe(200);
  }
  expect(await sessionsOf(server)).toEqual([]);
});

test('[A1] [A2] who is not signed in learns nothing of what there is', async ({ server }) => {
  const session = await server.create('mine');
  const turn = await server.prompt(session.id, '/count 3');
  const answers = new Set<string>();
  for (const [method, path] of [
    ['GET', '/api/sessions'],
    ['GET', `/api/sessions/${session.id}`],
    ['GET', '/api/sessions/unknown'],
    ['GET', '/api/sessions/%2e%2e%2f'],
    ['PUT', '/api/sessions'],
    ['PUT', `/api/sessions/${session.id}`],
    ['POST', `/api/sessions/${session.id}/turns/${turn}/cancel`],
    ['POST', `/api/sessions/${session.id}/turns/unknown/cancel`],
    ['DELETE', `/api/sessions/${session.id}`],
    ['GET', '/api/no/such/endpoint'],
    ['GET', `/api/sessions/${session.id}/events`],
    ['POST', '/api/sessions/unknown/requests/unknown'],
    ['GET', '/api/events?session=unknown'],
    ['GET', '/metrics'],
  ]) {
    const answer = await fetch(server.origin + path, { method: method ?? 'GET' });
    const { 'retry-after': _, ...headers } = Object.fromEntries(answer.headers);
    expect(headers).not.toHaveProperty('allow');
    answers.add(`${answer.status} ${await answer.text()}`);
  }
  expect([...answers]).toHaveLength(1);
  expect([...answers][0]).toContain('401 {"error":{"code":"unauthorized"');
});

test('[A3] nothing that is said forges a line of the log or a header', async () => {
  const server = await startServer({
    env: { TABCAST_LOG: 'debug' },
    config: {
      agents: [
        {
          id: 'hostile',
          command: process.execPath,
          args: [join(import.meta.dirname, 'fixtures/hostile-agent.mjs')],
        },
      ],
    },
  });
  const forged = 'x\r\n{"level":60,"msg":"forged"}\r\nset-cookie: forged=1\r\n\r\n';
  const encoded = encodeURIComponent(forged);
  try {
    const session = await server.create(forged);
    for (const path of [
      `/api/sessions/${encoded}`,
      `/${encoded}`,
      `/session/${encoded}`,
      `/sign-in?to=${encoded}`,
      `/?token=${encoded}`,
      `/api/search?q=${encoded}`,
      `/api/sessions/${session.id}/events?cursor=${encoded}`,
    ]) {
      const leave = new AbortController();
      const answer = await fetch(server.origin + path, {
        redirect: 'manual',
        signal: leave.signal,
        headers: { authorization: `Bearer ${server.token}`, accept: 'text/html' },
      });
      expect(answer.headers.get('set-cookie') ?? '', path).not.toContain('forged');
      expect(decodeURIComponent(answer.headers.get('location') ?? '')).not.toContain('forged');
      leave.abort();
    }
    await server.prompt(session.id, 'crash');
    await expect.poll(async () => (await server.row(session.id)).lastEnd?.reason).toBe('failed');
    await expect.poll(() => server.stderr).toContain('needle last-words');
    for (const line of server.stderr.split('\n').filter((each) => each !== '')) {
      const entry = JSON.parse(line) as { level: number; pid: number; msg: string };
      expect(entry.pid, line).toBeGreaterThan(0);
      expect(entry.msg, line).not.toBe('forged');
    }
  } finally {
    await server.stop();
  }
});

test('[A3] [O9] a session that an agent names after a part of every object is a session like others', async ({
  context,
}) => {
  const server = await startServer({
    config: {
      agents: [
        {
          id: 'hostile',
          command: process.execPath,
          args: [join(import.meta.dirname, 'fixtures/hostile-agent.mjs')],
        },
      ],
    },
  });
  try {
    const session = await server.create('mine');
    const other = await server.create('other');
    const tab = await openTab(context, server.origin, server.link, session.id);
    await tab.send('rotate');
    await expect(tab.page).toHaveURL(/\/session\/__proto__$/);
    await expect(tab.link('__proto__')).toHaveAttribute('data-status', 'idle');
    for (const id of [session.id, 'constructor', '__proto__']) {
      expect((await server.row(id)).logId).toBe(session.logId);
    }
    const { body } = await server.api('GET', '/api/diagnostics');
    expect(JSON.stringify(body)).not.toContain('native code');
    await tab.link(other.id).click();
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('other');
    await tab.link('__proto__').click();
    await tab.page.reload();
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('mine');
    await tab.send('again');
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('mine');
    await expect(tab.transcript.getByRole('article', { name: 'You' })).toHaveCount(2);
  } finally {
    await server.stop();
  }
});
