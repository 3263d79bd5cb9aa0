import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';

interface Step {
  writer: string;
  value: number;
}

let db: Database.Database;
let commits = 0;
let group: GroupCommit<Step>;
beforeEach(() => {
  commits = 0;
  const verbose = (sql: unknown): void => void (sql === 'COMMIT' && (commits += 1));
  db = new Database(':memory:', { verbose });
  db.pragma('foreign_keys = ON');
  db.exec(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE steps (
      value INTEGER UNIQUE,
      parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
    );
    CREATE TRIGGER lost BEFORE INSERT ON steps WHEN new.value = 666 BEGIN
      SELECT RAISE(ROLLBACK, 'the transaction is lost');
    END;`);
  const insert = db.prepare('INSERT INTO steps (value) VALUES (?)');
  const apply = ({ value }: Step): void => {
    insert.run(value);
    // Half of a step is written when it is refused.
    if (value < 0) throw new Error(`no ${value}`);
    if (value === 404) db.exec('INSERT INTO steps (parent) VALUES (1)');
  };
  group = createGroupCommit<Step>({ db, apply, writerOf: ({ writer }) => writer });
});
afterEach(() => db.close());

const write = (...values: number[]): Promise<PromiseSettledResult<void>[]> =>
  Promise.allSettled(values.map((value) => group.write({ writer: `w${value}`, value })));
const values = (): unknown[] => db.prepare('SELECT value FROM steps ORDER BY rowid').pluck().all();
const reasons = (results: PromiseSettledResult<void>[]): string[] =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : String(result.reason)));

test('[L2] what is written in one turn of the event loop is one transaction, in order', async () => {
  const all = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(new Set(reasons(await write(...all)))).toEqual(new Set(['ok']));
  expect(commits).toBe(1);
  expect(values()).toEqual(all);
});

test('[L2] a step that fails is undone and fails alone', async () => {
  expect(reasons(await write(1, -2, 3, 1, 4))).toEqual([
    'ok',
    'Error: no -2',
    'ok',
    expect.stringContaining('UNIQUE'),
    'ok',
  ]);
  expect(values()).toEqual([1, 3, 4]);
});

test('[L2] when the COMMIT fails, all fail, nothing is written, and the next group goes on', async () => {
  const failed = reasons(await write(1, 404, -2, 3));
  expect(failed).toHaveLength(4);
  for (const reason of failed) expect(reason).toContain('FOREIGN KEY');
  expect(values()).toEqual([]);
  expect(reasons(await write(1, 3))).toEqual(['ok', 'ok']);
  expect(values()).toEqual([1, 3]);
});

test('[L2] when the transaction itself is lost, all fail and nothing is written', async () => {
  const failed = reasons(await write(1, 666, 3));
  for (const reason of failed) expect(reason).toContain('the transaction is lost');
  expect(values()).toEqual([]);
  expect(reasons(await write(5))).toEqual(['ok']);
});

test('[L2] a full disk fails what did not fit, and what fits later is written', async () => {
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
  const many = Array.from({ length: 5_000 }, (_, n) => n + 1_000);
  const results = reasons(await write(...many));
  const full = results.filter((reason) => reason.includes('full'));
  expect(full.length).toBeGreaterThan(0);
  expect(results.filter((reason) => reason === 'ok')).toHaveLength(values().length);
  db.pragma('max_page_count = 100000');
  expect(reasons(await write(9_999))).toEqual(['ok']);
});

test('flush commits at once, what waits is resolved, and no timer is left', async () => {
  const pending = write(1, 2);
  group.flush();
  expect(values()).toEqual([1, 2]);
  expect(reasons(await pending)).toEqual(['ok', 'ok']);
  group.flush();
  expect(commits).toBe(1);
});

test('[L2] after a commit others gather for a moment; a writer who is alone never waits', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const alone = { writer: 'a', value: 1 };
  const first = group.write(alone);
  vi.advanceTimersByTime(0);
  await first;
  const second = group.write({ ...alone, value: 2 });
  vi.advanceTimersByTime(0);
  await second;
  const others = [group.write({ writer: 'b', value: 3 })];
  vi.advanceTimersByTime(1);
  others.push(group.write({ writer: 'c', value: 4 }));
  expect(commits).toBe(2);
  vi.advanceTimersByTime(25);
  await Promise.all(others);
  expect(commits).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});
