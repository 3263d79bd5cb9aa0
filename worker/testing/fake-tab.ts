/** A tab as the contract wants it: folds what it gets with the shared reducer, acks, and checks the hub's promises. */
import { formatCursor } from '../../shared/cursor.ts';
import type { ApiError } from '../../shared/errors.ts';
import { unreachable } from '../../shared/errors.ts';
import type { Batch, Connection, HubApi, PaneDelta, Watch } from '../../shared/hub-api.ts';
import { foldEvents } from '../../shared/reducer.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { createFakePort, type FakePort } from './fake-port.ts';

export interface FakeTab {
  readonly tabId: string;
  readonly port: FakePort;
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
  /** Posts wait in the inbox and nothing is acked. */
  frozen: boolean;
  /** Attaches, at the cursor of what it shows. */
  attach(): Promise<void>;
  /** Shows a session; what was shown of it before is kept and continued. */
  show(sessionId: string | null): Promise<void>;
  detach(): Promise<void>;
  /** Takes what is in the inbox, until nothing more comes. */
  pump(): void;
  /** A new page in the same tab: knows nothing but the session in its address. */
  reload(): Promise<void>;
}

export function createFakeTab(api: HubApi, tabId: string, sessionId: string | null): FakeTab {
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
      case 'snapshot':
        trouble = null;
        kept.set(watching, pane.state);
        return;
      case 'events': {
        trouble = null;
        const before = kept.get(watching);
        if (before === undefined || before.logId !== pane.logId) {
          broken.push(`events of ${pane.logId} without a state of it`);
          return;
        }
        const { seq } = before;
        for (const event of pane.events) {
          if (event.seq - (event.span ?? 1) + 1 <= seq) broken.push(`seq ${event.seq} repeated`);
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
    if (batch.hubId !== hubId) {
      hubId = batch.hubId;
      lastBatch = 0;
    }
    if (batch.n <= lastBatch) broken.push(`batch ${batch.n} after ${lastBatch}`);
    lastBatch = batch.n;
    if (batch.connection !== undefined) ({ connection } = batch);
    if (batch.directory !== undefined) {
      const { directory } = batch;
      if (directory.reset) rows.clear();
      for (const row of directory.rows) rows.set(row.logId, row);
      for (const logId of directory.removed) rows.delete(logId);
      ({ version } = directory);
    }
    if (batch.pane !== undefined) takePane(batch.pane);
  };

  const tab: FakeTab = {
    tabId,
    get port() {
      return port;
    },
    batches,
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
    frozen: false,
    async attach() {
      watchId += 1;
      trouble = null;
      port = createFakePort();
      lastBatch = 0;
      const mine = port;
      port.onPosted = () => {
        // H4: what is in the inbox is not acknowledged yet.
        if (mine.inbox.length > 1) broken.push(`${mine.inbox.length} batches in flight`);
        if (!tab.frozen) queueMicrotask(() => tab.pump());
      };
      await api.attach({ tabId, directoryVersion: version, watch: watch() }, port);
    },
    async show(next) {
      watching = next;
      watchId += 1;
      trouble = null;
      await api.watch(tabId, watch());
    },
    detach: () => api.detach(tabId),
    pump() {
      if (tab.frozen) return;
      for (let batch = port.inbox.shift(); batch !== undefined; batch = port.inbox.shift()) {
        take(batch);
        port.send({ ack: batch.n });
      }
    },
    async reload() {
      rows = new Map();
      version = 0;
      kept = new Map();
      connection = null;
      await tab.attach();
    },
  };
  return tab;
}
