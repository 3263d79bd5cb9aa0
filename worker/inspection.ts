/** The hub as it is now, for the inspector and for tests. */
import type { Connection, Watch } from '../shared/hub-api.ts';
import type { Protocol } from './protocol.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';
import type { Tabs } from './tabs.ts';
import type { UpstreamState } from './upstream-state.ts';

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

export interface InspectionDeps {
  hubId: string;
  connection: Connection;
  protocol: Protocol;
  sessions: Sessions;
  streams: Streams;
  tabs: Tabs;
}

/** @returns a copy: later changes don't show in it */
export function inspectHub(hub: InspectionDeps): HubInspection {
  const { hubId, connection, protocol, sessions, streams, tabs } = hub;
  return {
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
  };
}
