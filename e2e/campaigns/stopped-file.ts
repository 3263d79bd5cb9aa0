/** The database file of a server that was killed, looked at before any other process touches it. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import type { SessionEvent } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import { projectRow } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import type { Ledger } from './ledger.ts';

/** Events of settled turns go after a minute (L8); a younger one that is missing is lost. */
const YOUNG_MS = 45_000;

interface StoredRow {
  logId: string;
  status: string;
  activeTurnId: string | null;
  openRequests: number;
  queued: number;
  lastSeq: number;
  endedSeq: number;
}

/**
 * Blames a damaged file, an event that a reader saw and the file lacks or has otherwise, a gap, and a row that is not
 * the fold of its log. Works on a copy: to open the file itself would mend what the server must mend.
 * @returns the fold of each log, by log id
 */
export async function inspectStopped(
  file: string,
  ledger: Ledger,
  logIds: readonly string[],
): Promise<Map<string, SessionState>> {
  const folder = await mkdtemp(join(tmpdir(), 'tabcast-stopped-'));
  const copy = join(folder, 'copy.sqlite');
  try {
    await copyFile(file, copy);
    if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`);
    const db = new Database(copy);
    try {
      const integrity = db.pragma('integrity_check', { simple: true });
      if (integrity !== 'ok') ledger.blame(`integrity_check: ${String(integrity)}`);
      const strays = db.pragma('foreign_key_check') as unknown[];
      if (strays.length > 0) ledger.blame(`foreign_key_check: ${JSON.stringify(strays[0])}`);
      return new Map(logIds.map((logId) => [logId, inspectLog(db, ledger, logId)]));
    } finally {
      db.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inspectLog(db: Database.Database, ledger: Ledger, logId: string): SessionState {
  const seen = ledger.of(logId);
  const row = db
    .prepare<[string], StoredRow>(
      `SELECT log_id AS logId, status, active_turn_id AS activeTurnId, open_requests AS openRequests,
        queued, last_seq AS lastSeq, ended_seq AS endedSeq FROM sessions WHERE log_id = ?`,
    )
    .get(logId);
  if (row === undefined) {
    ledger.blame(`${logId} is gone`);
    return seen.state;
  }
  const stored = new Map(
    db
      .prepare<[string], { seq: number; json: string }>(
        'SELECT seq, json FROM events WHERE log_id = ? ORDER BY seq',
      )
      .all(logId)
      .map(({ seq, json }) => [seq, json]),
  );
  for (const event of seen.events) {
    const json = stored.get(event.seq);
    const isYoung = event.at > Date.now() - YOUNG_MS;
    if (json === undefined ? isYoung : json !== seen.json.get(event.seq)) {
      ledger.blame(`${logId}:${event.seq} was read, and the file has ${json ?? 'nothing'}`);
    }
  }
  const unseen = [...stored].filter(([seq]) => seq > seen.state.seq);
  const events = unseen.map(([, json]) => JSON.parse(json) as SessionEvent);
  // Throws on a gap.
  const state = foldEvents(seen.state, events);
  const { asks: _asks, lastEnd: _end, ...projected } = projectRow(state);
  if (!isDeepStrictEqual(row, { logId, ...projected })) {
    const told = `${JSON.stringify(row)} is not the fold ${JSON.stringify(projected)}`;
    ledger.blame(`the stored row ${told}`);
  }
  return state;
}
