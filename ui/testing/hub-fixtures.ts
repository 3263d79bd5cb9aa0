/** Snapshots of a hub for tests; what a test is about it says itself. */
import type { HubSnapshot, SessionReport, TabReport } from '../../shared/hub-snapshot.ts';

export function makeSnapshot(fields: Partial<HubSnapshot> = {}): HubSnapshot {
  const { sessions = [], tabs = [] } = fields;
  return {
    hubId: 'hub-1',
    build: 'b',
    at: 60_000,
    startedAt: 0,
    connection: { state: 'live' },
    protocol: 'http/1.1',
    ownStreams: 3,
    lane: { stream: { state: 'live', since: 0, heardAt: 60_000 }, frames: 0, bytes: 0 },
    own: sessions.filter(({ seat }) => seat === 'own').length,
    riding: sessions.filter(({ seat }) => seat === 'lane').length,
    folds: sessions.length,
    tabCount: tabs.length,
    ...fields,
    sessions,
    tabs,
  };
}

export function makeSession(logId: string, fields: Partial<SessionReport> = {}): SessionReport {
  return {
    logId,
    seat: 'none',
    stream: { state: 'none' },
    seq: 1,
    events: 0,
    size: 0,
    ...fields,
  };
}

export function makeTab(tabId: string, fields: Partial<TabReport> = {}): TabReport {
  return {
    tabId,
    you: false,
    shows: null,
    seq: null,
    behind: { events: 0, ms: 0 },
    inFlight: false,
    batches: 0,
    events: 0,
    acks: 0,
    ackMs: 0,
    quietMs: 0,
    visible: true,
    notify: false,
    sound: false,
    ...fields,
  };
}
