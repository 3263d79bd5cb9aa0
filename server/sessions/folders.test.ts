import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFolders, MOST_FOLDERS } from './folders.ts';

let base = '';
let root = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'tabcast-folders-')));
  root = join(base, 'root');
  for (const path of [
    'root/site/src',
    'root/.hidden',
    'root/Server',
    'root/a10',
    'root/a9',
    'out/in',
  ]) {
    mkdirSync(join(base, path), { recursive: true });
  }
  writeFileSync(join(root, 'a-file'), '');
});
afterEach(() => rmSync(base, { recursive: true }));

const under = (...names: string[]) => names.map((name) => join(root, name));

test('[P11] nothing typed: the roots, and what is in the first; hidden folders last, no files', async () => {
  const other = join(base, 'out');
  expect(await findFolders('', [root, other])).toEqual({
    roots: [root, other],
    folders: [root, other, ...under('a9', 'a10', 'Server', 'site', '.hidden')],
    more: false,
  });
});

test('[P11] a name is completed whatever its case, absolute or from the first root', async () => {
  expect((await findFolders(join(root, 's'), [root])).folders).toEqual(under('Server', 'site'));
  expect((await findFolders('SI', [root])).folders).toEqual(under('site'));
  expect((await findFolders('site/', [root])).folders).toEqual(under('site/src'));
  expect((await findFolders('.', [root])).folders).toEqual(under('.hidden'));
  // On the way to a root that was not typed whole.
  expect((await findFolders(root.slice(0, -2), [root])).folders).toEqual([root]);
});

test('[P11] nothing outside the roots is told, by dots, links or a link in the way', async () => {
  symlinkSync(join(base, 'out'), join(root, 'escape'));
  symlinkSync(join(root, 'site'), join(root, 'shortcut'));
  symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
  const all = (await findFolders('', [root])).folders;
  expect(all).toContain(join(root, 'shortcut'));
  expect(all.filter((path) => /escape|broken/.test(path))).toEqual([]);
  for (const typed of [
    `${base}/`,
    join(base, 'out/'),
    '../out/',
    'escape/',
    '/',
    '/etc/',
    `${root}/../out/`,
  ]) {
    expect((await findFolders(typed, [root])).folders.filter((path) => path !== root)).toEqual([]);
  }
  expect((await findFolders('', [])).folders).toEqual([]);
});

test('[P11] at most two hundred are told, and that there are more', async () => {
  for (let n = 0; n < MOST_FOLDERS + 5; n += 1) mkdirSync(join(root, 'site', `n${n}`));
  const { folders, more } = await findFolders('site/', [root]);
  expect(folders).toHaveLength(MOST_FOLDERS);
  expect(more).toBe(true);
  expect((await findFolders('site/n20', [root])).folders).toHaveLength(6);
});
