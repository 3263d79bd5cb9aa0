/** Puts a backup in the place of a database that nobody uses. */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { BackupError } from './backup.ts';
import { APPLICATION_ID, migrate, schemaProblem } from './schema.ts';

export interface RestoreOptions {
  /** The backup, absolute. It is only read. */
  backup: string;
  /** The database, absolute; its folder must exist. */
  file: string;
  /** Milliseconds since the epoch: names what is set aside. */
  now: number;
  newId(): string;
}

export interface Restored {
  /** How many there are now. */
  sessions: number;
  /** Where the database that was there is now; null when there was none. */
  setAside: string | null;
}

/**
 * Checks a copy of the backup, brings it to this build's schema, gives every log a new id, and only then sets the
 * present database aside and takes its place. Whatever fails leaves everything as it was.
 *
 * New ids, because readers have cursors of the time after the backup: a log that has grown past such a cursor again,
 * with other events, would answer it as if nothing had happened. To a cursor of another log it gives a snapshot (L4).
 * @throws BackupError
 */
export function restore({ backup, file, now, newId }: RestoreOptions): Restored {
  if (!existsSync(backup)) throw new BackupError(`There is no file ${backup}.`);
  const wasThere = existsSync(file);
  const lock = lockUnlessDamaged(file);
  const copy = `${file}.restoring`;
  try {
    removeAll(copy);
    copyFileSync(backup, copy);
    // One that was copied by hand while tabcast had it open.
    if (existsSync(`${backup}-wal`)) copyFileSync(`${backup}-wal`, `${copy}-wal`);
    const sessions = prepareCopy(copy, backup, newId);
    const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
    const setAside = `${file}.before-${stamp}`;
    // What SQLite keeps beside a database while it is locked has nothing in it between transactions.
    if (lock !== null) removeBeside(file);
    if (wasThere) moveAll(file, setAside);
    renameSync(copy, file);
    if (!wasThere) return { sessions, setAside: null };
    return { sessions, setAside };
  } catch (error) {
    if (!wasThere && lock !== null) removeAll(file);
    throw error;
  } finally {
    // Not before the new one is there: a server that starts meanwhile must not get hold of the old one.
    lock?.close();
    removeAll(copy);
  }
}

/** @returns null for a database that can't be opened: nobody can have it open */
function lockUnlessDamaged(file: string): Database.Database | null {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    // In one file from here on: a log beside it would be found by the database that comes in its place.
    db.pragma('journal_mode = DELETE');
    return db;
  } catch (error) {
    db?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY')) {
      throw new BackupError(
        `${file} is in use, probably by a tabcast that runs. Stop it first; nothing was changed.`,
        { cause: error },
      );
    }
    if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return null;
    const message = error instanceof Error ? error.message : String(error);
    throw new BackupError(`can't open ${file}: ${message}. Nothing was changed.`, { cause: error });
  }
}

/** @returns how many sessions it has */
function prepareCopy(copy: string, backup: string, newId: () => string): number {
  const wrong = (problem: string, cause?: unknown) =>
    new BackupError(`${backup} can't be restored: ${problem}. Nothing was changed.`, { cause });
  let db: Database.Database | null = null;
  try {
    db = new Database(copy, { fileMustExist: true });
    const problem = schemaProblem(db);
    if (problem !== null) throw wrong(problem);
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw wrong('it is not a database of tabcast');
    }
    if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw wrong('it is damaged');
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) throw wrong('it is damaged');
    migrate(db);
    const sessions = renewLogIds(db, newId);
    db.pragma('journal_mode = DELETE');
    return sessions;
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw wrong(error instanceof Error ? error.message : String(error), error);
  } finally {
    db?.close();
  }
}

/**
 * In one transaction, in every table that names logs.
 * @returns how many logs there are
 */
export function renewLogIds(db: Database.Database, newId: () => string): number {
  const tables = db
    .prepare<[], string>(`
      SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'log_id'`)
    .pluck()
    .all();
  return db.transaction(() => {
    // The tables refer to one another, and are whole again at the end.
    db.pragma('defer_foreign_keys = ON');
    db.exec('CREATE TEMP TABLE renewed (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID');
    const logs = db.prepare<[], string>('SELECT log_id FROM sessions').pluck().all();
    const insert = db.prepare<[string, string]>('INSERT INTO renewed VALUES (?, ?)');
    for (const log of logs) insert.run(log, newId());
    for (const table of tables) {
      db.exec(
        `UPDATE "${table}" SET log_id = (SELECT new FROM renewed WHERE old = "${table}".log_id)`,
      );
    }
    // The one text that has the id inside.
    db.exec(`UPDATE checkpoints SET json = json_set(json, '$.logId', log_id)`);
    db.exec('DROP TABLE renewed');
    return logs.length;
  })();
}

const BESIDE = ['-wal', '-shm', '-journal'];

function moveAll(from: string, to: string): void {
  for (const end of ['', ...BESIDE]) if (existsSync(from + end)) renameSync(from + end, to + end);
}

function removeAll(file: string): void {
  rmSync(file, { force: true });
  removeBeside(file);
}

function removeBeside(file: string): void {
  for (const end of BESIDE) rmSync(file + end, { force: true });
}
