/** The tables, and the way from each schema version to the next. */
import type { Database } from 'better-sqlite3';
import type { Turn } from '../../shared/state.ts';
import { indexText, turnText } from './search-text.ts';
import { packJson } from './turn-codec.ts';

/** 'tabc', in the file's header: tells our files from other SQLite databases. https://sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x74616263;

/** SQL, or what SQL alone can't do. */
export type Migration = string | ((db: Database) => void);

/**
 * The step at index n leads from version n to n + 1 (`PRAGMA user_version`). A step that was released is
 * never changed; there is no way back.
 *
 * `names` holds canonical ids and aliases alike, so that one can't be taken as the other: of a session's
 * names in the order of `ordinal`, the last is canonical and those before are its aliases (O9).
 */
export const MIGRATIONS: readonly Migration[] = [
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
  addSearch,
  `
  ALTER TABLE sessions ADD COLUMN read_mark INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN draft_rev INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN draft_fork INTEGER NOT NULL DEFAULT 0;
  `,
  packTurns,
];

/**
 * The index has the words and where they are, not the text (`content=''`): a snippet is made from the turn.
 * It gets folded words with spaces between them, and 'ascii' splits at nothing else, as every other character
 * of them is a letter or a digit or not ASCII. `ordinal` -1 is the session's title.
 * https://sqlite.org/fts5.html#contentless_delete_tables
 */
function addSearch(db: Database): void {
  db.exec(`
    CREATE VIRTUAL TABLE search USING fts5(
      text, content = '', contentless_delete = 1, columnsize = 1, tokenize = 'ascii'
    );
    CREATE TABLE search_docs (
      doc INTEGER PRIMARY KEY,
      log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      UNIQUE (log_id, ordinal)
    ) STRICT;
    CREATE TRIGGER search_doc_deleted AFTER DELETE ON search_docs BEGIN
      DELETE FROM search WHERE rowid = old.doc;
    END;
    INSERT INTO search_docs (log_id, ordinal)
      SELECT log_id, ordinal FROM (
        SELECT log_id, -1 AS ordinal, created_at AS at FROM sessions
        UNION ALL SELECT log_id, ordinal, coalesce(json ->> '$.end.at', 0) FROM turns
      ) ORDER BY at, ordinal;
  `);
  db.function('title_index', (title: string) => indexText(title));
  db.function('turn_index', (json: string) => indexText(turnText(JSON.parse(json) as Turn)));
  db.exec(`
    INSERT INTO search (rowid, text)
      SELECT d.doc, iif(d.ordinal = -1, title_index(s.title), turn_index(t.json))
      FROM search_docs d JOIN sessions s USING (log_id) LEFT JOIN turns t USING (log_id, ordinal)
      ORDER BY d.doc;
  `);
}

/** Packed (`turn-codec.ts`), and by rowid: WITHOUT ROWID, SQLite gives a row of a kilobyte a page of its own. */
function packTurns(db: Database): void {
  db.function('pack', packJson as (json: unknown) => Buffer);
  db.exec(`
    ALTER TABLE turns RENAME TO turns_as_json;
    CREATE TABLE turns (
      id INTEGER PRIMARY KEY,
      log_id TEXT NOT NULL REFERENCES sessions (log_id) ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      packed BLOB NOT NULL,
      UNIQUE (log_id, ordinal)
    ) STRICT;
    INSERT INTO turns (log_id, ordinal, packed)
      SELECT log_id, ordinal, pack(json) FROM turns_as_json ORDER BY log_id, ordinal;
    DROP TABLE turns_as_json;
    -- A draft from before there were revisions: a page asks for the text of a revision above 0 only.
    UPDATE sessions SET draft_rev = 1 WHERE draft <> '' AND draft_rev = 0;
  `);
}

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
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  db.transaction(() => {
    const version = schemaVersion(db);
    if (version === migrations.length) return;
    for (const step of migrations.slice(version)) {
      if (typeof step === 'string') db.exec(step);
      else step(db);
    }
    db.pragma(`user_version = ${migrations.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).exclusive();
}

function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
