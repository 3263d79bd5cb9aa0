/** What SQLite's error codes mean to the port. */
import Database from 'better-sqlite3';
import { StorageError, type StorageProblem } from './store.ts';

/** Extended codes are the primary one and a suffix, as in `SQLITE_IOERR_WRITE`. https://sqlite.org/rescode.html */
const PROBLEMS: readonly (readonly [string, StorageProblem])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_IOERR', 'failing'],
  ['SQLITE_CANTOPEN', 'failing'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
];

/** The error of the port for one of SQLite's about its file; any other as it is. */
export function portError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const found = PROBLEMS.find(([primary]) => code === primary || code.startsWith(`${primary}_`));
  return found === undefined ? error : new StorageError(found[1], { cause: error });
}
