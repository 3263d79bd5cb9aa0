/**
 * The server as the hub sees it: scripted logs, real frames, every fault a network has. Frames can be held back,
 * so that a test decides in which order two connections speak.
 */
import { HEARTBEAT_MS, type StreamFrames } from '../../shared/api.ts';
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import type { EventBody, SessionEvent, TurnEndReason } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { projectRow, rowHasId, type Row } from '../../shared/row.ts';
import { emptyState, lastPage, type SessionState } from '../../shared/state.ts';
import type { FakeClock } from './fake-clock.ts';
import { createFakeFetch, jsonResponse, type FakeBody, type ParkedRequest } from './fake-fetch.ts';

interface FakeSession {
  row: Row;
  state: SessionState;
  events: SessionEvent[];
}

export interface FakeStream {
  readonly kind: 'lane' | 'own';
  readonly request: ParkedRequest;
  /** The logs it carries. */
  readonly logIds: readonly string[];
  readonly open: boolean;
  /** Half-open: from now on nothing gets through, and nobody is told. */
  mute(): void;
  /** The connection breaks. */
  drop(): void;
  /** An orderly end: rotation, drain. */
  end(): void;
  /** Sends the last events of a log again. */
  repeat(logId: string, count: number): void;
  raw(text: string): void;
}

/** An answer in place of the server's own; null: the server's own. */
export type Fault = (request: ParkedRequest) => 'hang' | 'fail' | Response | null;

export interface FakeServer {
  fetch: typeof fetch;
  readonly requests: readonly ParkedRequest[];
  /** Open streams, in the order they were asked for. */
  streams(): FakeStream[];
  /** Open streams that carry a session. */
  carrying(sessionId: string): FakeStream[];
  /** Times that a session had more than one stream, or that there were more than `budget` in all (H1, H3). */
  readonly violations: string[];
  budget: number;
  /** What it really did, not what it was asked to do. */
  readonly counts: Record<'skipped' | 'repeated' | 'resynced' | 'replayed' | 'refused', number>;
  /** How many streams were ever asked for, by path without query. */
  asked(path: string): number;

  create(sessionId: string): void;
  remove(sessionId: string): void;
  patch(sessionId: string, patch: Partial<Row>): void;
  /** A prompt; starts at once when the session is idle. @returns the turn's id */
  prompt(sessionId: string): string;
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
  /** A database of earlier: the log as it was at `seq`. */
  restore(sessionId: string, seq: number): void;

  fault: Fault | null;
  signedIn: boolean;
  /** Every connection breaks. */
  dropAll(): void;
  /** Frames for `which` wait until `release`. */
  hold(which: 'lane' | 'own'): void;
  release(): void;
  /** The next event of that session is lost on its way to every open stream. */
  skipNext(sessionId: string): void;
  close(): void;
}

interface OpenStream extends FakeStream {
  body: FakeBody;
  positions: Map<string, number>;
  send(text: string): void;
  muted: boolean;
  held: string[];
}

const encodeFrame = <Name extends keyof StreamFrames>(
  name: Name,
  body: StreamFrames[Name],
  id?: string,
): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(body)}\n\n`;

export function createFakeServer(clock: FakeClock): FakeServer {
  const sessions = new Map<string, FakeSession>();
  const open = new Set<OpenStream>();
  const held = new Set<'lane' | 'own'>();
  const skipping = new Set<string>();
  const violations: string[] = [];
  const counts = { skipped: 0, repeated: 0, resynced: 0, replayed: 0, refused: 0 };
  const asked = new Map<string, number>();
  const used = new Set<string>();
  /** Every fold of every log there was, by `seq`; also of deleted sessions. */
  const states = new Map<string, SessionState[]>();
  const timers = clock.timers();
  let made = 0;
  let turns = 0;

  const find = (sessionId: string): FakeSession | undefined =>
    [...sessions.values()].find(({ row }) => rowHasId(row, sessionId));
  const get = (sessionId: string): FakeSession => {
    const session = find(sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    return session;
  };
  const byLog = (logId: string): FakeSession | undefined => sessions.get(logId);
  const active = ({ state }: FakeSession): boolean =>
    state.live !== null || state.queue.some((entry) => !entry.held);
  const eventFrame = (logId: string, event: SessionEvent): string =>
    `id: ${formatCursor({ logId, seq: event.seq })}\ndata: ${JSON.stringify(event)}\n\n`;

  const endIfIdle = (stream: OpenStream): void => {
    if (stream.kind !== 'own' || !stream.open || held.has('own') || stream.muted) return;
    const [logId = ''] = stream.logIds;
    const session = byLog(logId);
    const position = stream.positions.get(logId) ?? 0;
    if (session === undefined || (!active(session) && position >= session.state.seq)) stream.end();
  };
  const publishRow = (row: Row, before: Row | null): void => {
    // As the server does: progress alone is not worth a row.
    const same = (a: Row): string => JSON.stringify({ ...a, lastSeq: 0, updatedAt: 0 });
    if (before !== null && row.status !== 'idle' && same(before) === same(row)) return;
    for (const stream of open) {
      if (stream.kind === 'lane') stream.send(encodeFrame('row', { row }));
    }
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
    const skip = skipping.delete(logId);
    for (const stream of open) {
      if (!stream.positions.has(logId)) continue;
      if (!skip) stream.send(eventFrame(logId, event));
      else counts.skipped += 1;
      stream.positions.set(logId, event.seq);
    }
    publishRow(session.row, before);
    for (const stream of open) if (stream.positions.has(logId)) endIfIdle(stream);
  };

  const count = (): void => {
    for (const { row } of sessions.values()) {
      const carrying = [...open].filter((stream) => stream.logIds.includes(row.logId));
      if (carrying.length > 1) violations.push(`${row.id} has ${carrying.length} streams`);
    }
    if (open.size > server.budget) violations.push(`${open.size} streams`);
  };

  /** What a reader at a cursor gets first. */
  const begin = (stream: OpenStream, session: FakeSession, text: string | null): void => {
    const { logId } = session.row;
    const { seq: last } = session.state;
    const cursor = text === null ? null : parseCursor(text);
    const reason =
      text === null
        ? 'start'
        : cursor === null
          ? 'malformed'
          : cursor.logId !== logId
            ? 'other-log'
            : cursor.seq > last
              ? 'future'
              : null;
    if (reason === null) {
      const tail = session.events.slice(cursor?.seq ?? 0);
      if (tail.length > 0) counts.replayed += 1;
      if (tail.length > 0) stream.send(tail.map((event) => eventFrame(logId, event)).join(''));
    } else {
      const state = lastPage(session.state);
      counts.resynced += 1;
      stream.send(encodeFrame('snapshot', { reason, state }, formatCursor({ logId, seq: last })));
    }
    stream.positions.set(logId, last);
  };

  const openStream = (
    request: ParkedRequest,
    kind: 'lane' | 'own',
    carried: { session: FakeSession; cursor: string | null }[],
  ): OpenStream => {
    const body = request.stream();
    const stream: OpenStream = {
      kind,
      request,
      logIds: carried.map(({ session }) => session.row.logId),
      positions: new Map(),
      body,
      muted: false,
      held: [],
      get open() {
        return !body.closed && !request.aborted;
      },
      send(text) {
        if (stream.muted) return;
        if (held.has(kind)) stream.held.push(text);
        else body.push(text);
      },
      mute() {
        stream.muted = true;
      },
      drop() {
        open.delete(stream);
        body.fail();
      },
      end() {
        open.delete(stream);
        body.end();
      },
      repeat(logId, n) {
        const events = byLog(logId)?.events ?? [];
        const sent = events.filter(({ seq }) => seq <= (stream.positions.get(logId) ?? 0));
        if (n > 0 && sent.length > 0) counts.repeated += 1;
        if (n > 0)
          stream.send(
            sent
              .slice(-n)
              .map((event) => eventFrame(logId, event))
              .join(''),
          );
      },
      raw: (text) => stream.send(text),
    };
    prune();
    open.add(stream);
    count();
    if (kind === 'lane') {
      stream.send(encodeFrame('rows', { rows: [...sessions.values()].map(({ row }) => row) }));
    }
    for (const { session, cursor } of carried) begin(stream, session, cursor);
    endIfIdle(stream);
    return stream;
  };

  /** Forgets what the hub let go of. */
  const prune = (): void => {
    for (const stream of open) if (!stream.open) open.delete(stream);
  };

  const notFound = (): Response =>
    jsonResponse(404, { error: { code: 'not_found', message: 'There is no such session.' } });

  const answer = (request: ParkedRequest): void => {
    const { pathname, searchParams } = request.url;
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
    const fault = server.fault?.(request) ?? null;
    if (fault === 'hang') return;
    if (fault === 'fail') return request.fail();
    if (fault !== null) return request.respond(fault);
    if (pathname === '/healthz') return request.respond(jsonResponse(200, { status: 'ok' }));
    if (!server.signedIn) {
      counts.refused += 1;
      const error = { code: 'unauthorized', message: 'Sign in.' };
      return request.respond(jsonResponse(401, { error }));
    }
    if (pathname === '/api/events') {
      const named = searchParams.getAll('session').map((text) => text.split('@'));
      const carried = named.flatMap(([id = '', cursor = null]) => {
        const session = find(id);
        return session === undefined ? [] : [{ session, cursor }];
      });
      const stream = openStream(request, 'lane', carried);
      for (const [sessionId = ''] of named) {
        if (find(sessionId) === undefined) stream.send(encodeFrame('missing', { sessionId }));
      }
      return;
    }
    const [, , , id = '', rest] = pathname.split('/');
    const session = find(id);
    if (pathname === '/api/sessions' && request.method === 'POST') {
      made += 1;
      server.create(`made-${made}`);
      return request.respond(jsonResponse(201, server.row(`made-${made}`)));
    }
    if (session === undefined) return request.respond(notFound());
    const { row, state } = session;
    if (rest === undefined && request.method === 'GET') {
      const view = { row, cursor: formatCursor(state), state: lastPage(state) };
      return request.respond(jsonResponse(200, view));
    }
    if (rest === 'events') {
      const text = searchParams.get('cursor');
      const cursor = parseCursor(text ?? '');
      const upToDate = cursor?.logId === row.logId && cursor.seq === state.seq;
      if (upToDate && !active(session)) {
        return request.respond(new Response(null, { status: 204 }));
      }
      openStream(request, 'own', [{ session, cursor: text }]);
      return;
    }
    if (rest === 'turns' && request.method === 'POST') {
      return request.respond(jsonResponse(202, { turnId: server.prompt(id) }));
    }
    request.respond(notFound());
  };

  const { fetch, requests } = createFakeFetch(answer);
  const beat = (): void => {
    cancelBeat = timers.after(HEARTBEAT_MS, beat);
    prune();
    for (const stream of open) if (!stream.muted) stream.body.push(':\n\n');
  };
  let cancelBeat = timers.after(HEARTBEAT_MS, beat);

  const server: FakeServer = {
    fetch,
    requests,
    streams() {
      prune();
      return [...open];
    },
    carrying(sessionId) {
      prune();
      const { logId } = get(sessionId).row;
      return [...open].filter((stream) => stream.logIds.includes(logId));
    },
    violations,
    budget: Infinity,
    counts,
    asked: (path) => asked.get(path) ?? 0,
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
      prune();
      for (const stream of open) {
        if (stream.kind === 'lane') stream.send(encodeFrame('row.deleted', { logId }));
        else endIfIdle(stream);
      }
    },
    patch(sessionId, patch) {
      const session = get(sessionId);
      const { row: before } = session;
      session.row = { ...before, ...patch };
      publishRow(session.row, before);
    },
    prompt(sessionId) {
      prune();
      turns += 1;
      const turnId = `turn-${turns}`;
      const session = get(sessionId);
      const busy = active(session);
      append(session, {
        type: 'turn.queued',
        turnId,
        key: turnId,
        prompt: [{ type: 'text', text: turnId }],
        mode: 'queue',
      });
      if (!busy) append(session, { type: 'turn.started', turnId });
      return turnId;
    },
    say(sessionId, text) {
      prune();
      const session = get(sessionId);
      append(session, {
        type: 'update',
        turnId: session.state.live?.turnId ?? null,
        update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
      });
    },
    end(sessionId, reason = 'end_turn') {
      prune();
      const session = get(sessionId);
      const turnId = session.state.live?.turnId;
      if (turnId === undefined) throw new Error(`${sessionId} runs nothing`);
      append(session, { type: 'turn.ended', turnId, reason });
      const next = session.state.queue.find((entry) => !entry.held);
      if (next !== undefined) append(session, { type: 'turn.started', turnId: next.turnId });
    },
    append(sessionId, body) {
      prune();
      append(get(sessionId), body);
    },
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
    fault: null,
    signedIn: true,
    dropAll() {
      prune();
      for (const stream of open) stream.drop();
    },
    hold(which) {
      held.add(which);
    },
    release() {
      held.clear();
      prune();
      for (const stream of open) {
        for (const text of stream.held.splice(0)) stream.send(text);
        endIfIdle(stream);
      }
    },
    skipNext(sessionId) {
      skipping.add(get(sessionId).row.logId);
    },
    close() {
      cancelBeat();
      server.dropAll();
    },
  };
  return server;
}
