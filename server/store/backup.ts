/** A copy of the database in one file, made while it is in use. */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** For the person who asked for a backup, or to restore one: what is wrong, what was kept, what to do. */
export class BackupError extends Error {
  override name = 'BackupError';
}

/**
 * Copies a few pages at a time, so that readers and turns go on meanwhile; what is written meanwhile is in it.
 * The file appears when it is whole. https://sqlite.org/backup.html
 * @param db open, and the only one that writes to its file
 * @param file absolute; must not exist
 * @throws BackupError
 */
export async function backUp(db: Database.Database, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new BackupError(`${file} exists already. Choose another name; nothing was written.`);
  }
  const part = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    await db.backup(part);
    makeSingleFile(part);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    const message = error instanceof Error ? error.message : String(error);
    throw new BackupError(
      `The backup could not be written to ${file}: ${message}. Nothing is left of it, and the sessions are as they were.`,
      { cause: error },
    );
  }
}

/** The copy says of itself that it has a write-ahead log, as its source does: nobody needs one beside a backup. */
function makeSingleFile(file: string): void {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}
