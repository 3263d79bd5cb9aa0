import { describe, expect, test } from 'vitest';
import { isAllowedHost, isLoopback } from './access.ts';
import { createTokenPrincipal } from '../access/principals.ts';
import { createKeptText, createTestApp, TOKEN } from './testing/test-app.ts';

describe('[A2] signing in', () => {
  test('the link sets a cookie and takes the token out of the address', async () => {
    const { ask } = createTestApp();
    const response = await ask(`/?token=${TOKEN}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^tabcast_4180=[\w-]{43};/);
    expect(cookie).not.toContain(TOKEN);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=34560000']) {
      expect(cookie).toContain(part);
    }
    const name = cookie.split(';')[0] ?? '';
    expect((await ask('/api/sessions', { headers: { cookie: name } })).status).toBe(200);
  });

  test('over HTTPS the cookie is Secure', async () => {
    const cookie = async (secure: boolean): Promise<string> => {
      const { ask } = createTestApp({ access: { secure } });
      return (await ask(`/?token=${TOKEN}`)).headers.get('set-cookie') ?? '';
    };
    expect(await cookie(true)).toMatch(/; Secure(;|$)/);
    expect(await cookie(false)).not.toContain('Secure');
  });

  test('a wrong token gets a page that says where the right one is', async () => {
    const { ask } = createTestApp();
    for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
      const response = await ask(`/?token=${token}`);
      expect(response.status).toBe(401);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(response.headers.get('content-type')).toContain('text/html');
      const text = await response.text();
      expect(text).toContain('terminal');
      expect(text.match(/<script.*/g)).toEqual(['<script src="/theme.js"></script>']);
      expect(text).not.toMatch(/style=|<style/);
    }
  });

  test('the cookie goes on working after a restart, and not with another token', async () => {
    const kept = createKeptText();
    const response = await createTestApp({ kept }).ask(`/?token=${TOKEN}`);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const statusWith = async (token: string): Promise<number> => {
      const principals = createTokenPrincipal(token);
      const { ask } = createTestApp({ kept, principals });
      return (await ask('/api/sessions', { headers: { cookie } })).status;
    };
    expect(await statusWith(TOKEN)).toBe(200);
    expect(await statusWith('another-token-of-some-length')).toBe(401);
  });

  test('everything of the API needs it', async () => {
    const { ask, service } = createTestApp();
    service.add('s1');
    const paths = [
      '/api/agents',
      '/api/sessions',
      '/api/sessions/s1',
      '/api/sessions/s1/events',
      '/api/events',
      '/api/diagnostics',
      '/api/nothing',
      '/metrics',
    ];
    for (const path of paths) {
      const response = await ask(path);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    }
    expect(service.calls).toEqual([]);
  });

  test.each([
    ['another token', { authorization: 'Bearer wrong' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the token as the cookie', { cookie: `tabcast_4180=${TOKEN}` }],
    ['the cookie of another port', { cookie: `tabcast_4181=${TOKEN}` }],
  ])('refused: %s', async (_name, headers) => {
    const { ask } = createTestApp();
    expect((await ask('/api/sessions', { headers })).status).toBe(401);
  });

  test('a bearer token is enough', async () => {
    const { request } = createTestApp();
    expect((await request('/api/sessions')).status).toBe(200);
  });
});

describe('[A2] foreign pages', () => {
  test.each(['http://127.0.0.1:4180'])('the own origin %s', async (origin) => {
    const { request } = createTestApp();
    expect((await request('/api/sessions', { headers: { origin } })).status).toBe(200);
  });

  test.each([
    'http://evil.example',
    'http://127.0.0.1:4181',
    'http://localhost:4180',
    'null',
    'ftp://127.0.0.1:4180',
    'http://127.0.0.1:4180.evil.example',
  ])('another origin %s is refused before sign-in is looked at', async (origin) => {
    const { request, service } = createTestApp();
    const response = await request('/api/sessions', { method: 'POST', headers: { origin } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
    expect(service.calls).toEqual([]);
  });

  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ])('Sec-Fetch-Site: %s', async (site, status) => {
    const { request } = createTestApp();
    const response = await request('/api/sessions', { headers: { 'sec-fetch-site': site } });
    expect(response.status).toBe(status);
  });

  test('a name that is rebound to this machine is refused, for the page and the API', async () => {
    const { request } = createTestApp();
    for (const path of ['/', '/api/sessions', `/?token=${TOKEN}`, '/metrics']) {
      const response = await request(path, { headers: { host: 'evil.example:4180' } });
      expect(response.status).toBe(403);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  test('over HTTPS a page of plain HTTP is another origin', async () => {
    const { request } = createTestApp({ access: { secure: true } });
    const from = async (origin: string): Promise<number> =>
      (await request('/api/sessions', { headers: { origin } })).status;
    expect(await from('https://127.0.0.1:4180')).toBe(200);
    expect(await from('http://127.0.0.1:4180')).toBe(403);
  });

  test('a configured name is let in', async () => {
    const { request } = createTestApp({ access: { hosts: ['tabcast.example'] } });
    const headers = { host: 'tabcast.example', origin: 'https://tabcast.example' };
    expect((await request('/api/sessions', { headers })).status).toBe(200);
  });

  test.each([
    ['https://tabcast.example', 200],
    ['https://tabcast.example:8443', 403],
    ['https://other.tabcast.example', 403],
  ])('behind a proxy that names us otherwise in Host, a page of %s: %d', async (origin, status) => {
    const { request } = createTestApp({ access: { hosts: ['tabcast.example'] } });
    const headers = { host: '127.0.0.1:4180', origin };
    expect((await request('/api/sessions', { headers })).status).toBe(status);
  });
});

describe('[A2] the Host header', () => {
  const loopback = { port: 4180, secure: false, host: '127.0.0.1', hosts: [] };
  test.each([
    ['127.0.0.1:4180', loopback, true],
    ['localhost:4180', loopback, true],
    ['LOCALHOST:4180', loopback, true],
    ['[::1]:4180', loopback, true],
    ['127.0.0.1:4181', loopback, false],
    ['127.0.0.1', loopback, false],
    ['127.0.0.1', { ...loopback, port: 80 }, true],
    ['127.0.0.1', { ...loopback, port: 443 }, false],
    ['127.0.0.1', { ...loopback, port: 443, secure: true }, true],
    ['127.0.0.1', { ...loopback, port: 80, secure: true }, false],
    ['127.0.0.1:4180', { ...loopback, secure: true }, true],
    ['192.168.1.5:4180', loopback, false],
    ['localhost.evil.example:4180', loopback, false],
    ['evil.example:4180', loopback, false],
    ['', loopback, false],
    ['127.0.0.1:4180@evil.example', loopback, false],
    ['192.168.1.5:4180', { ...loopback, host: '192.168.1.5' }, true],
    ['192.168.1.5:4180', { ...loopback, host: '0.0.0.0' }, true],
    ['[2001:db8::1]:4180', { ...loopback, host: '::' }, true],
    ['[2001:db8::1]:4180', { ...loopback, host: '2001:db8::1' }, true],
    ['evil.example:4180', { ...loopback, host: '0.0.0.0' }, false],
    ['a.example', { ...loopback, hosts: ['a.example'] }, true],
    ['a.example:443', { ...loopback, hosts: ['a.example'] }, true],
    ['a.example:444', { ...loopback, hosts: ['a.example:443'] }, false],
    ['A.example:443', { ...loopback, hosts: ['a.Example:443'] }, true],
    ['b.example', { ...loopback, hosts: ['a.example'] }, false],
  ])('%s at %o: %s', (header, at, allowed) => {
    expect(isAllowedHost(header, at)).toBe(allowed);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['127.0.0.1.evil.example', false],
])('[A2] %s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
