import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUp, BackupError } from './backup.ts';
import { openDatabase } from './database.ts';
import { restore } from './restore.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { createSqliteStore, openSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';
import { append, entries, newSession, settledTurn, stateAt } from './testing/samples.ts';

let folder: string;
let file: string;
let backup: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-backup-'));
  file = join(folder, 'tabcast.sqlite');
  backup = join(folder, 'backup.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

const NOW = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
let ids = 0;
const putBack = (from = backup) =>
  restore({ backup: from, file, now: NOW, newId: () => `new-${(ids += 1)}` });

async function fill(store: Store): Promise<void> {
  await store.createSession(newSession('a'));
  await store.createSession(newSession('b', { owner: 'bob' }));
  const step = {
    keys: [{ key: 'k', turnId: 't' }],
    settled: [settledTurn(0, 'A café in Lisbon')],
    checkpoint: stateAt('log-a', 3),
    rotateTo: 'a2',
  };
  await store.append(append('log-a', 0, 3, step));
  await store.patch('log-a', { draft: 'half', title: 'Named', titleSource: 'user' });
}

async function filled(): Promise<{ db: Database.Database; store: Store }> {
  const db = openDatabase({ file });
  const store = createSqliteStore(db);
  await fill(store);
  return { db, store };
}

/** Every text in the file, of every table. */
function allTexts(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all();
    return JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM "${table}"`).all()));
  } finally {
    db.close();
  }
}

describe('backup', () => {
  test('[L15] is whole and of one moment while turns go on, and one file', async () => {
    const { db, store } = await filled();
    const large = 'x'.repeat(200_000);
    for (let seq = 0; seq < 20; seq += 1) {
      await store.append(
        append('log-b', seq, 1, { entries: [{ seq: seq + 1, json: JSON.stringify({ large }) }] }),
      );
    }
    let seq = 3;
    const making = new AbortController();
    const writing = (async () => {
      for (; !making.signal.aborted; seq += 1) await store.append(append('log-a', seq, 1));
    })();
    await backUp(db, backup);
    making.abort();
    await writing;
    // It was written to while the copy was made, or this shows nothing.
    expect(seq).toBeGreaterThan(3);
    await store.close();
    expect((await readdir(folder)).toSorted()).toEqual(['backup.sqlite', 'tabcast.sqlite']);

    const copy = openSqliteStore({ file: backup });
    const lastSeq = (await copy.session('ada', 'a2'))?.lastSeq ?? 0;
    expect(lastSeq).toBeGreaterThanOrEqual(3);
    expect(await copy.entriesAfter('log-a', 0, 10_000)).toEqual(entries(0, lastSeq));
    expect(await copy.entriesAfter('log-b', 0, 100)).toHaveLength(20);
    await copy.close();
  });

  test('[L15] never writes over a file, and leaves nothing of one that failed', async () => {
    const { db, store } = await filled();
    await writeFile(backup, 'mine');
    await expect(backUp(db, backup)).rejects.toThrow(/exists already/);
    await expect(backUp(db, join(folder, 'no', 'file'))).rejects.toThrow(BackupError);
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([]);
    await store.append(append('log-a', 3));
    await store.close();
  });
});

describe('restore', () => {
  async function backedUp(): Promise<void> {
    const { db, store } = await filled();
    await backUp(db, backup);
    await store.append(append('log-a', 3, 5));
    await store.createSession(newSession('later'));
    await store.close();
  }

  test('[L15] everything is as it was, under new log ids; what was there is kept beside', async () => {
    await backedUp();
    const setAside = `${file}.before-2030-01-02T03-04-05-678Z`;
    expect(putBack()).toEqual({ sessions: 2, setAside });

    const names = (await readdir(folder)).map((name) => name.replace(/before-.*Z/, 'before'));
    expect(names.toSorted()).toEqual(['backup.sqlite', 'tabcast.sqlite', 'tabcast.sqlite.before']);

    const store = openSqliteStore({ file });
    const a = await store.session('ada', 'a');
    const logId = a?.logId ?? '';
    expect(logId).toMatch(/^new-/);
    expect(a).toMatchObject({
      id: 'a2',
      aliases: ['a'],
      title: 'Named',
      draft: 'half',
      lastSeq: 3,
    });
    expect((await store.session('bob', 'b'))?.logId).toMatch(/^new-/);
    expect(await store.session('ada', 'later')).toBeNull();
    expect(await store.entriesAfter(logId, 0, 10)).toEqual(entries(0, 3));
    expect(await store.turns(logId, null, 10)).toEqual([settledTurn(0, 'A café in Lisbon')]);
    expect(await store.checkpoint(logId)).toEqual(stateAt(logId, 3));
    expect(await store.turnByKey(logId, 'k')).toBe('t');
    expect(await store.search('ada', 'cafe', 5)).toMatchObject([{ sessionId: 'a2', logId }]);
    expect(await store.search('ada', 'named', 5)).toMatchObject([{ logId, turnId: null }]);
    await store.append(append(logId, 3));
    await store.deleteSession(logId);
    expect(await store.search('ada', 'cafe', 5)).toEqual([]);
    await store.close();
    expect(allTexts(file)).not.toContain('log-');

    const kept = openSqliteStore({ file: setAside });
    expect(await kept.entriesAfter('log-a', 0, 10)).toEqual(entries(0, 8));
    expect(await kept.session('ada', 'later')).not.toBeNull();
    await kept.close();
    const untouched = openSqliteStore({ file: backup });
    expect((await untouched.session('ada', 'a'))?.logId).toBe('log-a');
    await untouched.close();
  });

  test('[L15] into a folder without a database', async () => {
    await backedUp();
    await rm(file);
    expect(putBack()).toEqual({ sessions: 2, setAside: null });
    expect((await readdir(folder)).toSorted()).toEqual(['backup.sqlite', 'tabcast.sqlite']);
  });

  test('[L15] over a damaged one, which is kept too', async () => {
    await backedUp();
    await writeFile(file, 'A diary, and a long one. '.repeat(1000));
    const { setAside } = putBack();
    expect(setAside).not.toBeNull();
    const store = openSqliteStore({ file });
    expect(await store.sessions('ada')).toHaveLength(1);
    await store.close();
  });

  test('[L15] refused while the database is in use, which is not disturbed', async () => {
    await backedUp();
    const store = openSqliteStore({ file });
    expect(() => putBack()).toThrow(/in use, probably by a tabcast that runs\. Stop it first/);
    await store.append(append('log-a', 8));
    await store.close();
    expect((await readdir(folder)).toSorted()).toEqual(['backup.sqlite', 'tabcast.sqlite']);
  });

  test('[L15] what is no backup changes nothing', async () => {
    await backedUp();
    const wrong = join(folder, 'wrong.sqlite');
    const refusal = (): string => {
      try {
        putBack(wrong);
      } catch (error) {
        if (error instanceof BackupError) return error.message;
        throw error;
      }
      throw new Error('it was restored');
    };
    const change = (work: (db: Database.Database) => void): void => {
      const db = new Database(wrong);
      work(db);
      db.close();
    };
    expect(refusal()).toContain('There is no file');
    await writeFile(wrong, 'A diary, and a long one. '.repeat(1000));
    expect(refusal()).toContain("can't be restored: file is not a database");
    await rm(wrong);
    change((db) => db.exec('CREATE TABLE other (x)'));
    expect(refusal()).toContain('another program');
    await rm(wrong);
    change((db) => db.exec('VACUUM'));
    expect(refusal()).toContain('not a database of tabcast');
    const newer = MIGRATIONS.length + 1;
    change((db) => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${newer}`);
    });
    expect(refusal()).toMatch(/newer tabcast.*Nothing was changed/);
    const store = openSqliteStore({ file });
    expect((await store.session('ada', 'a'))?.lastSeq).toBe(8);
    await store.close();
    expect((await readdir(folder)).filter((name) => /restoring|before/.test(name))).toEqual([]);
  });
});
