/** A tab as the contract wants it: folds what it gets with the shared reducer, acks, and checks the hub's promises. */
import { formatCursor } from '../../shared/cursor.ts';
import type { ApiError } from '../../shared/errors.ts';
import { unreachable } from '../../shared/errors.ts';
import {
  HUB_PROTOCOL,
  type Batch,
  type Connection,
  type HubApi,
  type PaneDelta,
  type Watch,
} from '../../shared/hub-api.ts';
import { firstSeq } from '../../shared/events.ts';
import { foldEvents } from '../../shared/reducer.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { createFakeAlerts, type FakeAlerts, type FakeBrowser } from './fake-alerts.ts';
import type { FakeClock } from './fake-clock.ts';
import { createFakePort, type FakePort } from './fake-port.ts';

export interface FakeTab {
  readonly tabId: string;
  readonly port: FakePort;
  readonly alerts: FakeAlerts;
  /** Every batch that was taken. */
  readonly batches: Batch[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly connection: Connection | null;
  /** The fold of what the pane shows; null before the first delivery of this watch. */
  readonly state: SessionState | null;
  readonly trouble: 'missing' | ApiError | null;
  readonly watching: string | null;
  /** Promises of the hub that were broken; must stay empty. */
  readonly broken: string[];
  /** When the hub last heard of it, as the clock's `elapsed`. */
  readonly heardAt: number;
  /** Of the hub that it attached to last. */
  readonly hubId: string | null;
  /** Posts wait in the inbox and nothing is acked. */
  frozen: boolean;
  /** Attaches, at the cursor of what it shows. */
  attach(): Promise<void>;
  /** Shows a session; what was shown of it before is kept and continued. */
  show(sessionId: string | null): Promise<void>;
  detach(): Promise<void>;
  /** `pagehide`: detaches by message and closes its port (T1); `attach` comes back. */
  suspend(): Promise<void>;
  /** Says things that mean nothing. */
  babble(): void;
  /** Takes what is in the inbox, until nothing more comes. */
  pump(): void;
  /** A new page in the same tab: knows nothing but the session in its address. */
  reload(): Promise<void>;
}

/** @param api of the hub that there is now */
export function createFakeTab(
  api: () => HubApi,
  clock: Pick<FakeClock, 'elapsed' | 'now'>,
  tabId: string,
  sessionId: string | null,
  browser: FakeBrowser,
): FakeTab {
  const broken: string[] = [];
  const batches: Batch[] = [];
  let rows = new Map<string, Row>();
  let version = 0;
  let hubId: string | null = null;
  let connection: Connection | null = null;
  let watching = sessionId;
  let watchId = 0;
  let trouble: 'missing' | ApiError | null = null;
  /** By session id: a tab keeps its panes. */
  let kept = new Map<string, SessionState>();
  let port = createFakePort();
  let lastBatch = 0;
  let heardAt = clock.elapsed;

  const alerts = createFakeAlerts({
    browser,
    clock,
    tabId,
    rows: () => rows,
    shows: () => (watching === null ? undefined : kept.get(watching)?.logId),
  });

  const watch = (): Watch | null => {
    if (watching === null) return null;
    const state = kept.get(watching);
    return {
      watchId,
      sessionId: watching,
      cursor: state === undefined ? null : formatCursor(state),
    };
  };

  const takePane = (pane: PaneDelta): void => {
    if (pane.watchId > watchId) broken.push(`watch ${pane.watchId} was never asked for`);
    if (pane.watchId !== watchId || watching === null) return;
    switch (pane.kind) {
      case 'snapshot': {
        trouble = null;
        const before = kept.get(watching);
        // A log that was restored says so: `future`.
        const earlier = before?.logId === pane.state.logId && pane.state.seq < before.seq;
        if (earlier && pane.reason !== 'future') {
          broken.push(`a snapshot at ${pane.state.seq} for a tab that is at ${before.seq}`);
        }
        kept.set(watching, pane.state);
        return;
      }
      case 'events': {
        trouble = null;
        const before = kept.get(watching);
        if (before === undefined || before.logId !== pane.logId) {
          broken.push(`events of ${pane.logId} without a state of it`);
          return;
        }
        let { seq } = before;
        for (const event of pane.events) {
          if (firstSeq(event) <= seq) broken.push(`seq ${event.seq} repeated`);
          if (firstSeq(event) > seq + 1) {
            broken.push(`seq ${event.seq} after ${seq}`);
            return;
          }
          if (event.type === 'turn.ended' && hasEnded(before, event.turnId)) {
            broken.push(`${event.turnId} ended twice`);
          }
          ({ seq } = event);
        }
        kept.set(watching, foldEvents(before, pane.events));
        return;
      }
      case 'missing':
        trouble = 'missing';
        return;
      case 'failed':
        trouble = pane.error;
        return;
      default:
        unreachable(pane);
    }
  };

  const take = (batch: Batch): void => {
    batches.push(batch);
    if (batch.hubId !== hubId) broken.push(`a batch of ${batch.hubId}, attached to ${hubId}`);
    if (batch.n !== lastBatch + 1) broken.push(`batch ${batch.n} after ${lastBatch}`);
    lastBatch = batch.n;
    if (batch.connection !== undefined) ({ connection } = batch);
    if (batch.directory !== undefined) {
      const { directory } = batch;
      if (directory.reset) rows.clear();
      for (const row of directory.rows) rows.set(row.logId, row);
      for (const logId of directory.removed) rows.delete(logId);
      ({ version } = directory);
      alerts.onDirectory(directory);
    }
    if (batch.pane !== undefined) takePane(batch.pane);
    alerts.onBatch(batch, (aside) => port.send(aside));
  };

  const tab: FakeTab = {
    tabId,
    get port() {
      return port;
    },
    batches,
    alerts,
    get rows() {
      return rows;
    },
    get connection() {
      return connection;
    },
    get state() {
      return watching === null ? null : (kept.get(watching) ?? null);
    },
    get trouble() {
      return trouble;
    },
    get watching() {
      return watching;
    },
    broken,
    get heardAt() {
      return heardAt;
    },
    get hubId() {
      return hubId;
    },
    frozen: false,
    async attach() {
      // The handshake: another hub counts its directory's versions anew (H12).
      const hello = await api().hello({ protocol: HUB_PROTOCOL, build: 'test' });
      if (hello.hubId !== hubId) version = 0;
      ({ hubId } = hello);
      watchId += 1;
      trouble = null;
      port = createFakePort();
      lastBatch = 0;
      heardAt = clock.elapsed;
      const mine = port;
      port.onPosted = () => {
        // H4: what is in the inbox is not acknowledged yet.
        if (mine.inbox.length > 1) broken.push(`${mine.inbox.length} batches in flight`);
        if (!tab.frozen) queueMicrotask(() => tab.pump());
      };
      await api().attach(
        { tabId, directoryVersion: version, watch: watch(), ...alerts.about() },
        port,
      );
    },
    async show(next) {
      watching = next;
      watchId += 1;
      trouble = null;
      await api().watch(tabId, watch());
    },
    detach: () => api().detach(tabId),
    async suspend() {
      const mine = port;
      mine.inbox.length = 0;
      const detached = api().detach(tabId);
      mine.close();
      await detached;
    },
    babble() {
      for (const data of [null, 'x', { ack: 9_999 }, { ack: lastBatch }, {}]) port.send(data);
    },
    pump() {
      if (tab.frozen) return;
      for (let batch = port.inbox.shift(); batch !== undefined; batch = port.inbox.shift()) {
        take(batch);
        port.send({ ack: batch.n });
        if (!port.closed) heardAt = clock.elapsed;
      }
    },
    async reload() {
      rows = new Map();
      version = 0;
      kept = new Map();
      connection = null;
      alerts.reset();
      await tab.attach();
    },
  };
  return tab;
}

function hasEnded({ turns }: SessionState, turnId: string): boolean {
  return turns.some((turn) => turn.turnId === turnId && turn.end !== null);
}
