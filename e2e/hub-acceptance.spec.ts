/** The hub's acceptance suite, as it runs in Node, in this browser: over a real SharedWorker, and in the page. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'playwright/test';
import { build } from 'vite';

interface Acceptance {
  names: string[];
  runCase(way: string, name: string): Promise<string | null>;
}
declare const acceptance: Acceptance;

const HARNESS = join(import.meta.dirname, '../worker/testing/browser');
const PAGE =
  '<!doctype html><title>hub acceptance</title><script type="module" src="/page.js"></script>';

let folder = '';
let server: Server;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-acceptance-'));
  await build({
    configFile: false,
    root: HARNESS,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: {
        input: { page: join(HARNESS, 'page.ts'), worker: join(HARNESS, 'worker.ts') },
        // The page imports what the worker's script exports (T3).
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  server = createServer((request, response) => {
    const name = basename(request.url ?? '/');
    if (name === '') {
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    readFile(join(folder, name)).then(
      (script) => response.setHeader('content-type', 'text/javascript').end(script),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

test.afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await rm(folder, { recursive: true, force: true });
});

for (const way of ['a SharedWorker', 'the page itself']) {
  test(`[H1] [H4] [H5] [H12] [T3] a hub in ${way} does what a tab may expect`, async ({ page }) => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'acceptance' in globalThis);
    const names = await page.evaluate(() => acceptance.names);
    expect(names.length).toBeGreaterThanOrEqual(4);
    for (const name of names) {
      await test.step(name, async () => {
        const wrong = await page.evaluate(([a, b]) => acceptance.runCase(a, b), [
          way,
          name,
        ] as const);
        expect.soft(wrong, name).toBeNull();
      });
    }
  });
}
