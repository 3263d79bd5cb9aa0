/** The tables, and the way from each schema version to the next. */
import type { Database } from 'better-sqlite3';

/** 'tabc', in the file's header: tells our files from other SQLite databases. https://sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x74616263;

/**
 * The step at index n leads from version n to n + 1 (`PRAGMA user_version`). A step that was released is
 * never changed; there is no way back.
 *
 * `names` holds canonical ids and aliases alike, so that one can't be taken as the other: of a session's
 * names in the order of `ordinal`, the last is canonical and those before are its aliases (O9).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sessions (
    log_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    title_source TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_session_id TEXT,
    cwd TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'idle',
    active_turn_id TEXT,
    open_requests INTEGER NOT NULL DEFAULT 0,
    queued INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    ended_seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_owner ON sessions (owner);

  CREATE TABLE names (
    id TEXT PRIMARY KEY,
    log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    UNIQUE (log_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (log_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE prompts (
    log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    PRIMARY KEY (log_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE turns (
    log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (log_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE checkpoints (
    log_id TEXT PRIMARY KEY REFERENCES sessions (log_id) ON DELETE CASCADE,
    json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE sessions ADD COLUMN asks TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE sessions ADD COLUMN last_end TEXT NOT NULL DEFAULT 'null';
  `,
  `
  ALTER TABLE sessions ADD COLUMN read_mark INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN draft_rev INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN draft_fork INTEGER NOT NULL DEFAULT 0;
  `,
];

/** What keeps this build from using a file; null when it may. Reads only. */
export function schemaProblem(db: Database, known: number = MIGRATIONS.length): string | null {
  const version = schemaVersion(db);
  const application = db.pragma('application_id', { simple: true });
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables !== 0)) {
    return 'it is the SQLite database of another program';
  }
  if (version > known) {
    return `it has schema version ${version}, and this tabcast knows versions up to ${known}: it was written by a newer tabcast. Use that one`;
  }
  return null;
}

/**
 * Brings a file to the newest schema, in one transaction: all the steps or none.
 * To be called only where `schemaProblem` is null.
 */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): void {
  db.transaction(() => {
    const version = schemaVersion(db);
    if (version === migrations.length) return;
    for (const step of migrations.slice(version)) db.exec(step);
    db.pragma(`user_version = ${migrations.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).exclusive();
}

function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
