/** Databases as earlier builds left them: at each schema version, with what a session of that time had. */
import type { Database } from 'better-sqlite3';
import type { EventBody, SessionEvent } from '../../../shared/events.ts';
import { foldEvents } from '../../../shared/reducer.ts';
import { projectRow } from '../../../shared/row.ts';
import { emptyState, type SessionState } from '../../../shared/state.ts';
import { migrate, MIGRATIONS } from '../schema.ts';
import { indexText, turnText } from '../search-text.ts';

export interface OldSession {
  id: string;
  logId: string;
  events: SessionEvent[];
  /** After all of them. */
  state: SessionState;
}

const text = (words: string) => [{ type: 'text' as const, text: words }];

function turn(name: string, words: string, answer: string): EventBody[] {
  const turnId = `turn-${name}`;
  const say = (piece: string): EventBody => ({
    type: 'update',
    turnId,
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: piece } },
  });
  return [
    { type: 'turn.queued', turnId, key: `key-${name}`, prompt: text(words), mode: 'queue' },
    { type: 'turn.started', turnId },
    ...answer.split(/(?<= )/).map(say),
    {
      type: 'update',
      turnId,
      update: {
        sessionUpdate: 'tool_call',
        toolCallId: `call-${name}`,
        title: 'Look',
        kind: 'read',
      },
    },
  ];
}

const ended = (name: string): EventBody => ({
  type: 'turn.ended',
  turnId: `turn-${name}`,
  reason: 'end_turn',
});

/** Two settled turns, one that runs and asks, and one that waits; under its third id. */
const BUSY: EventBody[] = [
  ...turn('one', 'Where is it warm?', 'A café in Lisbon'),
  ended('one'),
  { type: 'session.rotated', turnId: null, from: 'busy', to: 'busy-2' },
  ...turn('two', 'And in winter?', 'The same place'),
  ended('two'),
  { type: 'session.rotated', turnId: null, from: 'busy-2', to: 'busy-3' },
  ...turn('three', 'Book it', 'May I pay? '),
  {
    type: 'request.opened',
    turnId: 'turn-three',
    requestId: 'ask',
    request: {
      kind: 'permission',
      toolCall: { toolCallId: 'call-three', title: 'Pay' },
      options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
    },
  },
  {
    type: 'turn.queued',
    turnId: 'turn-four',
    key: 'key-four',
    prompt: text('Then?'),
    mode: 'queue',
  },
];

/** Events came with the schema's versions too: what a queue can do since version 4. */
const SINCE_4: EventBody[] = [
  { type: 'turn.edited', turnId: 'turn-four', prompt: text('Then what?') },
];

/** The last version whose rows are written here as a build of it would have; a later one has them from its own steps. */
const WRITTEN = 4;

/** Makes a database of that version in an empty file, with the rows that a build of that time would have written. */
export function fillOldDatabase(db: Database, version: number): OldSession[] {
  const written = Math.min(version, WRITTEN);
  migrate(db, MIGRATIONS.slice(0, written));
  const busy = session('busy', [...BUSY, ...(version >= 4 ? SINCE_4 : [])]);
  const quiet = session('quiet', [...turn('five', 'Hello?', 'Good evening'), ended('five')]);
  const fresh = session('fresh', []);
  const sessions = [busy, quiet, fresh];
  db.transaction(() => {
    for (const entry of sessions) insert(db, entry, written);
  })();
  migrate(db, MIGRATIONS.slice(0, version));
  return sessions;
}

function session(id: string, bodies: EventBody[]): OldSession {
  const logId = `log-${id}`;
  const events = bodies.map((body, index) => ({ seq: index + 1, at: 1_000 + index, ...body }));
  return { id, logId, events, state: foldEvents(emptyState(logId), events) };
}

function insert(db: Database, { id, logId, events, state }: OldSession, version: number): void {
  const row = projectRow(state);
  db.prepare(`
    INSERT INTO sessions (log_id, owner, title, title_source, agent_id, agent_session_id, cwd, pinned, read_seq,
      draft, status, active_turn_id, open_requests, queued, last_seq, ended_seq, created_at, updated_at)
    VALUES (@logId, 'local', @title, 'user', 'fake', @agentSessionId, '/srv', 1, 2,
      @draft, @status, @activeTurnId, @openRequests, @queued, @lastSeq, @endedSeq, 1000, 2000)`).run(
    {
      ...row,
      asks: null,
      lastEnd: null,
      logId,
      title: `Título ${id}`,
      agentSessionId: `agent-${id}`,
      draft: `half of ${id}`,
    },
  );
  if (version >= 2) {
    db.prepare('UPDATE sessions SET asks = ?, last_end = ? WHERE log_id = ?').run(
      JSON.stringify(row.asks),
      JSON.stringify(row.lastEnd),
      logId,
    );
  }
  if (version >= 4) {
    db.prepare(
      'UPDATE sessions SET read_mark = 3, draft_rev = 5, draft_fork = 4 WHERE log_id = ?',
    ).run(logId);
  }
  const names = [
    id,
    ...events.flatMap((event) => (event.type === 'session.rotated' ? event.to : [])),
  ];
  names.forEach((name, ordinal) => {
    db.prepare('INSERT INTO names (id, log_id, ordinal) VALUES (?, ?, ?)').run(
      name,
      logId,
      ordinal,
    );
  });
  const addEvent = db.prepare('INSERT INTO events (log_id, seq, json) VALUES (?, ?, ?)');
  for (const event of events) {
    addEvent.run(logId, event.seq, JSON.stringify(event));
    if (event.type !== 'turn.queued') continue;
    db.prepare('INSERT INTO prompts (log_id, key, turn_id) VALUES (?, ?, ?)').run(
      logId,
      event.key,
      event.turnId,
    );
  }
  let doc = Number(db.prepare('SELECT count(*) FROM sessions').pluck().get()) * 100;
  const addText = (ordinal: number, words: string): void => {
    if (version < 3) return;
    doc += 1;
    db.prepare('INSERT INTO search_docs (doc, log_id, ordinal) VALUES (?, ?, ?)').run(
      doc,
      logId,
      ordinal,
    );
    db.prepare('INSERT INTO search (rowid, text) VALUES (?, ?)').run(doc, indexText(words));
  };
  addText(-1, `Título ${id}`);
  for (const settled of state.turns) {
    // The prompt's key came into turns with version 2.
    const { key: _key, ...before } = settled;
    db.prepare('INSERT INTO turns (log_id, ordinal, json) VALUES (?, ?, ?)').run(
      logId,
      settled.ordinal,
      JSON.stringify(version === 1 ? before : settled),
    );
    addText(settled.ordinal, turnText(settled));
  }
  const lastEnd = events.findLastIndex((event) => event.type === 'turn.ended');
  if (lastEnd === -1) return;
  const checkpoint = foldEvents(emptyState(logId), events.slice(0, lastEnd + 1));
  db.prepare('INSERT INTO checkpoints (log_id, json) VALUES (?, ?)').run(
    logId,
    JSON.stringify({ ...checkpoint, turns: [] }),
  );
}
