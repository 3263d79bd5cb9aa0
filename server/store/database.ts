/** Opening the database file: locked for this process, checked, and at the newest schema. */
import Database from 'better-sqlite3';
import { migrate, schemaProblem } from './schema.ts';

/** The file can't be used; `message` names it and says what to do. */
export class StoreOpenError extends Error {
  override name = 'StoreOpenError';
}

export interface DatabaseOptions {
  /** Absolute path of the file, made if missing; its folder must exist. `:memory:` for one that dies with `close`. */
  file: string;
  /** How long to wait for another process to let go of the file, in milliseconds: a restart may overlap with the old process's end. */
  busyTimeoutMs?: number;
}

const ELSEWHERE = 'start with another data folder (--data)';

/**
 * Opens and locks a database; the lock dies with the process.
 * @throws StoreOpenError when another process has it, its schema is newer, or it isn't ours or can't be read
 */
export function openDatabase({ file, busyTimeoutMs = 2000 }: DatabaseOptions): Database.Database {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { timeout: busyTimeoutMs });
    // Never released once taken. Logs are also held in memory above this port, so a second process on the
    // same file would publish what the first doesn't know of. With WAL it also spares the -shm file:
    // https://sqlite.org/wal.html#use_of_wal_without_shared_memory
    db.pragma('locking_mode = EXCLUSIVE');
    // Taken in one step: of two that upgrade from a shared lock at once, both would fail.
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    const problem = schemaProblem(db);
    if (problem !== null)
      throw new StoreOpenError(`can't use ${file}: ${problem}, or ${ELSEWHERE}.`);
    db.pragma('journal_mode = WAL');
    // Synced before an append resolves (L2), so not even a power cut takes back what was published: the same
    // `seq` would be given to other events, and a reader ahead of the log would miss them silently once the
    // log has caught up. Measured 0.2 ms a commit (NORMAL: 0.04 ms), where a running session asks for at most
    // 40 a second (L7), and those of many sessions share one.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof StoreOpenError
      ? error
      : new StoreOpenError(explain(file, error), { cause: error });
  }
}

function explain(file: string, error: unknown): string {
  const code = error instanceof Database.SqliteError ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code.startsWith('SQLITE_BUSY')) {
    return `${file} is in use by another process, probably another tabcast. Stop that one, or ${ELSEWHERE}.`;
  }
  if (code === 'SQLITE_NOTADB') {
    return `${file} is not a SQLite database. Move it away, or ${ELSEWHERE}.`;
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return `${file} is damaged (${message}). Put a backup in its place, or ${ELSEWHERE}.`;
  }
  return `can't open ${file}: ${message}. Check that its folder exists and may be written to, or ${ELSEWHERE}.`;
}
