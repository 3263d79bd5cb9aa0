/** The server as the hub sees it: scripted sessions, their streams, and an answer to every request. */
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import { lastPage } from '../../shared/state.ts';
import type { FakeClock } from './fake-clock.ts';
import { createFakeFetch, jsonResponse, type ParkedRequest } from './fake-fetch.ts';
import {
  createFakeSessions,
  isActive,
  type FakeSessions,
  type SessionScript,
} from './fake-sessions.ts';
import { createFloors, type Floors } from './floors.ts';
import { createFakeStreams, type FakeStream, type FakeStreams } from './fake-streams.ts';

/**
 * An answer in place of the server's own; null: the server's own. `cut`: it acts, and the connection breaks before its
 * answer is through. `slow`: it answers after `SLOW_MS`.
 */
export type Fault = (request: ParkedRequest) => 'hang' | 'fail' | 'cut' | 'slow' | Response | null;

/** Milliseconds: longer than a lane waits for anything, shorter than a command. */
const SLOW_MS = 6_000;
/** Requests while no time passes; a step or twenty of them ask for a hundred at most. */
const MOST_AT_ONCE = 1_000;

export interface FakeServer
  extends
    SessionScript,
    Pick<FakeStreams, 'violations' | 'budget' | 'dropAll' | 'hold' | 'release' | 'close'> {
  fetch: typeof fetch;
  readonly requests: readonly ParkedRequest[];
  /** Open streams, in the order they were asked for. */
  streams(): FakeStream[];
  /** Open streams that carry a session. */
  carrying(sessionId: string): FakeStream[];
  /** What it really did, not what it was asked to do. */
  readonly counts: FakeStreams['counts'] & Record<'refused' | 'limited' | 'cut' | 'slow', number>;
  /** What `Retry-After` forbids. */
  readonly floors: Floors;
  /** How many streams were ever asked for, by path without query. */
  asked(path: string): number;
  /** The next event of that session is lost on its way to every open stream. */
  skipNext(sessionId: string): void;
  fault: Fault | null;
  signedIn: boolean;
}

export function createFakeServer(clock: FakeClock): FakeServer {
  const asked = new Map<string, number>();
  let made = 0;
  let moment = { at: 0, requests: 0 };
  const timers = clock.timers();
  const floors = createFloors(clock);
  const streams = createFakeStreams(clock, (): FakeSessions => sessions);
  const sessions = createFakeSessions(clock, streams.readers);
  const { script } = sessions;
  const counts = Object.assign(streams.counts, { refused: 0, limited: 0, cut: 0, slow: 0 });

  const notFound = (): Response =>
    jsonResponse(404, { error: { code: 'not_found', message: 'There is no such session.' } });

  const answer = (request: ParkedRequest): void => {
    const { pathname } = request.url;
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
    // Also an end to what would never end: nothing here takes time.
    if (clock.elapsed !== moment.at) moment = { at: clock.elapsed, requests: 0 };
    moment.requests += 1;
    if (moment.requests > MOST_AT_ONCE) {
      streams.violations.push('requests without a pause (H8)');
      return;
    }
    // A command is a person's wish, and `/healthz` is for everybody.
    const free = request.method !== 'GET' || pathname === '/healthz';
    const breach = free ? null : floors.breach(pathname);
    if (breach !== null) streams.violations.push(breach);
    const fault = server.fault?.(request) ?? null;
    switch (fault) {
      case null:
        return serve(request);
      case 'hang':
        return;
      case 'fail':
        return request.fail();
      case 'cut':
        counts.cut += 1;
        return cut(request);
      case 'slow':
        counts.slow += 1;
        timers.after(SLOW_MS, () => {
          if (request.pending) serve(request);
        });
        return;
      default: {
        const seconds = Number(fault.headers.get('retry-after') ?? 0);
        if (seconds > 0 && request.method === 'GET') floors.set(pathname, seconds * 1_000, fault);
        if (fault.status === 429) counts.limited += 1;
        request.respond(fault);
      }
    }
  };

  /** It acts, and nobody hears of it. */
  const cut = (request: ParkedRequest): void => {
    serve(Object.create(request, { respond: { value: () => request.fail() } }) as ParkedRequest);
    for (const stream of streams.all()) {
      if (Object.getPrototypeOf(stream.request) === request) stream.drop();
    }
  };

  const serve = (request: ParkedRequest): void => {
    const { pathname, searchParams } = request.url;
    if (pathname === '/healthz') return request.respond(jsonResponse(200, { status: 'ok' }));
    if (!server.signedIn) {
      counts.refused += 1;
      const error = { code: 'unauthorized', message: 'Sign in.' };
      const refusal = jsonResponse(401, { error });
      if (request.method === 'GET') floors.refuse(refusal);
      return request.respond(refusal);
    }
    if (pathname === '/api/events') {
      const named = searchParams.getAll('session').map((text) => text.split('@'));
      return streams.openLane(
        request,
        named.map(([sessionId = '', cursor = null]) => ({ sessionId, cursor })),
      );
    }
    const [, , , id = '', rest] = pathname.split('/');
    if (pathname === '/api/sessions' && request.method === 'POST') {
      made += 1;
      script.create(`made-${made}`);
      return request.respond(jsonResponse(201, script.row(`made-${made}`)));
    }
    const session = sessions.find(id);
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
      if (upToDate && !isActive(session)) {
        return request.respond(new Response(null, { status: 204 }));
      }
      return streams.openOwn(request, session, text);
    }
    if (rest === 'turns' && request.method === 'POST') {
      const { key } = JSON.parse(request.body ?? '{}') as { key?: string };
      return request.respond(jsonResponse(202, { turnId: script.prompt(id, key) }));
    }
    request.respond(notFound());
  };

  const { fetch, requests } = createFakeFetch(answer);
  const server: FakeServer = {
    ...script,
    fetch,
    requests,
    streams: streams.all,
    carrying: (sessionId) => streams.carrying(script.row(sessionId).logId),
    violations: streams.violations,
    get budget() {
      return streams.budget;
    },
    set budget(most) {
      streams.budget = most;
    },
    counts,
    floors,
    asked: (path) => asked.get(path) ?? 0,
    fault: null,
    signedIn: true,
    dropAll: streams.dropAll,
    hold: streams.hold,
    release: streams.release,
    skipNext: (sessionId) => streams.skipNext(script.row(sessionId).logId),
    close() {
      timers.kill();
      streams.close();
    },
  };
  return server;
}
