/** The port on real SQLite when its file can't be written or read. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { portError } from './sqlite-errors.ts';
import { createSqliteStore, openSqliteStore } from './sqlite.ts';
import { StorageError, type Store } from './store.ts';
import {
  append,
  entries,
  expectUntouched,
  newSession,
  settledTurn,
  stateAt,
} from './testing/samples.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-storage-'));
  file = join(folder, 'tabcast.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

/** A store whose file has room for this many further pages of 4 KiB. */
async function openTight(pages: number): Promise<{ db: Database.Database; store: Store }> {
  const db = openDatabase({ file });
  const store = createSqliteStore(db);
  for (const id of ['a', 'b', 'c']) await store.createSession(newSession(id));
  limit(db, pages);
  return { db, store };
}

function limit(db: Database.Database, pages: number): void {
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + pages}`);
}

const large = (logId: string, after: number) =>
  append(logId, after, 1, {
    entries: [{ seq: after + 1, json: JSON.stringify({ text: 'x'.repeat(400_000) }) }],
    keys: [{ key: 'k', turnId: 't' }],
    settled: [settledTurn(0)],
    checkpoint: stateAt(logId, after + 1),
    rotateTo: 'a2',
  });

test('[L13] [L2] a full disk refuses a write whole, keeps what there is, and takes it once there is space', async () => {
  const { db, store } = await openTight(4);
  await store.append(append('log-a', 0, 2));
  await expect(store.append(large('log-a', 2))).rejects.toMatchObject({
    name: 'StorageError',
    problem: 'full',
    cause: { code: 'SQLITE_FULL' },
  });
  expect(db.inTransaction).toBe(false);
  await expectUntouched(store, 2);
  expect(await store.search('ada', 'answer', 5)).toEqual([]);
  // What fits is taken all the same.
  await store.append(append('log-a', 2, 1));
  limit(db, 1_000);
  await store.append(large('log-a', 3));
  expect(await store.session('ada', 'a2')).toMatchObject({ aliases: ['a'], lastSeq: 4 });
  await store.close();

  const again = openSqliteStore({ file });
  expect(await again.entriesAfter('log-a', 0, 3)).toEqual(entries(0, 3));
  expect(await again.search('ada', 'answer', 5)).toHaveLength(1);
  await again.close();
  const raw = new Database(file);
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
  raw.close();
});

test('[L13] one log that does not fit does not take those that do with it', async () => {
  const { store } = await openTight(4);
  const results = await Promise.allSettled([
    store.append(append('log-b', 0, 1)),
    store.append(large('log-a', 0)),
    store.append(append('log-c', 0, 1)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store.entriesAfter('log-b', 0, 9)).toEqual(entries(0, 1));
  expect(await store.entriesAfter('log-c', 0, 9)).toEqual(entries(0, 1));
  expect(await store.entriesAfter('log-a', 0, 9)).toEqual([]);
  await store.close();
});

test('[L13] a file that may only be read refuses every write, and serves every reader', async () => {
  const { db, store } = await openTight(100);
  await store.append(append('log-a', 0, 2));
  db.pragma('query_only = ON');
  for (const write of [
    () => store.append(append('log-a', 2)),
    () => store.patch('log-a', { title: 'x' }),
    () => store.createSession(newSession('d')),
    () => store.deleteSession('log-a'),
    () => store.check(),
  ]) {
    await expect(write()).rejects.toMatchObject({ name: 'StorageError', problem: 'read-only' });
  }
  await expectUntouched(store, 2);
  db.pragma('query_only = OFF');
  await store.check();
  await store.append(append('log-a', 2));
  await store.close();
});

test('[L13] a damaged page is told as such, by the calls that need it', async () => {
  const before = openSqliteStore({ file });
  await before.createSession(newSession('a'));
  await before.append(append('log-a', 0, 2));
  await before.close();
  const raw = new Database(file);
  const page = raw
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'events'")
    .pluck()
    .get();
  const size = Number(raw.pragma('page_size', { simple: true }));
  raw.close();
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(size, 0xff), 0, size, (Number(page) - 1) * size);
  await handle.close();

  const store = openSqliteStore({ file });
  expect(await store.session('ada', 'a')).not.toBeNull();
  await expect(store.entriesAfter('log-a', 0, 9)).rejects.toMatchObject({ problem: 'damaged' });
  await expect(store.append(append('log-a', 2))).rejects.toMatchObject({ problem: 'damaged' });
  await store.close();
});

test('what SQLite says of its file is a StorageError, anything else stays what it is', () => {
  const codes = {
    SQLITE_FULL: 'full',
    SQLITE_READONLY_DBMOVED: 'read-only',
    SQLITE_IOERR_WRITE: 'failing',
    SQLITE_IOERR: 'failing',
    SQLITE_CANTOPEN: 'failing',
    SQLITE_CORRUPT_VTAB: 'damaged',
    SQLITE_NOTADB: 'damaged',
  };
  for (const [code, problem] of Object.entries(codes)) {
    const error = portError(new Database.SqliteError('told', code));
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ problem });
  }
  for (const error of [new Database.SqliteError('told', 'SQLITE_CONSTRAINT'), new Error('x'), 7]) {
    expect(portError(error)).toBe(error);
  }
});
