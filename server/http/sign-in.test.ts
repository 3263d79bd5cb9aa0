import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRINCIPAL_HEADER } from '../../shared/api.ts';
import { createPasswords } from '../access/password.ts';
import { createUsers, type Principals } from '../access/principals.ts';
import { writeUsers } from '../access/users-file.ts';
import { pagePath } from './sign-in-page.ts';
import { createHandTimers } from './testing/hand-timers.ts';
import { createKeptText, createTestApp, TOKEN, type TestAppOptions } from './testing/test-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'tabcast-sign-in-'));
const file = join(folder, 'users.json');
const passwords = createPasswords({ N: 2, r: 1, p: 1 });
const log = { debug() {}, info() {}, warn() {}, error() {} };
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const names = ['local', 'bert'];
  const users = names.map(async (name) => ({
    name,
    password: await passwords.hash(`of ${name}!`),
  }));
  writeUsers(file, await Promise.all(users));
});
const principals = (): Principals =>
  createUsers({ file, passwords, timers: createHandTimers(), log });

function createApp(options: TestAppOptions = {}) {
  const app = createTestApp({ principals: principals(), ...options });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const cookieOf = async (name: string, headers = {}): Promise<string> => {
    const response = await post('/api/sign-in', { name, password: `of ${name}!` }, headers);
    expect(response.status).toBe(200);
    return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  };
  const statusOf = async (cookie: string): Promise<[number, string | undefined]> => {
    const response = await app.ask('/api/sessions', { headers: { cookie } });
    const { error } = (await response.json()) as { error?: { code: string } };
    return [response.status, error?.code];
  };
  return { ...app, post, cookieOf, statusOf };
}

describe('[A2] signing in with a name', () => {
  test('a wrong password and an unknown name are the same answer', async () => {
    const { post } = createApp();
    const answers = await Promise.all(
      ['local', 'nobody'].map(async (name) => {
        const response = await post('/api/sign-in', { name, password: 'wrong wrong' });
        return [response.status, await response.text(), [...response.headers]];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(401);
  });

  test('attempts at a name are limited, whether there is one or not, and time helps', async () => {
    const { post, passMs } = createApp();
    for (const name of ['local', 'nobody']) {
      for (let n = 0; n < 10; n += 1) {
        expect((await post('/api/sign-in', { name, password: 'wrong wrong' })).status).toBe(401);
      }
      const refused = await post('/api/sign-in', { name, password: 'wrong wrong' });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ error: { code: 'too_many' } });
      passMs(600_000);
    }
    expect((await post('/api/sign-in', { name: 'local', password: 'of local!' })).status).toBe(200);
  });

  test('attempts from an address are limited, over names', async () => {
    const { post } = createApp();
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) {
      statuses.push((await post('/api/sign-in', { name: `n${n}`, password: 'x' })).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
  });

  test.each([
    { origin: 'http://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ])('nobody is signed in by a page of another site: %o', async (headers) => {
    const { post, ask } = createApp();
    const api = await post('/api/sign-in', { name: 'local', password: 'of local!' }, headers);
    const form = await ask('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ name: 'local', password: 'of local!' }),
      headers,
    });
    for (const response of [api, form]) {
      expect(response.status).toBe(403);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  test.each([
    {},
    { name: 'local' },
    { name: 'local', password: 'x', more: 1 },
    [],
    { name: 1, password: 2 },
  ])('%j is no claim', async (claim) => {
    expect((await createApp().post('/api/sign-in', claim)).status).toBe(400);
  });

  test('with users the token link signs nobody in', async () => {
    const { ask } = createApp();
    const response = await ask(`/?token=${TOKEN}`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in']);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test.each([
    ['/', '/'],
    ['/hub', '/hub'],
    ['/session/abc?turn=3', '/session/abc?turn=3'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example/', '/'],
    ['/session/../api', '/'],
    ['/session/a\r\nset-cookie: x', '/'],
    [undefined, '/'],
  ])('after signing in, %s leads to %s', (to, path) => {
    expect(pagePath(to)).toBe(path);
  });

  test('what was filled in is never markup', async () => {
    const { ask } = createApp();
    const name = '"><img src=x onerror=alert(1)>';
    const response = await ask('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ name, password: 'x', to: `/"><script>` }),
    });
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(text).not.toMatch(/<img|<script>/);
    expect(text).toContain('role="alert"');
  });
});

describe('[A2] a sign-in', () => {
  test('survives a restart; the file has no secret in it', async () => {
    const kept = createKeptText();
    const cookie = await createApp({ kept }).cookieOf('local');
    expect(kept.read()).not.toContain(cookie.split('=')[1]);
    expect(await createApp({ kept }).statusOf(cookie)).toEqual([200, undefined]);
  });

  test('lasts from its last use; then the stream that it opened ends too', async () => {
    const app = createApp({ lifetime: 100_000 });
    app.service.add('s1');
    const cookie = await app.cookieOf('local');
    for (let n = 0; n < 5; n += 1) {
      app.passMs(60_000);
      expect(await app.statusOf(cookie)).toEqual([200, undefined]);
    }
    const stream = await app.ask('/api/events', { headers: { cookie } });
    const reader = stream.body?.getReader();
    await reader?.read();
    expect(app.streams.counts()).toMatchObject({ lanes: 1 });
    app.passMs(100_001);
    let done = false;
    while (!done) done = (await reader?.read())?.done ?? true;
    expect(app.streams.counts()).toMatchObject({ lanes: 0 });
    expect(await app.statusOf(cookie)).toEqual([401, 'unauthorized']);
  });

  test('is ended by its owner only; its streams end at once, and its browser is told', async () => {
    const app = createApp();
    const [one, two, bert] = [
      await app.cookieOf('local'),
      await app.cookieOf('local'),
      await app.cookieOf('bert'),
    ];
    const stream = await app.ask('/api/events', { headers: { cookie: one } });
    const reader = stream.body?.getReader();
    await reader?.read();
    const list = await app.ask('/api/sign-ins', { headers: { cookie: two } });
    const { name, signIns } = (await list.json()) as {
      name: string;
      signIns: { id: string; present: boolean }[];
    };
    expect([name, signIns.length]).toEqual(['local', 2]);
    const id = signIns.find(({ present }) => !present)?.id ?? '';
    const end = (cookie: string) =>
      app.ask(`/api/sign-ins/${id}`, { method: 'DELETE', headers: { cookie } });
    expect((await end(bert)).status).toBe(404);
    expect(await app.statusOf(one)).toEqual([200, undefined]);
    expect((await end(two)).status).toBe(200);
    expect((await end(two)).status).toBe(404);
    let done = false;
    while (!done) done = (await reader?.read())?.done ?? true;
    expect(await app.statusOf(one)).toEqual([401, 'signed_out']);
    expect(await app.statusOf(two)).toEqual([200, undefined]);
  });

  test('[A4] signing out ends it, overwrites the cookie and empties caches', async () => {
    const app = createApp();
    const cookie = await app.cookieOf('local');
    const response = await app.post('/api/sign-out', {}, { cookie });
    expect(response.headers.get('clear-site-data')).toBe('"cache"');
    const left = (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    expect(await app.statusOf(cookie)).toEqual([401, 'signed_out']);
    expect(await app.statusOf(left)).toEqual([401, 'signed_out']);
  });

  test('[A2] a cookie that was slipped in beside another is no way in, and a worthless one no way out', async () => {
    const app = createApp();
    const [one, bert] = [await app.cookieOf('local'), await app.cookieOf('bert')];
    expect(await app.statusOf(`${one}; ${bert}`)).toEqual([401, 'unauthorized']);
    expect(await app.statusOf(`${one}; tabcast_4180=worthless`)).toEqual([200, undefined]);
    expect(await app.statusOf(`${one}; ${one}`)).toEqual([200, undefined]);
  });

  test('over HTTPS its cookie can be set by this host only', async () => {
    const app = createApp({ access: { secure: true } });
    expect(await app.cookieOf('local')).toMatch(/^__Host-tabcast_4180=[\w-]{43}$/);
  });

  test('[A4] who signs in again keeps it; who comes after somebody else ends theirs', async () => {
    const app = createApp();
    const cookie = await app.cookieOf('local');
    const again = await app.post(
      '/api/sign-in',
      { name: 'local', password: 'of local!' },
      { cookie },
    );
    expect(again.headers.getSetCookie().every((each) => each.startsWith('tabcast_who_'))).toBe(
      true,
    );
    const bert = await app.cookieOf('bert', { cookie });
    expect(await app.statusOf(bert)).toEqual([200, undefined]);
    expect(await app.statusOf(cookie)).toEqual([401, 'signed_out']);
  });

  test('[A4] a request for another principal than the one who is signed in is not done', async () => {
    const app = createApp();
    const [cookie, bert] = [await app.cookieOf('local'), await app.cookieOf('bert')];
    const mine = await app.ask('/api/sessions', { headers: { cookie } });
    const whose = mine.headers.get(PRINCIPAL_HEADER) ?? '';
    expect(whose).toMatch(/^[\w-]{22}$/);
    expect(mine.headers.get('vary')).toContain('Cookie');
    const refused = await app.post(
      '/api/sessions',
      {},
      { cookie: bert, [PRINCIPAL_HEADER]: whose },
    );
    expect(refused.status).toBe(409);
    expect(refused.headers.get(PRINCIPAL_HEADER)).not.toBe(whose);
    expect(app.service.calls).toEqual([]);
  });
});

test('[A1] what belongs to somebody else and what does not exist are the same answer, at every address', async () => {
  const app = createApp();
  app.service.add('s1');
  const cookie = await app.cookieOf('bert');
  const addresses: [string, string, unknown?][] = [
    ['GET', ''],
    ['PATCH', '', { title: 'x' }],
    ['DELETE', ''],
    ['GET', '/draft'],
    ['GET', '/turns'],
    ['GET', '/events'],
    ['POST', '/turns', { prompt: 'x', key: 'k' }],
    ['POST', '/queue/release', {}],
    ['PATCH', '/turns/t1', { before: null }],
    ['DELETE', '/turns/t1'],
    ['POST', '/turns/t1/start', {}],
    ['POST', '/turns/t1/cancel', {}],
    ['POST', '/requests/r1', { outcome: { action: 'cancel' } }],
  ];
  for (const [method, rest, body] of addresses) {
    const [foreign, unknown] = await Promise.all(
      ['s1', 'xx'].map(async (id) => {
        const response = await app.ask(`/api/sessions/${id}${rest}`, {
          method,
          headers: { cookie, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return [response.status, await response.text(), [...response.headers]];
      }),
    );
    expect(foreign, `${method} ${rest}`).toEqual(unknown);
    expect(foreign?.[0], `${method} ${rest}`).toBe(404);
  }
  const counted = await app.ask('/api/diagnostics', { headers: { cookie } });
  expect(await counted.text()).not.toContain('s1');
});
