/** The two streams: one session's log, and the lane of the directory and any number of sessions. */
import { Hono, type Context } from 'hono';
import { LIMITS, sessionParam } from '../../shared/commands.ts';
import { ServiceError, type SessionHandle, type SessionService } from '../sessions/service.ts';
import { joinFrames } from '../sessions/log-tail.ts';
import type { AppEnv } from './env.ts';
import { createEventStream, type EventStream, type EventStreamEnv } from './event-stream.ts';
import { readableOf } from './sinks.ts';
import { namedFrame } from './sse.ts';
import {
  createDirectoryPart,
  createFixedPart,
  createLogPart,
  isUpToDate,
  startPoint,
} from './stream-parts.ts';
import { paramsOf } from './validate.ts';

export interface EventRouteDeps extends EventStreamEnv {
  service: SessionService;
}

export function createEventRoutes(deps: EventRouteDeps): Hono<AppEnv> {
  const { service, streams } = deps;
  return new Hono<AppEnv>()
    .get('/api/sessions/:id/events', paramsOf(sessionParam), async (c) => {
      const session = await service.open(c.var.principal, c.req.valid('param').id);
      const { feed } = session;
      // An EventSource that reconnects keeps its old URL: its header is the newer cursor.
      const cursor = c.req.header('last-event-id') ?? c.req.query('cursor') ?? null;
      const start = startPoint(feed, cursor);
      if (isUpToDate(feed, start)) return c.body(null, 204);
      refuseWhileDraining(streams.draining);
      const stream = createEventStream(deps, {
        kind: 'session',
        parts: [createLogPart(feed, start, 'ends')],
        sessionIds: () => canonicalIds([session]),
      });
      return respond(c, stream);
    })
    .get('/api/events', async (c) => {
      const named = c.req.queries('session') ?? [];
      if (named.length > LIMITS.laneSessions) {
        throw new ServiceError(
          'bad_request',
          `session: at most ${LIMITS.laneSessions} in one stream, not ${named.length}`,
        );
      }
      refuseWhileDraining(streams.draining);
      const { principal } = c.var;
      const directory = await service.directory(principal);
      const asked = await Promise.all(
        named.map(async (text) => {
          const { sessionId, cursor } = parseNamed(text);
          return { sessionId, cursor, session: await openKnown(service, principal, sessionId) };
        }),
      );
      const missing: Uint8Array[] = [];
      // An alias and the canonical id name one log; its frames are sent once.
      const found = new Map<string, { session: SessionHandle; cursor: string | null }>();
      for (const { sessionId, cursor, session } of asked) {
        if (session === null) missing.push(namedFrame('missing', { sessionId }));
        else if (!found.has(session.feed.logId)) found.set(session.feed.logId, { session, cursor });
      }
      const carried = [...found.values()];
      const stream = createEventStream(deps, {
        kind: 'lane',
        parts: [
          createDirectoryPart(directory),
          ...(missing.length === 0 ? [] : [createFixedPart(joinFrames(missing))]),
          ...carried.map(({ session: { feed }, cursor }) =>
            createLogPart(feed, startPoint(feed, cursor), 'stays'),
          ),
        ],
        sessionIds: () => canonicalIds(carried.map(({ session }) => session)),
      });
      return respond(c, stream);
    });
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

function respond(c: Context<AppEnv>, stream: EventStream): Response {
  // Called without a server, `env` is undefined, whatever its type says.
  const take = (c.env as AppEnv['Bindings'] | undefined)?.takeStream;
  if (take === undefined) return c.body(readableOf(stream), 200, HEADERS);
  take(stream);
  return c.body(null, 200, HEADERS);
}

function refuseWhileDraining(draining: boolean): void {
  if (draining) throw new ServiceError('unavailable', 'The server is stopping. Try again shortly.');
}

/** `<id>@<cursor>`; ids have no `@`. */
function parseNamed(text: string): { sessionId: string; cursor: string | null } {
  const at = text.indexOf('@');
  if (at === -1) return { sessionId: text, cursor: null };
  return { sessionId: text.slice(0, at), cursor: text.slice(at + 1) };
}

/** Null when it is unknown, not this principal's, or no id at all: one name must not cost the others their stream. */
async function openKnown(
  service: SessionService,
  principal: string,
  sessionId: string,
): Promise<SessionHandle | null> {
  if (!sessionParam.safeParse({ id: sessionId }).success) return null;
  try {
    return await service.open(principal, sessionId);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'not_found') return null;
    throw error;
  }
}

function canonicalIds(sessions: readonly SessionHandle[]): string[] {
  return sessions.filter(({ feed }) => !feed.closed).map((session) => session.row().id);
}
