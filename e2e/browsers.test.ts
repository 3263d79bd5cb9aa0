import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ABILITIES, browserProjects } from './browsers.ts';

/** That some browser is known to have or to lack. */
const NEEDS = Object.keys(ABILITIES.chromium);
const BUILT = { chromium: '/pw/chrome', firefox: '/pw/firefox', webkit: '/pw/webkit' };

function projects(files: string[], env: Record<string, string> = {}) {
  return browserProjects({
    env,
    exists: (path) => files.includes(path),
    builtBy: (name) => BUILT[name],
  });
}
const names = (files: string[], env: Record<string, string> = {}) =>
  projects(files, env).map(({ name }) => name);
const launch = (files: string[], env: Record<string, string> = {}) =>
  projects(files, env).map(({ use }) => use?.launchOptions);

test('Chromium is always there: the named one, the system’s, Playwright’s, or whatever Playwright says is missing', () => {
  expect(names([])).toEqual(['chromium']);
  expect(launch([])[0]).not.toHaveProperty('executablePath');
  expect(launch(['/pw/chrome'])[0]).toMatchObject({ executablePath: '/pw/chrome' });
  expect(launch(['/pw/chrome', '/usr/bin/chromium'])[0]).toMatchObject({
    executablePath: '/usr/bin/chromium',
  });
  expect(launch(['/mine', '/usr/bin/chromium'], { TABCAST_CHROMIUM: '/mine' })[0]).toMatchObject({
    executablePath: '/mine',
  });
});

test('Firefox and WebKit are there when Playwright’s builds of them are', () => {
  expect(names(['/pw/webkit'])).toEqual(['chromium', 'webkit']);
  expect(names(['/pw/firefox', '/pw/webkit'])).toEqual(['chromium', 'firefox', 'webkit']);
  expect(launch(['/pw/firefox', '/pw/webkit']).slice(1)).toEqual([
    { executablePath: '/pw/firefox' },
    { executablePath: '/pw/webkit' },
  ]);
});

test('a variable names another: a stock Firefox goes over WebDriver BiDi', () => {
  const env = { TABCAST_FIREFOX: '/mine/firefox', TABCAST_WEBKIT: '/mine/webkit' };
  const [, firefox, webkit] = launch(['/mine/firefox', '/mine/webkit', '/pw/firefox'], env);
  expect(firefox).toMatchObject({ channel: 'moz-firefox', env });
  expect(webkit).toEqual({ executablePath: '/mine/webkit' });
  expect(() => projects([], env)).toThrow('TABCAST_FIREFOX: there is no /mine/firefox');
});

test('what a browser can’t do is not in its project', () => {
  const [chromium, firefox, webkit] = projects(['/pw/firefox', '/pw/webkit']);
  const has = (project: typeof chromium, title: string) =>
    ![project?.grepInvert ?? []].flat().some((lacking) => lacking.test(title));
  for (const ability of NEEDS) {
    const title = `a spec.ts a test @needs-${ability}`;
    expect([chromium, firefox, webkit].map((project) => has(project, title))).toEqual([
      true,
      false,
      false,
    ]);
  }
  expect([chromium, firefox, webkit].map((project) => has(project, 'a test'))).toEqual([
    true,
    true,
    true,
  ]);
});

test('every need that a spec names is one that browsers are told apart by', () => {
  const specs = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.spec.ts'));
  const named = specs.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/@needs-(\w*)/g)].map(
      ([, need]) => need,
    ),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((need) => !NEEDS.some((known) => known === need))).toEqual([]);
});
