import { existsSync } from 'node:fs';
import { chromium, defineConfig, firefox, webkit } from 'playwright/test';
import { browserProjects } from './browsers.ts';

const playwright = { chromium, firefox, webkit };

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // One picture for all machines: the fonts come with the page.
  snapshotPathTemplate: '{testDir}/states/{arg}{ext}',
  // Turns are paced by the clock: two tests at once on two cores would measure each other.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // No traces: recording one runs script in cached pages, which evicts them from the back/forward cache.
  // An element that went away while it was asked about would be waited for until the test's own end.
  use: {
    trace: 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
  },
  projects: browserProjects({
    env: process.env,
    exists: existsSync,
    builtBy: (name) => playwright[name].executablePath(),
  }),
});
