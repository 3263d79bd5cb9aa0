/**
 * The event streams of a fake server: real frames, and every fault a connection has. Frames can be held back, so
 * that a test decides in which order two connections speak.
 */
import { HEARTBEAT_MS, type StreamFrames } from '../../shared/api.ts';
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import type { SessionEvent } from '../../shared/events.ts';
import { lastPage } from '../../shared/state.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeBody, ParkedRequest } from './fake-fetch.ts';
import {
  isActive,
  type FakeSession,
  type FakeSessions,
  type SessionReaders,
} from './fake-sessions.ts';

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

export interface FakeStreams {
  /** Told by the sessions. */
  readonly readers: SessionReaders;
  /** Answers with a stream. @param sessionIds those that the lane was asked for, known or not */
  openLane(
    request: ParkedRequest,
    asked: readonly { sessionId: string; cursor: string | null }[],
  ): void;
  openOwn(request: ParkedRequest, session: FakeSession, cursor: string | null): void;
  /** Open streams, in the order they were asked for. */
  all(): FakeStream[];
  /** Open streams that carry a log. */
  carrying(logId: string): FakeStream[];
  /** Times that a session had more than one stream, or that there were more than `budget` in all (H1, H3). */
  readonly violations: string[];
  budget: number;
  /** What really happened, not what was asked for. */
  readonly counts: Record<'skipped' | 'repeated' | 'resynced' | 'replayed', number>;
  dropAll(): void;
  /** Frames for `which` wait until `release`. */
  hold(which: 'lane' | 'own'): void;
  release(): void;
  /** The next event of that log is lost on its way to every open stream. */
  skipNext(logId: string): void;
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

const eventFrame = (logId: string, event: SessionEvent): string =>
  `id: ${formatCursor({ logId, seq: event.seq })}\ndata: ${JSON.stringify(event)}\n\n`;

/** @param sessions asked when a stream begins, so it may refer to what is made later */
export function createFakeStreams(clock: FakeClock, sessions: () => FakeSessions): FakeStreams {
  const open = new Set<OpenStream>();
  const held = new Set<'lane' | 'own'>();
  const skipping = new Set<string>();
  const timers = clock.timers();

  /** Forgets what the hub let go of. */
  const prune = (): void => {
    for (const stream of open) if (!stream.open) open.delete(stream);
  };
  const endIfIdle = (stream: OpenStream): void => {
    if (stream.kind !== 'own' || !stream.open || held.has('own') || stream.muted) return;
    const [logId = ''] = stream.logIds;
    const session = sessions().byLog(logId);
    const position = stream.positions.get(logId) ?? 0;
    if (session === undefined || (!isActive(session) && position >= session.state.seq)) {
      stream.end();
    }
  };
  const count = (): void => {
    for (const { row } of sessions().all()) {
      const carrying = [...open].filter((stream) => stream.logIds.includes(row.logId));
      if (carrying.length > 1) streams.violations.push(`${row.id} has ${carrying.length} streams`);
    }
    if (open.size > streams.budget) streams.violations.push(`${open.size} streams`);
  };

  /** What a reader at a cursor gets first. */
  const begin = (stream: OpenStream, session: FakeSession, text: string | null): void => {
    const { counts } = streams;
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
        const events = sessions().byLog(logId)?.events ?? [];
        const sent = events.filter(({ seq }) => seq <= (stream.positions.get(logId) ?? 0));
        if (n <= 0) return;
        if (sent.length > 0) streams.counts.repeated += 1;
        const again = sent.slice(-n).map((event) => eventFrame(logId, event));
        stream.send(again.join(''));
      },
      raw: (text) => stream.send(text),
    };
    prune();
    open.add(stream);
    count();
    if (kind === 'lane') {
      const rows = sessions()
        .all()
        .map(({ row }) => row);
      stream.send(encodeFrame('rows', { rows }));
    }
    for (const { session, cursor } of carried) begin(stream, session, cursor);
    endIfIdle(stream);
    return stream;
  };

  const beat = (): void => {
    cancelBeat = timers.after(HEARTBEAT_MS, beat);
    prune();
    for (const stream of open) if (!stream.muted) stream.body.push(':\n\n');
  };
  let cancelBeat = timers.after(HEARTBEAT_MS, beat);

  const streams: FakeStreams = {
    readers: {
      event(logId, event) {
        prune();
        const skip = skipping.delete(logId);
        for (const stream of open) {
          if (!stream.positions.has(logId)) continue;
          if (!skip) stream.send(eventFrame(logId, event));
          else streams.counts.skipped += 1;
          stream.positions.set(logId, event.seq);
        }
      },
      row(row) {
        for (const stream of open) {
          if (stream.kind === 'lane') stream.send(encodeFrame('row', { row }));
        }
      },
      settled(logId) {
        for (const stream of open) if (stream.positions.has(logId)) endIfIdle(stream);
      },
      removed(logId) {
        prune();
        for (const stream of open) {
          if (stream.kind === 'lane') stream.send(encodeFrame('row.deleted', { logId }));
          else endIfIdle(stream);
        }
      },
    },
    openLane(request, asked) {
      const unknown: string[] = [];
      const carried = asked.flatMap(({ sessionId, cursor }) => {
        const session = sessions().find(sessionId);
        if (session !== undefined) return [{ session, cursor }];
        unknown.push(sessionId);
        return [];
      });
      const stream = openStream(request, 'lane', carried);
      for (const sessionId of unknown) stream.send(encodeFrame('missing', { sessionId }));
    },
    openOwn: (request, session, cursor) => void openStream(request, 'own', [{ session, cursor }]),
    all() {
      prune();
      return [...open];
    },
    carrying(logId) {
      prune();
      return [...open].filter((stream) => stream.logIds.includes(logId));
    },
    violations: [],
    budget: Infinity,
    counts: { skipped: 0, repeated: 0, resynced: 0, replayed: 0 },
    dropAll() {
      prune();
      for (const stream of open) stream.drop();
    },
    hold: (which) => void held.add(which),
    release() {
      held.clear();
      prune();
      for (const stream of open) {
        for (const text of stream.held.splice(0)) stream.send(text);
        endIfIdle(stream);
      }
    },
    skipNext: (logId) => void skipping.add(logId),
    close() {
      cancelBeat();
      streams.dropAll();
    },
  };
  return streams;
}
