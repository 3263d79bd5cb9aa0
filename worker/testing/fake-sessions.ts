/** The scripted sessions of a fake server: their logs, their rows, and every fold there ever was. */
import type { EventBody, SessionEvent, TurnEndReason } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { projectRow, rowHasId, type Row } from '../../shared/row.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';
import type { FakeClock } from './fake-clock.ts';

export interface FakeSession {
  row: Row;
  state: SessionState;
  events: SessionEvent[];
}

/** What a test makes happen, and what it may look at. */
export interface SessionScript {
  create(sessionId: string): void;
  remove(sessionId: string): void;
  patch(sessionId: string, patch: Partial<Row>): void;
  /** A prompt; starts at once when the session is idle. The same key is the same turn (L9). @returns its id */
  prompt(sessionId: string, key?: string): string;
  say(sessionId: string, text: string): void;
  end(sessionId: string, reason?: TurnEndReason): void;
  /** Any event. */
  append(sessionId: string, body: EventBody): void;
  rotate(sessionId: string, to: string): void;
  /** Canonical ids of the sessions that exist. */
  names(): string[];
  row(sessionId: string): Row;
  /** By canonical id or alias. */
  has(sessionId: string): boolean;
  /** The fold of everything. */
  state(sessionId: string): SessionState;
  /** The fold up to `seq`; undefined when there never was such a thing. */
  stateAt(logId: string, seq: number): SessionState | undefined;
  /** What a server that lost its data has: the same session with a log of another id, empty. */
  replace(sessionId: string): void;
  /** A database of earlier: the log as it was at `seq`. */
  restore(sessionId: string, seq: number): void;
}

export interface FakeSessions {
  readonly script: SessionScript;
  all(): FakeSession[];
  /** By canonical id or alias. */
  find(sessionId: string): FakeSession | undefined;
  byLog(logId: string): FakeSession | undefined;
}

/** Who is told, in this order; `settled` after everything else that an event brought. */
export interface SessionReaders {
  event(logId: string, event: SessionEvent): void;
  row(row: Row): void;
  settled(logId: string): void;
  removed(logId: string): void;
}

/** True while it has anything to run. */
export function isActive({ state }: FakeSession): boolean {
  return state.live !== null || state.queue.some((entry) => !entry.held);
}

export function createFakeSessions(
  clock: Pick<FakeClock, 'now'>,
  readers: SessionReaders,
): FakeSessions {
  const sessions = new Map<string, FakeSession>();
  const used = new Set<string>();
  /** Turns by session and the client's key. */
  const keys = new Map<string, string>();
  /** Every fold of every log there was, by `seq`; also of deleted sessions. */
  const states = new Map<string, SessionState[]>();
  let turns = 0;

  const find = (sessionId: string): FakeSession | undefined =>
    [...sessions.values()].find(({ row }) => rowHasId(row, sessionId));
  const get = (sessionId: string): FakeSession => {
    const session = find(sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    return session;
  };
  const publishRow = (row: Row, before: Row | null): void => {
    // As the server does: progress alone is not worth a row.
    const same = (a: Row): string => JSON.stringify({ ...a, lastSeq: 0, updatedAt: 0 });
    if (before !== null && row.status !== 'idle' && same(before) === same(row)) return;
    readers.row(row);
  };
  const append = (session: FakeSession, body: EventBody): void => {
    const { row: before } = session;
    const { logId } = before;
    const event: SessionEvent = { seq: session.state.seq + 1, at: clock.now(), ...body };
    const applied = applyEvent(session.state, event);
    if (applied.kind !== 'applied') throw new Error(`not applied: ${applied.kind}`);
    session.state = applied.state;
    session.events.push(event);
    states.get(logId)?.push(applied.state);
    session.row = { ...before, ...projectRow(session.state), updatedAt: event.at };
    readers.event(logId, event);
    publishRow(session.row, before);
    readers.settled(logId);
  };

  const script: SessionScript = {
    create(sessionId) {
      // As on the server: no id is ever used again.
      if (used.has(sessionId)) throw new Error(`${sessionId} existed before`);
      used.add(sessionId);
      const logId = `log-${sessionId}`;
      const at = clock.now();
      const row: Row = {
        id: sessionId,
        aliases: [],
        logId,
        title: sessionId,
        agentId: 'demo',
        cwd: '/',
        pinned: false,
        archived: false,
        readSeq: 0,
        readMark: 0,
        draftRev: 0,
        createdAt: at,
        updatedAt: at,
        ...projectRow(emptyState(logId)),
      };
      sessions.set(logId, { row, state: emptyState(logId), events: [] });
      states.set(logId, [emptyState(logId)]);
      publishRow(row, null);
    },
    remove(sessionId) {
      const { logId } = get(sessionId).row;
      sessions.delete(logId);
      readers.removed(logId);
    },
    patch(sessionId, patch) {
      const session = get(sessionId);
      const { row: before } = session;
      session.row = { ...before, ...patch };
      publishRow(session.row, before);
    },
    prompt(sessionId, key) {
      const session = get(sessionId);
      const known = keys.get(`${session.row.logId} ${key}`);
      if (known !== undefined) return known;
      turns += 1;
      const turnId = `turn-${turns}`;
      if (key !== undefined) keys.set(`${session.row.logId} ${key}`, turnId);
      const busy = isActive(session);
      append(session, {
        type: 'turn.queued',
        turnId,
        key: key ?? turnId,
        prompt: [{ type: 'text', text: turnId }],
        mode: 'queue',
      });
      if (!busy) append(session, { type: 'turn.started', turnId });
      return turnId;
    },
    say(sessionId, text) {
      const session = get(sessionId);
      append(session, {
        type: 'update',
        turnId: session.state.live?.turnId ?? null,
        update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
      });
    },
    end(sessionId, reason = 'end_turn') {
      const session = get(sessionId);
      const turnId = session.state.live?.turnId;
      if (turnId === undefined) throw new Error(`${sessionId} runs nothing`);
      append(session, { type: 'turn.ended', turnId, reason });
      const next = session.state.queue.find((entry) => !entry.held);
      if (next !== undefined) append(session, { type: 'turn.started', turnId: next.turnId });
    },
    append: (sessionId, body) => append(get(sessionId), body),
    rotate(sessionId, to) {
      const session = get(sessionId);
      const { id: from, aliases } = session.row;
      session.row = { ...session.row, id: to, aliases: [...aliases, from] };
      publishRow(session.row, null);
      append(session, { type: 'session.rotated', turnId: null, from, to });
    },
    names: () => [...sessions.values()].map(({ row }) => row.id),
    row: (sessionId) => get(sessionId).row,
    has: (sessionId) => find(sessionId) !== undefined,
    state: (sessionId) => get(sessionId).state,
    stateAt: (logId, seq) => states.get(logId)?.[seq],
    replace(sessionId) {
      const { row: before } = get(sessionId);
      const logId = `${before.logId}-anew`;
      sessions.delete(before.logId);
      const row = { ...before, logId, readSeq: 0, ...projectRow(emptyState(logId)) };
      sessions.set(logId, { row, state: emptyState(logId), events: [] });
      states.set(logId, [emptyState(logId)]);
    },
    restore(sessionId, seq) {
      const session = get(sessionId);
      session.events = session.events.slice(0, seq);
      session.state = emptyState(session.row.logId);
      states.get(session.row.logId)?.splice(seq + 1);
      for (const event of session.events) {
        const applied = applyEvent(session.state, event);
        if (applied.kind === 'applied') session.state = applied.state;
      }
      session.row = { ...session.row, ...projectRow(session.state) };
    },
  };
  return {
    script,
    all: () => [...sessions.values()],
    find,
    byLog: (logId) => sessions.get(logId),
  };
}
