/** Chromium for the benches, and the pages that they run in. */
import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { build, type Rolldown } from 'vite';
import type { Bench } from './pages/tab.ts';

function options() {
  const executablePath = [
    process.env['TABCAST_CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
  ].find((path) => path !== undefined && existsSync(path));
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  };
}

/** The system's Chromium where there is one. */
export function launch(): Promise<Browser> {
  return chromium.launch(options());
}

/** With a profile on disk, for programs that speak to it themselves on that port. */
export function launchKept(profile: string, port: number): Promise<BrowserContext> {
  const { args, ...others } = options();
  return chromium.launchPersistentContext(profile, {
    ...others,
    args: [...args, `--remote-debugging-port=${port}`],
  });
}

const PAGES = join(import.meta.dirname, 'pages');

/** @returns the script of one of the pages */
export async function bundle(entry: string): Promise<string> {
  const made = (await build({
    configFile: false,
    logLevel: 'warn',
    root: PAGES,
    build: {
      write: false,
      rollupOptions: { input: join(PAGES, entry), output: { entryFileNames: 'out.js' } },
    },
  })) as Rolldown.RolldownOutput;
  return made.output[0].code;
}

export interface BenchSite {
  readonly origin: string;
  close(): void;
}

/** Serves the benches' own page and worker: the product's hub, client and fold, without server and markup. */
export async function startBenchSite(): Promise<BenchSite> {
  const scripts = new Map([
    ['/tab.js', await bundle('tab.ts')],
    ['/worker.js', await bundle('worker.ts')],
  ]);
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(
      script ?? '<!doctype html><title>bench</title><script type=module src=/tab.js></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A tab of the benches, its script loaded. */
export async function openBenchTab(browser: Page, origin: string): Promise<Page> {
  await browser.goto(origin);
  await browser.waitForFunction(() => 'bench' in globalThis);
  return browser;
}

declare global {
  // What pages/tab.ts puts there.
  var bench: Bench;
}
