import { existsSync } from 'node:fs';
import { defineConfig } from 'playwright/test';

/** The system's Chromium where there is one: no download, and the browser people have. */
const chromium = [process.env['TABCAST_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser']
  .filter((path) => path !== undefined)
  .find((path) => existsSync(path));

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Turns are paced by the clock: two tests at once on two cores would measure each other.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // No traces: recording one runs script in cached pages, which evicts them from the back/forward cache.
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          // Playwright turns the back/forward cache off; the page's life in it is half of what is tested here.
          ignoreDefaultArgs: ['--disable-back-forward-cache'],
          args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
        },
      },
    },
  ],
});
