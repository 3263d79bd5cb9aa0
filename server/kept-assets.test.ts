import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBuilt } from './bootstrap.mjs';
import { loadStatic } from './http/static.ts';
import { createTestApp } from './http/testing/test-app.ts';
import { KEPT_BUILDS, nextBuilds } from './kept-assets.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabcast-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const client = (): string => join(folder, 'dist/client');
const assets = (): string[] => readdirSync(join(client(), 'assets')).sort();

/** As Vite does it: empties the folder, then writes. */
function vite(version: string): void {
  rmSync(client(), { recursive: true, force: true });
  mkdirSync(join(client(), 'assets'), { recursive: true });
  writeFileSync(join(client(), 'index.html'), `page ${version}`);
  writeFileSync(join(client(), `assets/hub-${version}.js`), `hub ${version}`);
  writeFileSync(join(client(), `assets/hub-${version}.js.map`), '{}');
  writeFileSync(join(client(), 'assets/same-in-all.css'), 'css');
}
async function build(version: string, run = async () => vite(version)): Promise<void> {
  mkdirSync(join(folder, 'ui'), { recursive: true });
  writeFileSync(join(folder, 'ui/source.ts'), version);
  await ensureBuilt({ folder, say: () => {}, run });
}

test('[T4] the files of earlier builds are kept and served; the page is the new one', async () => {
  await build('a');
  await build('b');
  expect(assets()).toEqual(['hub-a.js', 'hub-b.js', 'hub-b.js.map', 'same-in-all.css']);
  const { ask } = createTestApp({ page: loadStatic(client()) });
  expect(await (await ask('/assets/hub-a.js')).text()).toBe('hub a');
  expect(await (await ask('/assets/hub-b.js')).text()).toBe('hub b');
  expect(await (await ask('/')).text()).toBe('page b');
});

test('[T4] only those of the last builds', async () => {
  const versions = Array.from({ length: KEPT_BUILDS + 2 }, (_, index) => `v${index}`);
  for (const version of versions) await build(version);
  expect(assets().filter((file) => /^hub-.*\.js$/.test(file))).toEqual(
    versions.slice(-KEPT_BUILDS).map((version) => `hub-${version}.js`),
  );
  expect(assets()).toContain('same-in-all.css');
});

test('[T4] a build that breaks off loses nothing of the ones before', async () => {
  await build('a');
  await build('b');
  await expect(build('c', () => Promise.reject(new Error('syntax')))).rejects.toThrow('syntax');
  await build('c');
  expect(assets()).toEqual(['hub-a.js', 'hub-b.js', 'hub-c.js', 'hub-c.js.map', 'same-in-all.css']);
  expect(existsSync(join(folder, 'dist/assets-aside'))).toBe(false);
});

test('[T4] what was built before there was a list is one build; a damaged list begins anew', async () => {
  vite('old');
  await build('a');
  expect(assets()).toContain('hub-old.js');
  writeFileSync(join(folder, 'dist/builds.json'), '[[');
  await build('b');
  expect(JSON.parse(readFileSync(join(folder, 'dist/builds.json'), 'utf8'))).toHaveLength(1);
});

test('[T4] going back to a build moves it to the front', () => {
  expect(nextBuilds(['x', 'y'], [['b'], ['y', 'x'], ['a']])).toEqual([['x', 'y'], ['b'], ['a']]);
});
