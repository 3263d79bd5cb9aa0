import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureBuilt, ensureInstalled, isInstalled, sourceHash } from './bootstrap.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabcast-bootstrap-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};

const LOCK = {
  '': { name: 'tabcast' },
  'node_modules/hono': { version: '1.0.0' },
  'node_modules/vitest': { version: '2.0.0', dev: true },
  'node_modules/only-on-mac': { version: '3.0.0', optional: true },
};
const lock = (packages: object): string => JSON.stringify({ packages });
/** As npm leaves it. */
const install = (...names: (keyof typeof LOCK)[]): void => {
  for (const name of names) mkdirSync(join(folder, name), { recursive: true });
  write(
    'node_modules/.package-lock.json',
    lock(Object.fromEntries(names.map((name) => [name, LOCK[name]]))),
  );
};

function recorder() {
  const runs: string[] = [];
  return {
    runs,
    say: () => {},
    run: async (command: string, args: readonly string[]): Promise<void> => {
      runs.push([command, ...args].join(' '));
    },
  };
}

describe('installing', () => {
  beforeEach(() => write('package-lock.json', lock(LOCK)));

  test('nothing there: everything but what only tests need', async () => {
    const { run, runs, say } = recorder();
    expect(await ensureInstalled({ folder, say, run })).toBe(true);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatch(/ install --no-save .*--omit=dev$/);
  });

  test('the second time: nothing', async () => {
    install('node_modules/hono');
    const { run, runs, say } = recorder();
    expect(await ensureInstalled({ folder, say, run })).toBe(false);
    expect(runs).toEqual([]);
  });

  test('with dev: only a full install will do, and it will do without dev too', async () => {
    install('node_modules/hono');
    expect(isInstalled(folder, true)).toBe(false);
    const { run, runs, say } = recorder();
    expect(await ensureInstalled({ folder, say, run, dev: true })).toBe(true);
    expect(runs[0]).not.toContain('--omit');
    install('node_modules/hono', 'node_modules/vitest');
    expect(isInstalled(folder, true)).toBe(true);
    expect(isInstalled(folder, false)).toBe(true);
  });

  test('the lock file names another version', () => {
    install('node_modules/hono');
    write('package-lock.json', lock({ ...LOCK, 'node_modules/hono': { version: '1.0.1' } }));
    expect(isInstalled(folder, false)).toBe(false);
  });

  test('a package was deleted, or the install broke off', () => {
    install('node_modules/hono');
    rmSync(join(folder, 'node_modules/hono'), { recursive: true });
    expect(isInstalled(folder, false)).toBe(false);
    rmSync(join(folder, 'node_modules/.package-lock.json'));
    expect(isInstalled(folder, false)).toBe(false);
  });
});

describe('building', () => {
  beforeEach(() => {
    write('package-lock.json', '{}');
    write('vite.config.ts', 'config');
    write('server/main.ts', 'server');
    write('ui/index.html', 'page');
  });

  test('once, and again when a source changes', async () => {
    const { run, runs, say } = recorder();
    expect(await ensureBuilt({ folder, say, run })).toBe(true);
    expect(runs[0]).toMatch(/vite\.js build --app/);
    expect(await ensureBuilt({ folder, say, run })).toBe(false);
    for (const path of [
      'server/main.ts',
      'ui/new.css',
      'shared/x.ts',
      'vite.config.ts',
      'package-lock.json',
    ]) {
      write(path, `changed ${path}`);
      expect(await ensureBuilt({ folder, say, run })).toBe(true);
      expect(await ensureBuilt({ folder, say, run })).toBe(false);
    }
    rmSync(join(folder, 'server/main.ts'));
    expect(await ensureBuilt({ folder, say, run })).toBe(true);
  });

  test('tests and times are no reason', () => {
    const before = sourceHash(folder);
    write('server/main.test.ts', 'test');
    write('server/testing/fake.ts', 'fake');
    utimesSync(join(folder, 'server/main.ts'), 0, 0);
    expect(sourceHash(folder)).toBe(before);
  });

  test('a build that breaks off is done again', async () => {
    const { run, runs, say } = recorder();
    await ensureBuilt({ folder, say, run });
    write('ui/index.html', 'changed');
    const broken = ensureBuilt({ folder, say, run: () => Promise.reject(new Error('syntax')) });
    await expect(broken).rejects.toThrow('syntax');
    write('ui/index.html', 'page');
    expect(await ensureBuilt({ folder, say, run })).toBe(true);
    expect(runs).toHaveLength(2);
  });

  test('without the output there is nothing to run', async () => {
    const { run, say } = recorder();
    await ensureBuilt({ folder, say, run });
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(await ensureBuilt({ folder, say, run })).toBe(true);
  });
});
