/**
 * What tabcast exists for: one connection per running session, however many tabs show it. Pure logic over an
 * injected environment; `main.ts` runs it in a SharedWorker, or in a page where there is none.
 *
 * Whatever comes in (frames, answers, calls of tabs, timers) changes what is known and marks what it touched;
 * `settle` then draws the conclusions: what to connect, what to load, and what each tab lacks.
 */
import { formatCursor } from '../shared/cursor.ts';
import type { ApiError } from '../shared/errors.ts';
import type { Connection, HubApi } from '../shared/hub-api.ts';
import { createAlerts } from './alerts.ts';
import { createApiClient } from './api-client.ts';
import { connectionOf } from './connection.ts';
import { createDemand } from './demand.ts';
import type { HubEnv } from './env.ts';
import { createCalls } from './hub-calls.ts';
import { inspectHub, type HubInspection } from './inspection.ts';
import { createIntake } from './intake.ts';
import { createLoader } from './loader.ts';
import { paneSourceOf } from './pane-source.ts';
import { watchPrincipal } from './principal.ts';
import { createProtocol } from './protocol.ts';
import { reportHub, type ReportDeps } from './report.ts';
import { createRows } from './rows.ts';
import { readBuild } from './server-build.ts';
import { TAIL_LIMITS, type TailLimits } from './session-log.ts';
import { createSessions } from './sessions.ts';
import { createStreamNews } from './stream-news.ts';
import { createStreams } from './streams.ts';
import type { Tab } from './tab.ts';
import { createTabs } from './tabs.ts';

export interface HubOptions {
  /** How many recent events of each session are kept. */
  tail?: TailLimits;
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
  const whose = watchPrincipal(readBuild(surroundings.fetch, onServerBuild), startAnew);
  const env: HubEnv = { ...surroundings, fetch: whose.fetch };
  const hubId = env.newId();
  const rows = createRows();
  const sessions = createSessions(tail);
  /** Why nothing may be connected; empty while all is well. */
  const paused = new Set<'no-tabs' | 'signed-out' | 'closed'>(['no-tabs']);
  let connection: Connection = { state: 'connecting' };
  let serverBuild: string | null = null;
  /** What is wrong with the server, in its own words. */
  let problem: ApiError | null = null;
  /** Counts sign-ins: what comes late for an earlier one means nothing. */
  let signIns = 0;
  /** The last sign-in was ended on purpose. */
  let ended = false;
  let settling = false;
  let settleAgain = false;

  const tabs = createTabs({
    env,
    source: {
      hubId,
      connection: () => connection,
      serverBuild: () => serverBuild,
      principal: () => (paused.has('signed-out') ? null : whose.current()),
      // A tab whose sign-in ran out keeps what it shows; one that comes then gets nothing.
      directory: (version) => (paused.has('signed-out') ? null : rows.since(version)),
      pane: (watch) => paneSourceOf({ rows, sessions, loader, streams }, watch),
      alerts: (tab) => alerts.offers(tab),
    },
    onWatch: (sessionId) => demand.touchWatch(sessionId),
    onGone: settle,
    onPresence: settle,
    onReply(tab, reply) {
      alerts.hear(tab, reply);
      settle();
    },
    onDeserted() {
      paused.add('no-tabs');
      alerts.forget();
      disconnect();
      settle();
    },
  });
  const alerts = createAlerts<Tab>({
    env,
    rows,
    tabs: () => tabs.all(),
    shownBy: ({ pane }) => (pane === null ? undefined : rows.find(pane.watch.sessionId)?.logId),
    onLate: settle,
  });
  const client = createApiClient({
    env,
    onSignedOut: (since, { code }) => signOut(since, code === 'signed_out'),
    epoch: () => signIns,
  });
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
    onState: (state, logId) => (logId === null ? news.lane(state) : news.own(state, logId)),
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
    onProblem: (told) => (problem = told),
  });

  const news = createStreamNews({
    rows,
    sessions,
    streams,
    demand,
    intake,
    protocol,
    onLaneOpen() {
      if (connection.state === 'reconnecting') client.reached();
      // It says so anew if it still is.
      problem = null;
    },
    signOut: (error) => signOut(signIns, error.code === 'signed_out'),
    settle,
  });

  function onServerBuild(build: string): void {
    if (build === serverBuild) return;
    serverBuild = build;
    streams.reseat();
    settle();
  }

  /** The server does not know this principal any more: nothing of it may reach the next one (A4). */
  function signOut(since: number, onPurpose: boolean): void {
    // A late answer to a request from before the last sign-in means nothing.
    if (since !== signIns || paused.has('signed-out')) return;
    paused.add('signed-out');
    ended = onPurpose;
    // One whose sign-in ran out may come back to the tabs that are there: another may not.
    if (onPurpose) whose.forget();
    empty();
    settle();
  }

  /** Nothing of a principal is left. */
  function empty(): void {
    disconnect();
    sessions.clear();
    rows.clear();
    alerts.forget();
    streams.forget();
  }

  /** Somebody else is signed in now (A4). */
  function startAnew(): void {
    signIns += 1;
    empty();
    paused.delete('signed-out');
    if (paused.size === 0) connect();
    settle();
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
          ? { state: 'signed-out', ...(ended ? { ended } : {}) }
          : connectionOf(streams.lane, connection, problem);
        if (JSON.stringify(next) !== JSON.stringify(connection)) connection = next;
        alerts.settle();
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

  const api = createCalls({
    hubId,
    build: env.build,
    client,
    rows,
    tabs,
    alerts,
    loader,
    streams,
    whose,
    closed: () => paused.has('closed'),
    connect,
    signOut: () => signOut(signIns, true),
    report: (asker) => reportHub(reported, asker),
    settle,
  });
  const reported: ReportDeps = {
    hubId,
    build: env.build,
    startedAt: env.now(),
    now: env.now,
    connection: () => connection,
    protocol,
    rows,
    sessions,
    streams,
    tabs,
  };

  return {
    api,
    inspect: () => inspectHub({ hubId, connection, protocol, sessions, streams, tabs }),
    close() {
      paused.add('closed');
      tabs.close();
      alerts.close();
      disconnect();
      streams.close();
      protocol.close();
      client.close();
    },
  };
}
