/** What a disk gives: appends of many logs through the store, and the same rows without it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import { projectRow } from '../../shared/row.ts';
import { emptyState } from '../../shared/state.ts';

const SLICE_MS = 1_000;
/** About what 25 ms of a fast agent's text come to. */
const JSON_TEXT = JSON.stringify({ text: 'words and more words '.repeat(15) });

export interface StoreRates {
  /** Appends per second: of all logs at once, through the store. */
  grouped: number;
  /** … each in a transaction of its own: the fence with the row, and the entry. */
  alone: number;
  /** … the entries only, in transactions of as many as there are logs: the limit. */
  raw: number;
}

export async function measureStore(logs: number): Promise<StoreRates> {
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-appends-'));
  const file = join(folder, 'tabcast.sqlite');
  const names = Array.from({ length: logs }, (_, n) => `log-${n}`);
  const store = openSqliteStore({ file });
  for (const logId of names) {
    const plain = {
      owner: 'local',
      title: '',
      titleSource: 'none',
      agentId: 'a',
      cwd: '/',
    } as const;
    await store.createSession({ ...plain, id: logId, logId, createdAt: 0 });
  }
  let seq = 0;
  const grouped = await rateOf(logs, async () => {
    const after = seq;
    seq += 1;
    const row = { ...projectRow(emptyState('')), lastSeq: seq };
    const none = { keys: [], settled: [], checkpoint: null, rotateTo: null };
    const entries = [{ seq, json: JSON_TEXT }];
    await Promise.all(
      names.map((logId) => store.append({ ...none, logId, after, entries, row, updatedAt: seq })),
    );
  });
  await store.close();

  const db = openDatabase({ file });
  const advance = db.prepare(
    "UPDATE sessions SET last_seq = ?, asks = '[]', last_end = 'null', updated_at = ? WHERE log_id = ? AND last_seq = ?",
  );
  const insert = db.prepare('INSERT INTO events (log_id, seq, json) VALUES (?, ?, ?)');
  const appendOne = db.transaction((logId: string) => {
    advance.run(seq, seq, logId, seq - 1);
    insert.run(logId, seq, JSON_TEXT);
  });
  const alone = await rateOf(logs, () => {
    seq += 1;
    for (const logId of names) appendOne.immediate(logId);
  });
  const insertAll = db.transaction(() => {
    for (const logId of names) insert.run(logId, seq, JSON_TEXT);
  });
  const raw = await rateOf(logs, () => {
    seq += 1;
    insertAll.immediate();
  });
  db.close();
  await rm(folder, { recursive: true });
  return { grouped, alone, raw };
}

/** @returns per second, where a round makes `size` */
async function rateOf(size: number, round: () => void | Promise<void>): Promise<number> {
  const began = performance.now();
  let made = 0;
  while (performance.now() - began < SLICE_MS) {
    await round();
    made += size;
  }
  return (made * 1000) / (performance.now() - began);
}
