/**
 * What tabcast exists for: one connection per running session, however many tabs show it. Pure logic over an
 * injected environment; `main.ts` runs it in a SharedWorker, or in a page where there is none.
 *
 * Whatever comes in (frames, answers, calls of tabs, timers) changes what is known and marks what it touched;
 * `settle` then draws the conclusions: what to connect, what to load, and what each tab lacks.
 */
import { BUILD_HEADER } from '../shared/api.ts';
import { formatCursor } from '../shared/cursor.ts';
import { unreachable } from '../shared/errors.ts';
import { HUB_PROTOCOL, type Connection, type HubApi, type Watch } from '../shared/hub-api.ts';
import { createApiClient } from './api-client.ts';
import { createCommands } from './commands.ts';
import { connectionOf } from './connection.ts';
import { createDemand } from './demand.ts';
import type { HubEnv } from './env.ts';
import { createIntake } from './intake.ts';
import { createLoader } from './loader.ts';
import type { PaneSource } from './pane.ts';
import { createProtocol } from './protocol.ts';
import { createRows } from './rows.ts';
import { TAIL_LIMITS, type TailLimits } from './session-log.ts';
import { createSessions } from './sessions.ts';
import { createStreams } from './streams.ts';
import { createTabs } from './tabs.ts';
import type { UpstreamState } from './upstream-machine.ts';

export interface HubOptions {
  /** How many recent events of each session are kept. */
  tail?: TailLimits;
}

/** The hub as it is now, for the inspector and for tests. */
export interface HubInspection {
  hubId: string;
  connection: Connection;
  /** ALPN id of how the server is reached; null while it is not known. */
  protocol: string | null;
  lane: { state: UpstreamState; riding: string[] };
  own: { logId: string; state: UpstreamState }[];
  logs: { logId: string; seq: number; tail: number }[];
  tabs: { tabId: string; watch: Watch | null; seq: number | null; inFlight: number | null }[];
}

export interface Hub {
  /** What Comlink exposes. */
  readonly api: HubApi;
  inspect(): HubInspection;
  /** Leaves no timer, port or connection (H11). Twice is a no-op. */
  close(): void;
}

/** A hub with no tabs; it connects when the first one attaches. */
export function createHub(surroundings: HubEnv, { tail = TAIL_LIMITS }: HubOptions = {}): Hub {
  const env: HubEnv = { ...surroundings, fetch: readBuild(surroundings.fetch, onServerBuild) };
  const hubId = env.newId();
  const rows = createRows();
  const sessions = createSessions(tail);
  /** Why nothing may be connected; empty while all is well. */
  const paused = new Set<'no-tabs' | 'signed-out' | 'closed'>(['no-tabs']);
  let connection: Connection = { state: 'connecting' };
  let serverBuild: string | null = null;
  let signIns = 0;
  let settling = false;
  let settleAgain = false;

  const tabs = createTabs({
    env,
    source: {
      hubId,
      connection: () => connection,
      serverBuild: () => serverBuild,
      directory: (version) => rows.since(version),
      pane: paneSource,
    },
    onWatch: (sessionId) => demand.touchWatch(sessionId),
    onGone: settle,
    onDeserted() {
      paused.add('no-tabs');
      disconnect();
      settle();
    },
  });
  const client = createApiClient({ env, onSignedOut: signOut, epoch: () => signIns });
  const loader = createLoader({
    env,
    client,
    isKnown: (sessionId) => rows.find(sessionId) !== undefined,
    onLoaded(sessionId, view) {
      const answered = intake.onLoaded(sessionId, view);
      // When it was none, the loader waits before it asks again.
      if (answered) settle();
      return answered;
    },
    onStatus(sessionId) {
      demand.touchWatch(sessionId);
      settle();
    },
  });
  const protocol = createProtocol(env, () => {
    streams.reseat();
    settle();
  });
  const streams = createStreams({
    env,
    ownStreams() {
      // The hub of the build that is served now has the budget; a browser's six connections are for both (H3).
      return serverBuild === null || serverBuild === env.build ? protocol.ownStreams : 0;
    },
    place(logId) {
      const session = sessions.get(logId);
      const seq = session?.resync === true ? undefined : session?.log?.state.seq;
      return {
        // Without a row the session is gone: the server will say so.
        sessionId: rows.get(logId)?.id ?? logId,
        cursor: seq === undefined ? null : formatCursor({ logId, seq }),
      };
    },
    onFrames(frames, logId) {
      const progress = intake.onFrames(frames, logId);
      settle();
      return progress;
    },
    onState: (state, logId) => (logId === null ? onLaneState(state) : onOwnState(state, logId)),
    onLaneStart: () => rows.laneStarts(),
  });
  const demand = createDemand({
    rows,
    sessions,
    streams,
    loader,
    watches: () => tabs.watches(),
    paused: () => paused.size > 0,
  });
  const intake = createIntake({
    rows,
    sessions,
    streams,
    loader,
    demand,
    watches: () => tabs.watches(),
  });

  function onOwnState(state: UpstreamState, logId: string): void {
    demand.touch(logId);
    if (state.name === 'open') streams.wake();
    if (state.name === 'stopped') {
      const session = sessions.get(logId);
      switch (state.reason) {
        case 'up-to-date':
          if (session !== undefined) session.upToDate = session.log?.state.seq ?? null;
          settle();
          // The row told of more since then.
          if (demand.wants(logId)) streams.resume(logId);
          break;
        case 'missing':
          intake.remove(rows.get(logId));
          break;
        case 'signed-out':
          signOut(signIns);
          break;
        case 'refused':
          if (session !== undefined) session.refused = state.error;
          break;
        default:
          unreachable(state.reason);
      }
    }
    settle();
  }

  function onLaneState(state: UpstreamState): void {
    const reaching = state.name === 'connecting' || state.name === 'open';
    if (!reaching || (state.name === 'connecting' && state.trouble !== null)) protocol.doubt();
    if (reaching) protocol.find();
    if (state.name === 'open') {
      streams.wake();
      if (connection.state === 'reconnecting') client.reached();
    }
    if (state.name === 'stopped' && state.reason === 'signed-out') signOut(signIns);
    if (state.name === 'stopped' && state.reason === 'up-to-date') streams.startLane();
    settle();
  }

  function onServerBuild(build: string): void {
    if (build === serverBuild) return;
    serverBuild = build;
    streams.reseat();
    settle();
  }

  /** The server does not know this principal any more: nothing of it may reach the next one (A4). */
  function signOut(since: number): void {
    // A late answer to a request from before the last sign-in means nothing.
    if (since !== signIns || paused.has('signed-out')) return;
    paused.add('signed-out');
    disconnect();
    sessions.clear();
    rows.clear();
    settle();
  }

  function paneSource({ sessionId }: Watch): PaneSource {
    const row = rows.find(sessionId);
    const session = row === undefined ? undefined : sessions.get(row.logId);
    if (session?.log != null) return { kind: 'log', log: session.log };
    const loading = loader.status(sessionId);
    if (loading !== undefined && loading.kind !== 'loading') return loading;
    if (session?.refused != null) return { kind: 'failed', error: session.refused };
    const stream = row === undefined ? undefined : streams.stateOf(row.logId);
    if (stream?.name === 'backoff') return { kind: 'failed', error: stream.trouble.error };
    return { kind: 'loading' };
  }

  function settle(): void {
    // A conclusion may itself bring news: they are dealt with in one more round.
    settleAgain = true;
    if (settling || paused.has('closed')) return;
    settling = true;
    try {
      while (settleAgain) {
        settleAgain = false;
        demand.settle();
        const next: Connection = paused.has('signed-out')
          ? { state: 'signed-out' }
          : connectionOf(streams.lane, connection);
        if (JSON.stringify(next) !== JSON.stringify(connection)) connection = next;
        tabs.flush();
      }
    } finally {
      settling = false;
    }
  }

  function disconnect(): void {
    demand.clear();
    streams.park();
    loader.clear();
  }

  /** Connects, or goes on being connected. */
  function connect(): void {
    if (paused.delete('signed-out')) signIns += 1;
    paused.delete('no-tabs');
    for (const session of sessions.all()) session.refused = session.upToDate = null;
    demand.touchAll();
    streams.startLane();
  }

  const api: HubApi = {
    ...createCommands(client, (row) => {
      rows.offer(row);
      settle();
    }),
    async hello() {
      return { protocol: HUB_PROTOCOL, build: env.build, hubId };
    },
    async attach(attach, port) {
      if (paused.has('closed')) return port.close();
      tabs.attach(attach, port);
      if (attach.watch !== null) loader.retry(attach.watch.sessionId);
      connect();
      // Somebody came to look: not the time to wait out a backoff.
      streams.wake();
      settle();
    },
    async watch(tabId, watch) {
      if (!tabs.watch(tabId, watch)) return false;
      if (watch !== null) loader.retry(watch.sessionId);
      settle();
      return true;
    },
    async detach(tabId) {
      tabs.detach(tabId);
      settle();
    },
    async look() {
      streams.look();
    },
    async retry() {
      if (paused.has('closed') || tabs.size === 0) return;
      connect();
      streams.retry();
      loader.retry();
      settle();
    },
  };

  return {
    api,
    inspect: () => ({
      hubId,
      connection,
      protocol: protocol.name,
      lane: { state: streams.lane, riding: [...streams.riding()] },
      own: [...streams.own()].map(([logId, state]) => ({ logId, state })),
      logs: [...sessions.all()].flatMap(({ logId, log }) =>
        log === null ? [] : [{ logId, seq: log.state.seq, tail: log.tail }],
      ),
      tabs: [...tabs.all()].map(({ tabId, pane, inFlight }) => ({
        tabId,
        watch: pane?.watch ?? null,
        seq: pane?.position?.seq ?? null,
        inFlight,
      })),
    }),
    close() {
      paused.add('closed');
      tabs.close();
      disconnect();
      streams.close();
      protocol.close();
      client.close();
    },
  };
}

/** A `fetch` that tells which build each answer of the server is from. */
function readBuild(fetch: HubEnv['fetch'], tell: (build: string) => void): HubEnv['fetch'] {
  return async (input, init) => {
    const response = await fetch(input, init);
    const build = response.headers.get(BUILD_HEADER);
    if (build !== null) tell(build);
    return response;
  };
}
