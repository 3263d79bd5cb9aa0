/** The hub as a snapshot for the page that shows it. Made when it is asked for: nothing is kept for it but counters. */
import { unreachable } from '../shared/errors.ts';
import type { Connection } from '../shared/hub-api.ts';
import {
  SNAPSHOT_LIMITS,
  type HubSnapshot,
  type SessionReport,
  type StreamReport,
  type TabReport,
} from '../shared/hub-snapshot.ts';
import type { Protocol } from './protocol.ts';
import type { Rows } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';
import type { UpstreamState } from './upstream-state.ts';

export interface ReportDeps {
  hubId: string;
  build: string;
  startedAt: number;
  now(): number;
  connection(): Connection;
  protocol: Protocol;
  rows: Rows;
  sessions: Sessions;
  streams: Streams;
  tabs: Tabs;
}

/** @param asker the tab that asks. @returns a copy: later changes don't show in it */
export function reportHub(hub: ReportDeps, asker: Tab): HubSnapshot {
  const { protocol, rows, sessions, streams, tabs } = hub;
  const connection = hub.connection();
  // What others look at is said to nobody else (A4): whose tab it is was told to each, unless nobody is signed in.
  const isTheirs = (tab: Tab): boolean =>
    tab === asker ||
    (tab.principal === asker.principal &&
      (tab.principal !== null || connection.state !== 'signed-out'));
  const shownBy = (tab: Tab) => (isTheirs(tab) ? (tab.pane?.watch ?? null) : null);
  const logOf = (tab: Tab) => {
    const watch = shownBy(tab);
    return watch === null ? undefined : rows.find(watch.sessionId)?.logId;
  };
  const own = streams.own();
  const riding = streams.riding();
  const listed = new Set([...own.keys(), ...riding]);
  // All: a loop over 10,000 sessions would be felt, one over the tabs is not.
  for (const tab of tabs.all()) {
    const logId = logOf(tab);
    if (logId !== undefined) listed.add(logId);
  }
  const others = [...tabs.all()].filter((tab) => tab !== asker);

  const tabReport = (tab: Tab): TabReport => {
    const watch = shownBy(tab);
    const logId = logOf(tab) ?? null;
    const log = logId === null ? null : (sessions.get(logId)?.log?.state ?? null);
    const { visible, notify, sound } = tab.presence;
    return {
      tabId: tab.tabId,
      you: tab === asker,
      shows: watch === null ? null : { sessionId: watch.sessionId, logId },
      inFlight: tab.inFlight !== null,
      ...tab.meter.report(log),
      visible,
      notify,
      sound,
    };
  };
  const sessionReport = (logId: string): SessionReport => {
    const session = sessions.get(logId);
    return {
      logId,
      seat: own.has(logId) ? 'own' : riding.has(logId) ? 'lane' : 'none',
      stream: streamReport(streams.stateOf(logId)),
      seq: session?.log?.state.seq ?? null,
      events: session?.events ?? 0,
      size: session?.size ?? 0,
    };
  };

  return {
    hubId: hub.hubId,
    build: hub.build,
    at: hub.now(),
    startedAt: hub.startedAt,
    connection,
    protocol: protocol.name,
    ownStreams: protocol.ownStreams,
    lane: { stream: streamReport(streams.lane), ...streams.laneFlow },
    sessions: [...listed].slice(0, SNAPSHOT_LIMITS.sessions).map(sessionReport),
    own: own.size,
    riding: riding.size,
    folds: sessions.folds,
    tabs: [asker, ...others].slice(0, SNAPSHOT_LIMITS.tabs).map(tabReport),
    tabCount: tabs.size,
  };
}

function streamReport(state: UpstreamState | undefined): StreamReport {
  if (state === undefined) return { state: 'none' };
  switch (state.name) {
    case 'idle':
      return { state: 'none' };
    case 'connecting':
      return { state: 'connecting', attempt: state.attempt, since: state.startedAt };
    case 'open':
      return { state: 'live', since: state.openedAt, heardAt: state.heardAt };
    case 'backoff': {
      const { attempt, retryAt, trouble } = state;
      return { state: 'waiting', attempt, retryAt, error: trouble.error };
    }
    case 'stopped':
      return { state: 'stopped', error: state.error };
    default:
      return unreachable(state);
  }
}
