import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { loadStatic } from './static.ts';
import { createTestApp } from './testing/test-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'tabcast-static-'));
afterAll(() => rmSync(folder, { recursive: true }));
const client = join(folder, 'client');
const script = 'console.log("hello");\n'.repeat(100);
mkdirSync(join(client, 'assets'), { recursive: true });
writeFileSync(join(client, 'index.html'), '<!doctype html><title>tabcast</title>');
writeFileSync(join(client, 'favicon.svg'), '<svg/>');
writeFileSync(join(client, 'assets/index-abc123.js'), script);
writeFileSync(join(client, 'assets/logo-abc123.png'), new Uint8Array([137, 80, 78, 71]));
writeFileSync(join(folder, 'secret.txt'), 'secret');

const { ask } = createTestApp({ page: loadStatic(client) });

describe('the page', () => {
  test.each(['/', '/hub', '/session/abc', '/session/old%20id', '/index.html'])(
    '%s, without sign-in',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toContain('<title>tabcast');
    },
  );

  test('[T2] it may be stored, so that the back/forward cache may keep it', async () => {
    expect((await ask('/session/abc')).headers.get('cache-control')).toBe('no-cache');
  });

  test.each(['/session', '/session/', '/session/a/b', '/hub/', '/nothing', '/%2e%2e/secret.txt'])(
    '%s is not the page',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('<title>');
    },
  );
});

describe('assets', () => {
  test('a type, a long life, and an ETag that spares the second load', async () => {
    const response = await ask('/assets/index-abc123.js');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await response.text()).toBe(script);
    const etag = response.headers.get('etag') ?? '';
    const again = await ask('/assets/index-abc123.js', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const weak = await ask('/assets/index-abc123.js', {
      headers: { 'if-none-match': `"x", W/${etag}` },
    });
    expect(weak.status).toBe(304);
  });

  test('packed for those who take it, under an ETag of its own', async () => {
    const plain = await ask('/assets/index-abc123.js');
    const packed = await ask('/assets/index-abc123.js', {
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(gunzipSync(new Uint8Array(await packed.arrayBuffer())).toString()).toBe(script);
    const refused = await ask('/assets/index-abc123.js', {
      headers: { 'accept-encoding': 'gzip;q=0, br' },
    });
    expect(refused.headers.get('content-encoding')).toBeNull();
    const picture = await ask('/assets/logo-abc123.png', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(picture.headers.get('content-encoding')).toBeNull();
    expect(picture.headers.get('content-type')).toBe('image/png');
  });

  test('a missing one is a 404, never the page', async () => {
    for (const path of ['/assets/index-old.js', '/assets/', '/assets', '/favicon.ico']) {
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('Not found');
    }
  });

  test('nothing outside the folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2f..%2fsecret.txt',
      '//secret.txt',
    ]) {
      expect((await ask(path)).status).toBe(404);
    }
  });
});

test('a folder without a page is refused at the start', () => {
  expect(() => loadStatic(join(client, 'assets'))).toThrow(/not built/);
});
