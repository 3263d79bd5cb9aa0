import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase, StoreOpenError } from './database.ts';
import { MIGRATIONS, migrate, schemaProblem } from './schema.ts';
import { openSqliteStore } from './sqlite.ts';
import { append, entries, newSession, settledTurn, stateAt } from './testing/samples.ts';
import { storeAcceptance } from './testing/store-acceptance.ts';

storeAcceptance('the store in SQLite, in memory', async () => {
  const store = openSqliteStore({ file: ':memory:' });
  return { store, cleanup: () => store.close() };
});

storeAcceptance('the store in SQLite, in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-store-'));
  const file = join(folder, 'tabcast.db');
  let store = openSqliteStore({ file });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openSqliteStore({ file });
      return store;
    },
    cleanup: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-store-'));
  file = join(folder, 'tabcast.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens where it must fail. */
function refusal(path = file): StoreOpenError {
  try {
    openSqliteStore({ file: path, busyTimeoutMs: 0 });
  } catch (error) {
    if (error instanceof StoreOpenError) return error;
    throw error;
  }
  throw new Error(`${path} was opened`);
}

/** Works on the file with no store around it. */
function raw<T>(work: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

test('[L2] reopening keeps everything', async () => {
  const first = openSqliteStore({ file });
  await first.createSession(newSession('a'));
  const step = {
    keys: [{ key: 'k', turnId: 't' }],
    settled: [settledTurn(0)],
    checkpoint: stateAt('log-a', 3),
    rotateTo: 'a2',
  };
  await first.append(append('log-a', 0, 3, step));
  const record = await first.patch('log-a', { draft: 'half', pinned: true, agentSessionId: 'x' });
  await first.close();

  const second = openSqliteStore({ file });
  expect(await second.session('ada', 'a')).toEqual(record);
  expect(await second.entriesAfter('log-a', 0, 10)).toEqual(entries(0, 3));
  expect(await second.turns('log-a', null, 10)).toEqual([settledTurn(0)]);
  expect(await second.checkpoint('log-a')).toEqual(stateAt('log-a', 3));
  expect(await second.turnByKey('log-a', 'k')).toBe('t');
  await second.append(append('log-a', 3, 1));
  await second.close();
});

test('[L2] the file is a write-ahead log that is synced at every commit', () => {
  const db = openDatabase({ file });
  try {
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  } finally {
    db.close();
  }
});

describe('one process per file', () => {
  test('a second store is refused while the first is open', async () => {
    const first = openSqliteStore({ file });
    const { message } = refusal();
    expect(message).toContain(`${file} is in use by another process`);
    expect(message).toContain('--data');
    await first.createSession(newSession('a'));
    await first.close();
    const second = openSqliteStore({ file });
    expect(await second.session('ada', 'a')).not.toBeNull();
    await second.close();
  });

  test('[L1] [L2] [L9] SIGKILL: every acknowledged entry is there, nothing is half written, and the lock is gone', async () => {
    let acknowledged = 0;
    for (const lines of [1, 40, 200]) {
      const child = startAppending();
      onTestFinished(() => void child.kill('SIGKILL'));
      const line = createInterface({ input: child.stdout });
      let seen = 0;
      let refused = '';
      line.on('line', (text) => {
        acknowledged = Number(text);
        seen += 1;
        if (seen === 1) refused = refusal().message;
        if (seen === lines) child.kill('SIGKILL');
      });
      const [code, signal] = await once(child, 'close');
      expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
      expect(seen).toBeGreaterThanOrEqual(lines);
      expect(refused).toContain(`${file} is in use by another process`);

      const store = openSqliteStore({ file });
      const lastSeq = (await store.session('ada', 'a'))?.lastSeq ?? 0;
      expect(lastSeq).toBeGreaterThanOrEqual(acknowledged);
      expect(await store.entriesAfter('log-a', 0, lastSeq + 100)).toEqual(entries(0, lastSeq));
      expect(await store.checkpoint('log-a')).toEqual(stateAt('log-a', lastSeq));
      expect(await store.turns('log-a', null, 1)).toEqual([settledTurn(lastSeq)]);
      expect(await store.turnByKey('log-a', `key-${acknowledged}`)).toBe(`turn-${acknowledged}`);
      await store.close();
      expect(raw((db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
      expect(raw((db) => db.pragma('foreign_key_check'))).toEqual([]);
    }
  }, 60_000);

  function startAppending(): ChildProcessByStdio<null, Readable, null> {
    const script = join(import.meta.dirname, 'testing', 'append-forever.ts');
    return spawn(process.execPath, ['--import', 'tsx', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
});

describe('files that are not ours to use', () => {
  test('a newer schema is refused by both versions, and left as it is', async () => {
    await openSqliteStore({ file }).close();
    const newer = MIGRATIONS.length + 6;
    raw((db) => db.pragma(`user_version = ${newer}`));
    const { message } = refusal();
    expect(message).toContain(file);
    expect(message).toContain(`version ${newer}`);
    expect(message).toContain(`up to ${MIGRATIONS.length}`);
    expect(raw((db) => db.pragma('user_version', { simple: true }))).toBe(newer);
  });

  test('a database of another program is refused, and left as it is', () => {
    raw((db) => db.exec('CREATE TABLE sessions (x)'));
    expect(refusal().message).toContain('another program');
    expect(raw((db) => db.prepare('SELECT sql FROM sqlite_schema').pluck().all())).toEqual([
      'CREATE TABLE sessions (x)',
    ]);
    expect(raw((db) => db.pragma('journal_mode', { simple: true }))).toBe('delete');
  });

  test('what is no database, or no file, or in no folder: the message names it', async () => {
    await writeFile(file, 'A diary, and a long one. '.repeat(1000));
    expect(refusal().message).toContain(`${file} is not a SQLite database`);
    const directory = join(folder, 'directory');
    await mkdir(directory);
    expect(refusal(directory).message).toContain(`can't open ${directory}`);
    const nowhere = join(folder, 'no', 'folder.db');
    expect(refusal(nowhere).message).toContain(`can't open ${nowhere}`);
  });

  test('a refused file is not kept locked', async () => {
    raw((db) => db.exec('CREATE TABLE other (x)'));
    refusal();
    raw((db) => db.exec('DROP TABLE other'));
    const store = openSqliteStore({ file });
    expect(await store.sessions('ada')).toEqual([]);
    await store.close();
  });
});

describe('migrations', () => {
  const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y DEFAULT 7'];

  test('run from where the file is, and keep its data', () => {
    raw((db) => {
      migrate(db, steps.slice(0, 1));
      db.exec('INSERT INTO a VALUES (1)');
      migrate(db, steps);
      migrate(db, steps);
      expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: 1, y: 7 }]);
      expect(db.pragma('user_version', { simple: true })).toBe(2);
      expect(schemaProblem(db, 2)).toBeNull();
      expect(schemaProblem(db, 1)).toContain('version 2');
    });
  });

  test('a file of version 1 is searchable once it is opened, and goes on from there', async () => {
    const turn = settledTurn(0, 'A café in Lisbon');
    raw((db) => {
      migrate(db, MIGRATIONS.slice(0, 1));
      db.prepare(`
        INSERT INTO sessions (log_id, owner, title, title_source, agent_id, cwd, last_seq, created_at, updated_at)
        VALUES ('log-a', 'ada', 'Old times', 'user', 'demo', '/srv', 1, 1, 1)`).run();
      db.exec("INSERT INTO names VALUES ('a', 'log-a', 0), ('a2', 'log-a', 1)");
      db.prepare("INSERT INTO turns VALUES ('log-a', 0, ?)").run(JSON.stringify(turn));
      expect(db.pragma('user_version', { simple: true })).toBe(1);
    });
    const store = openSqliteStore({ file });
    expect(await store.search('ada', 'cafe', 5)).toMatchObject([
      { sessionId: 'a2', turnId: 'turn-0', ordinal: 0 },
    ]);
    expect(await store.search('ada', 'times', 5)).toMatchObject([{ ordinal: null }]);
    await store.patch('log-a', { title: 'New times' });
    const next = { settled: [settledTurn(1, 'café again')], checkpoint: stateAt('log-a', 2, 2) };
    await store.append(append('log-a', 1, 1, next));
    const hits = await store.search('ada', 'cafe', 5);
    expect(hits.map(({ ordinal }) => ordinal)).toEqual([1, 0]);
    await store.deleteSession('log-a');
    for (const word of ['cafe', 'old', 'new'])
      expect(await store.search('ada', word, 5)).toEqual([]);
    await store.close();
    raw((db) => {
      expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
      expect(db.prepare('SELECT count(*) FROM search_docs').pluck().get()).toBe(0);
      expect(db.prepare('SELECT count(*) FROM search').pluck().get()).toBe(0);
    });
  });

  test('are all done or none', () => {
    raw((db) => {
      migrate(db, steps.slice(0, 1));
      expect(() => migrate(db, [...steps, 'CREATE TABLE a (again)'])).toThrow('already exists');
      expect(db.pragma('user_version', { simple: true })).toBe(1);
      expect(db.pragma('table_info(a)')).toHaveLength(1);
    });
  });
});
