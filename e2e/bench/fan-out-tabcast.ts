/** One session of tabcast for the fan-out benches: its log on SQLite, the whole app, and its own sockets; no agent. */
import type { Server } from 'node:net';
import { dirname } from 'node:path';
import { createApp } from '../../server/app.ts';
import { openAccess } from '../../server/http/open-access.ts';
import { createProblems } from '../../server/http/problems.ts';
import { createStreamRegistry } from '../../server/http/stream-registry.ts';
import { realTimers } from '../../server/http/timers.ts';
import { createListener } from '../../server/listen.ts';
import { createDirectoryFeed } from '../../server/sessions/directory-feed.ts';
import type { SessionHandle, SessionService } from '../../server/sessions/service.ts';
import { openSessionLog } from '../../server/sessions/session-log.ts';
import { createSockets } from '../../server/sockets.ts';
import { openSqliteStore } from '../../server/store/sqlite.ts';
import type { EventBody } from '../../shared/events.ts';

const TOKEN = 'a-token-of-forty-three-characters-or-so-0123';
const NAMES = { id: 's', logId: 'log', owner: 'local', agentId: 'bench', cwd: '/' };

/** @param eventBytes how long an event's frame is to be */
export async function openTabcastSession(file: string, eventBytes: number) {
  const store = openSqliteStore({ file });
  const record = await store.createSession({
    ...NAMES,
    title: '',
    titleSource: 'none',
    createdAt: 0,
  });
  const log = await openSessionLog({ store, now: Date.now, onRecord: () => {} }, record);
  const append = (...events: EventBody[]): Promise<void> =>
    log.transact(() => ({ events, result: undefined }));
  await append(
    { type: 'turn.queued', turnId: 't', key: 'k', prompt: [], mode: 'queue' },
    { type: 'turn.started', turnId: 't' },
  );

  const directory = createDirectoryFeed([]);
  const unused = (): never => {
    throw new Error('not part of this bench');
  };
  const handle = { feed: log.feed, row: () => log.record } as unknown as SessionHandle;
  const service: SessionService = {
    agents: () => [],
    knownAgents: () => ({ known: [], configured: true }),
    takes: unused,
    create: unused,
    open: async () => handle,
    directory: async () => directory,
    folders: unused,
    search: unused,
    runningTurns: () => 1,
    drain: unused,
    close: async () => {},
  };
  const streams = createStreamRegistry(Infinity);
  const silent = (): void => {};
  let server: Server | null = null;
  const port = (): number => {
    const address = server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const logger = { debug: silent, info: silent, warn: silent, error: console.error };
  const monotonic = (): number => performance.now();
  const entry = await openAccess({
    config: {
      dataFolder: dirname(file),
      secret: TOKEN,
      usersFile: null,
      signInDays: 1,
      host: '127.0.0.1',
      hosts: [],
    },
    port,
    secure: false,
    streams,
    timers: realTimers,
    monotonic,
    log: logger,
  });
  const app = createApp({
    service,
    access: entry.access,
    desk: entry.desk,
    signIns: entry.signIns,
    streams,
    problems: createProblems(),
    page: null,
    timers: realTimers,
    build: 'bench',
    monotonic,
    random: Math.random,
    log: logger,
    processMetrics: true,
  });
  ({ server } = createSockets(
    null,
    createListener((request, bindings) => app.fetch(request, bindings)),
  ));

  // Subscribed with the first event, after the readers: from then on the last to be called.
  let watched = false;
  let everybodyHasIt = (): void => {};
  const event = (): EventBody => {
    const seq = log.feed.lastSeq + 1;
    const bare = JSON.stringify({ seq, at: Date.now(), ...delta('') });
    const rest = eventBytes - `id: log:${seq}\ndata: ${bare}\n\n`.length;
    return delta('x'.repeat(rest));
  };
  return {
    server,
    path: `/api/sessions/s/events?cursor=log:${log.feed.lastSeq}`,
    headers: `authorization: Bearer ${TOKEN}\r\n`,
    async send() {
      if (!watched) log.feed.subscribe(() => everybodyHasIt());
      watched = true;
      const had = new Promise<void>((resolve) => (everybodyHasIt = resolve));
      await append(event());
      await had;
    },
    readers: () => streams.counts().own,
  };
}

function delta(text: string): EventBody {
  return {
    type: 'update',
    turnId: 't',
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
  };
}
