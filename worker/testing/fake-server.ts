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
import { createFakeStreams, type FakeStream, type FakeStreams } from './fake-streams.ts';

/** An answer in place of the server's own; null: the server's own. */
export type Fault = (request: ParkedRequest) => 'hang' | 'fail' | Response | null;

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
  readonly counts: FakeStreams['counts'] & { refused: number };
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
  const streams = createFakeStreams(clock, (): FakeSessions => sessions);
  const sessions = createFakeSessions(clock, streams.readers);
  const { script } = sessions;
  const counts = Object.assign(streams.counts, { refused: 0 });

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
      return request.respond(jsonResponse(202, { turnId: script.prompt(id) }));
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
    asked: (path) => asked.get(path) ?? 0,
    fault: null,
    signedIn: true,
    dropAll: streams.dropAll,
    hold: streams.hold,
    release: streams.release,
    skipNext: (sessionId) => streams.skipNext(script.row(sessionId).logId),
    close: streams.close,
  };
  return server;
}
