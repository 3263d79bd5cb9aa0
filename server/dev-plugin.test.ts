import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tabcastApi } from './dev-plugin.ts';

let folder = '';
let server: ViteDevServer | null = null;
const printed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tabcast-dev-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  vi.stubEnv('TABCAST_DATA', join(folder, 'data'));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    printed.push(String(line));
    return true;
  });
  server = await createServer({
    configFile: false,
    root: folder,
    cacheDir: join(folder, 'cache'),
    logLevel: 'silent',
    plugins: [tabcastApi()],
    server: { host: '127.0.0.1', port: 0 },
  });
  await server.listen();
  vi.mocked(process.stdout.write).mockRestore();
}, 60_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

test('page and API on one port: the link signs in', async () => {
  if (server?.httpServer == null) throw new Error('no server');
  const { port } = server.httpServer.address() as AddressInfo;
  const link = printed.find((line) => line.startsWith('tabcast: '));
  expect(link).toMatch(new RegExp(`^tabcast: http://localhost:${port}/\\?token=[\\w-]{43}\n$`));
  const base = `http://127.0.0.1:${port}`;
  const token = link?.trim().split('token=')[1] ?? '';

  const signIn = await fetch(`${base}/?token=${token}`, { redirect: 'manual' });
  expect(signIn.status).toBe(303);
  const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const rows = await fetch(`${base}/api/sessions`, { headers: { cookie } });
  expect(await rows.json()).toEqual({ sessions: [] });
  expect((await fetch(`${base}/api/sessions`)).status).toBe(401);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);

  const page = await fetch(`${base}/session/x`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-security-policy')).toBeNull();
  // Vite's own client is injected.
  expect(await page.text()).toContain('/@vite/client');
});
