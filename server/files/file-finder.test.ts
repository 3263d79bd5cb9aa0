import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileFinder, KEPT_MS } from './file-finder.ts';
import { listFolder, type FolderEntries } from './folder-entries.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tabcast-files-')));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (...paths: string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
};
const finder = () => createFileFinder({ roots: [root], now: () => 0 });
const found = async (query = '') =>
  (await finder().find(root, query, 50)).files.map(({ path }) => path).sort();

test('[P43] a walk leaves out hidden and fetched folders', async () => {
  write('a.txt', '.env', 'src/b.ts', 'node_modules/x/index.js', '.git-like/c', '.cache/d');
  expect(await found()).toEqual(['.env', 'a.txt', 'src/', 'src/b.ts']);
  expect((await finder().find(root, 'b.ts', 5)).files).toEqual([{ path: 'src/b.ts', size: 8 }]);
});

test('[P43] in a repository git says what counts', async () => {
  write('kept.txt', 'new/one.txt', 'out/built.js', '.gitignore');
  writeFileSync(join(root, '.gitignore'), 'out/\n');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  git('init');
  git('add', 'kept.txt');
  expect(await found()).toEqual(['.gitignore', 'kept.txt', 'new/', 'new/one.txt']);
  // Deleted, and still in git's index.
  rmSync(join(root, 'kept.txt'));
  expect(await found('kept')).toEqual([]);
});

test('[P43] [A3] nothing outside of the folder, by no link; none of a folder under no root', async () => {
  write('work/a.txt', 'other/secret.txt');
  symlinkSync(join(root, 'other'), join(root, 'work/other'));
  symlinkSync(join(root, 'other/secret.txt'), join(root, 'work/secret.txt'));
  symlinkSync(join(root, 'work/a.txt'), join(root, 'work/b.txt'));
  const own = createFileFinder({ roots: [join(root, 'work')], now: () => 0 });
  const { files, folder } = await own.find(join(root, 'work'), '', 50);
  expect(folder).toBe(join(root, 'work'));
  expect(files.map(({ path }) => path).sort()).toEqual(['a.txt', 'b.txt']);
  for (const query of ['../other', '/etc/passwd', '..']) {
    expect((await own.find(join(root, 'work'), query, 50)).files).toEqual([]);
  }
  await expect(own.find(join(root, 'other'), '', 50)).rejects.toMatchObject({
    code: 'bad_request',
  });
});

test('[P43] a folder without end costs a bounded look, and says so', async () => {
  write(...Array.from({ length: 30 }, (_, n) => `d${n}/f${n}.txt`));
  const { files, more } = await listFolder(root, { entries: 20, time: 10_000 });
  expect(more).toBe(true);
  expect(files.length).toBeLessThanOrEqual(20);
  expect((await listFolder(root, { entries: 20_000, time: 0 })).more).toBe(true);
  expect((await listFolder(join(root, 'gone'))).files).toEqual([]);
});

test('[P43] a list is kept for some seconds, of a few folders', async () => {
  let now = 0;
  const listed: string[] = [];
  const list = async (folder: string): Promise<FolderEntries> => {
    listed.push(folder);
    return { files: [], more: false };
  };
  const own = createFileFinder({ roots: [root], now: () => now, list });
  for (const query of ['a', 'ab', 'abc']) await own.find(root, query, 5);
  expect(listed).toEqual([root]);
  now = KEPT_MS;
  await own.find(root, 'a', 5);
  expect(listed).toHaveLength(2);
  write(...Array.from({ length: 8 }, (_, n) => `s${n}/x`));
  for (let n = 0; n < 8; n += 1) await own.find(join(root, `s${n}`), '', 5);
  await own.find(root, '', 5);
  expect(listed).toHaveLength(11);
});
