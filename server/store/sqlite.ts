/** The store in one SQLite file: the embedded default. */
import type { Database } from 'better-sqlite3';
import type { Ask, LastEnd, RowProjection } from '../../shared/row.ts';
import type { SessionState, Turn } from '../../shared/state.ts';
import { checkAppend, checkLimit } from './check.ts';
import { openDatabase, type DatabaseOptions } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createSearchIndex } from './search-index.ts';
import {
  StoreConflict,
  StoreMissing,
  type Append,
  type LogEntry,
  type NewSession,
  type RecordPatch,
  type SessionRecord,
  type Store,
} from './store.ts';

/** A record as SQLite returns it: no booleans; names, asks and the last end as JSON. */
type RecordRow = Omit<
  SessionRecord,
  'id' | 'aliases' | 'pinned' | 'archived' | 'asks' | 'lastEnd'
> & {
  names: string;
  asks: string;
  lastEnd: string;
  pinned: 0 | 1;
  archived: 0 | 1;
};

const RECORD = `
  SELECT s.log_id AS logId, s.owner, s.title, s.title_source AS titleSource, s.agent_id AS agentId,
    s.agent_session_id AS agentSessionId, s.cwd, s.pinned, s.archived, s.read_seq AS readSeq,
    s.read_mark AS readMark, s.draft, s.draft_rev AS draftRev, s.draft_fork AS draftFork,
    s.status, s.active_turn_id AS activeTurnId, s.open_requests AS openRequests, s.queued,
    s.last_seq AS lastSeq, s.ended_seq AS endedSeq, s.asks, s.last_end AS lastEnd, s.created_at AS createdAt, s.updated_at AS updatedAt,
    (SELECT json_group_array(n.id ORDER BY n.ordinal) FROM names n WHERE n.log_id = s.log_id) AS names
  FROM sessions s`;

/**
 * Opens the store, and makes or migrates its file. Every call but `append` runs to its end at once (SQLite is
 * synchronous); appends are committed in groups. Errors are rejections.
 * @throws StoreOpenError at once, when the file can't be used
 */
export function openSqliteStore(options: DatabaseOptions): Store {
  const db = openDatabase(options);
  const sql = prepare(db);
  const index = createSearchIndex(db);

  const record = (logId: string): SessionRecord => {
    const row = sql.record.get(logId);
    if (row === undefined) throw new StoreMissing(`no session with log ${logId}`);
    return toRecord(row);
  };
  const open = <T>(work: () => T): T => {
    if (!db.open) throw new Error('the store is closed');
    return work();
  };

  const create = db.transaction((session: NewSession): SessionRecord => {
    if (sql.insertSession.run(session).changes === 0) {
      throw new StoreConflict(`a session with log ${session.logId} exists`);
    }
    if (sql.insertName.run({ id: session.id, logId: session.logId }).changes === 0) {
      throw new StoreConflict(`the session id ${session.id} is taken`);
    }
    index.setTitle(session.logId, session.title);
    return record(session.logId);
  });

  const patch = db.transaction((logId: string, patch: RecordPatch): SessionRecord => {
    const before = record(logId);
    const next = { ...before, ...patch };
    if (next.title !== before.title) index.setTitle(logId, next.title);
    sql.patch.run({ ...next, logId, pinned: Number(next.pinned), archived: Number(next.archived) });
    return record(logId);
  });

  const append = (step: Append): void => {
    const { logId, after, updatedAt } = step;
    if (sql.advance.run({ ...toColumns(step.row), logId, after, updatedAt }).changes === 0) {
      throw new StoreConflict(`log ${logId} is at ${record(logId).lastSeq}, not at ${after}`);
    }
    for (const entry of step.entries) sql.insertEntry.run(logId, entry.seq, entry.json);
    for (const { key, turnId } of step.keys) {
      if (sql.insertKey.run(logId, key, turnId).changes === 0) {
        throw new StoreConflict(`log ${logId} has a prompt with the key ${key}`);
      }
    }
    for (const turn of step.settled) {
      if (sql.insertTurn.run(logId, turn.ordinal, JSON.stringify(turn)).changes === 0) {
        throw new StoreConflict(`turn ${turn.ordinal} of log ${logId} is settled`);
      }
      index.addTurn(logId, turn);
    }
    if (step.checkpoint !== null) {
      sql.setCheckpoint.run(logId, JSON.stringify({ ...step.checkpoint, turns: [] }));
    }
    const id = step.rotateTo;
    if (id !== null && sql.insertName.run({ id, logId }).changes === 0) {
      throw new StoreConflict(`the session id ${id} is taken`);
    }
  };
  const appends = createGroupCommit({ db, apply: append, writerOf: ({ logId }) => logId });
  /** Writes happen in the order in which they were asked for. */
  const write = <T>(work: () => T): T =>
    open(() => {
      appends.flush();
      return work();
    });

  return {
    createSession: async (session) => write(() => create.immediate(session)),
    sessions: async (owner) => open(() => sql.ofOwner.all(owner).map(toRecord)),
    session: async (owner, id) =>
      open(() => {
        const row = sql.byName.get(owner, id);
        return row === undefined ? null : toRecord(row);
      }),
    unsettled: async () => open(() => sql.unsettled.all().map(toRecord)),
    patch: async (logId, changes) => write(() => patch.immediate(logId, changes)),
    deleteSession: async (logId) =>
      write(() => {
        sql.deleteSession.run(logId);
      }),
    append: async (step) =>
      open(() => {
        checkAppend(step);
        return appends.write(step);
      }),
    entriesAfter: async (logId, seq, limit) =>
      open(() => {
        checkLimit(limit);
        return sql.entries.all(logId, seq, limit);
      }),
    checkpoint: async (logId) =>
      open(() => {
        const json = sql.checkpoint.get(logId);
        return json === undefined ? null : (JSON.parse(json) as SessionState);
      }),
    turns: async (logId, before, limit) =>
      open(() => {
        checkLimit(limit);
        return sql.turns
          .all(logId, before ?? Number.MAX_SAFE_INTEGER, limit)
          .map((json) => JSON.parse(json) as Turn)
          .toReversed();
      }),
    turnByKey: async (logId, key) => open(() => sql.turnByKey.get(logId, key) ?? null),
    search: async (owner, query, limit) =>
      open(() => {
        checkLimit(limit);
        return index.search(owner, query, limit);
      }),
    close: async () => {
      if (db.open) appends.flush();
      db.close();
    },
  };
}

/** A projection as SQLite takes it. */
function toColumns({ asks, lastEnd, ...plain }: RowProjection): object {
  return { ...plain, asks: JSON.stringify(asks), lastEnd: JSON.stringify(lastEnd) };
}

function toRecord({ names, pinned, archived, asks, lastEnd, ...rest }: RecordRow): SessionRecord {
  const aliases = JSON.parse(names) as string[];
  const id = aliases.pop();
  if (id === undefined) throw new Error(`the session with log ${rest.logId} has no id`);
  return {
    ...rest,
    id,
    aliases,
    pinned: pinned === 1,
    archived: archived === 1,
    asks: JSON.parse(asks) as Ask[],
    lastEnd: JSON.parse(lastEnd) as LastEnd | null,
  };
}

function prepare(db: Database) {
  return {
    insertSession: db.prepare<[NewSession]>(`
      INSERT INTO sessions (log_id, owner, title, title_source, agent_id, cwd, created_at, updated_at)
      VALUES (@logId, @owner, @title, @titleSource, @agentId, @cwd, @createdAt, @createdAt)
      ON CONFLICT DO NOTHING`),
    /** The new name becomes the canonical one. */
    insertName: db.prepare<[{ id: string; logId: string }]>(`
      INSERT INTO names (id, log_id, ordinal)
      SELECT @id, @logId, count(*) FROM names WHERE log_id = @logId
      ON CONFLICT (id) DO NOTHING`),
    record: db.prepare<[string], RecordRow>(`${RECORD} WHERE s.log_id = ?`),
    ofOwner: db.prepare<[string], RecordRow>(`${RECORD} WHERE s.owner = ?`),
    byName: db.prepare<[string, string], RecordRow>(
      `${RECORD} WHERE s.owner = ? AND s.log_id = (SELECT log_id FROM names WHERE id = ?)`,
    ),
    unsettled: db.prepare<[], RecordRow>(`${RECORD} WHERE s.status <> 'idle' OR s.queued > 0`),
    patch: db.prepare<[object]>(`
      UPDATE sessions SET title = @title, title_source = @titleSource, pinned = @pinned,
        archived = @archived, read_seq = @readSeq, read_mark = @readMark, draft = @draft,
        draft_rev = @draftRev, draft_fork = @draftFork,
        agent_session_id = @agentSessionId, updated_at = @updatedAt
      WHERE log_id = @logId`),
    deleteSession: db.prepare<[string]>('DELETE FROM sessions WHERE log_id = ?'),
    /** The fence and the row in one: changes nothing when the log is not at `after`. */
    advance: db.prepare<[object]>(`
      UPDATE sessions SET status = @status, active_turn_id = @activeTurnId,
        open_requests = @openRequests, queued = @queued, last_seq = @lastSeq,
        ended_seq = @endedSeq, asks = @asks, last_end = @lastEnd, updated_at = @updatedAt
      WHERE log_id = @logId AND last_seq = @after`),
    insertEntry: db.prepare<[string, number, string]>(
      'INSERT INTO events (log_id, seq, json) VALUES (?, ?, ?)',
    ),
    insertKey: db.prepare<[string, string, string]>(
      'INSERT INTO prompts (log_id, key, turn_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    insertTurn: db.prepare<[string, number, string]>(
      'INSERT INTO turns (log_id, ordinal, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    setCheckpoint: db.prepare<[string, string]>(`
      INSERT INTO checkpoints (log_id, json) VALUES (?, ?)
      ON CONFLICT (log_id) DO UPDATE SET json = excluded.json`),
    entries: db.prepare<[string, number, number], LogEntry>(
      'SELECT seq, json FROM events WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    checkpoint: db
      .prepare<[string], string>('SELECT json FROM checkpoints WHERE log_id = ?')
      .pluck(),
    turns: db
      .prepare<[string, number, number], string>(
        'SELECT json FROM turns WHERE log_id = ? AND ordinal < ? ORDER BY ordinal DESC LIMIT ?',
      )
      .pluck(),
    turnByKey: db
      .prepare<[string, string], string>('SELECT turn_id FROM prompts WHERE log_id = ? AND key = ?')
      .pluck(),
  };
}
