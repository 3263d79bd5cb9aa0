import { defineConfig } from 'playwright/test';
import specs from '../playwright.config.ts';

/** The pictures are no tests: they have a command of their own. */
export default defineConfig({
  ...specs,
  testDir: '.',
  testMatch: '**/*.shots.ts',
  fullyParallel: true,
  outputDir: '../../test-results',
  projects: (specs.projects ?? []).filter(({ name }) => name === 'chromium'),
});
