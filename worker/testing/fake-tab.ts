/**
 * A tab around the real pane machine (ui/store): takes batches, acks them, and checks the hub's promises. Its port is
 * a fake; what it says to the hub may be kept back and arrive late.
 */
import type { ApiError } from '../../shared/errors.ts';
import {
  HUB_PROTOCOL,
  type Batch,
  type Connection,
  type HubApi,
  type PaneDelta,
  type Watch,
} from '../../shared/hub-api.ts';
import { firstSeq } from '../../shared/events.ts';
import { rowHasId, type Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { createPanes, type Panes } from '../../ui/store/panes.ts';
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
  /** Whose it is, as the hub said first. */
  readonly principal: string | null;
  /** What the pane shows; null before the first delivery, unless the tab held it from earlier. */
  readonly state: SessionState | null;
  readonly trouble: 'missing' | ApiError | null;
  readonly watching: string | null;
  /** Promises of the hub that were broken; must stay empty. */
  readonly broken: string[];
  /** How many deliveries came for a watch that was over. */
  readonly stale: number;
  /** When the hub last heard of it, as the clock's `elapsed`. */
  readonly heardAt: number;
  /** Of the hub that it attached to last. */
  readonly hubId: string | null;
  /** Posts wait in the inbox and nothing is acked. */
  frozen: boolean;
  /** What an earlier port still has on its way. */
  readonly late: (() => Promise<unknown>)[];
  /** Attaches, at the cursor of what it shows. */
  attach(): Promise<void>;
  /** Shows a session; what was shown of it before is kept and continued. */
  show(sessionId: string | null): Promise<void>;
  detach(): Promise<void>;
  /** `pagehide`: detaches by message and closes its port (T1); `attach` comes back. */
  suspend(): Promise<void>;
  /** The same, but its last words are slow: they arrive with `arrive`. */
  suspendLate(): void;
  /** What is late arrives, in its order. */
  arrive(): Promise<void>;
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
  let late: (() => Promise<unknown>)[] = [];
  let rows = new Map<string, Row>();
  let version = 0;
  let attachment = 0;
  let hubId: string | null = null;
  let connection: Connection | null = null;
  let principal: string | null = null;
  /** It was told that somebody else is here now: a real page loads anew. */
  let foreign = false;
  let watching = sessionId;
  let watch: Watch | null = null;
  let watchIds = 0;
  let stale = 0;
  let port = createFakePort();
  let lastBatch = 0;
  let heardAt = clock.elapsed;
  let attached = false;

  const watchAnew = (): Watch | null => {
    const next = panes.watch();
    // A page that is loaded anew counts from the start; the hub must not notice.
    watch = next === null ? null : { ...next, watchId: watchIds + next.watchId };
    return watch;
  };

  const newPanes = (): Panes =>
    createPanes({
      frames: {
        request(run) {
          queueMicrotask(run);
          return 0;
        },
        cancel() {},
      },
      logOf: (id) => [...rows.values()].find((row) => rowHasId(row, id))?.logId,
      onWatch() {
        if (attached) void api().watch(tabId, attachment, watchAnew());
      },
    });
  let panes = newPanes();
  panes.open(watching);

  const stateNow = (): SessionState | null => {
    const view = panes.pane.value?.view;
    return view?.kind === 'shown' ? view.state : null;
  };
  const alerts = createFakeAlerts({
    browser,
    clock,
    tabId,
    rows: () => rows,
    shows: () => stateNow()?.logId,
  });

  const checkPane = (pane: PaneDelta): void => {
    if (watch === null || pane.watchId !== watch.watchId) {
      if (pane.watchId > (watch?.watchId ?? Infinity)) {
        broken.push(`watch ${pane.watchId} was never asked for`);
      }
      stale += 1;
      return;
    }
    const before = stateNow();
    if (pane.kind === 'snapshot') {
      // A log that was restored says so: `future`.
      const earlier = before?.logId === pane.state.logId && pane.state.seq < before.seq;
      if (earlier && pane.reason !== 'future') {
        broken.push(`a snapshot at ${pane.state.seq} for a tab that is at ${before.seq}`);
      }
      if (pane.reason === 'start' && watch.cursor !== null) {
        broken.push(`a snapshot from the start for a tab at ${watch.cursor}`);
      }
    }
    if (pane.kind !== 'events') return;
    if (before === null || before.logId !== pane.logId) {
      broken.push(`events of ${pane.logId} without a state of it`);
      return;
    }
    let { seq } = before;
    for (const event of pane.events) {
      if (firstSeq(event) <= seq) broken.push(`seq ${event.seq} repeated`);
      if (firstSeq(event) > seq + 1) broken.push(`seq ${event.seq} after ${seq}`);
      if (event.type === 'turn.ended' && hasEnded(before, event.turnId)) {
        broken.push(`${event.turnId} ended twice`);
      }
      ({ seq } = event);
    }
  };

  const take = (batch: Batch): void => {
    batches.push(batch);
    if (batch.hubId !== hubId) broken.push(`a batch of ${batch.hubId}, attached to ${hubId}`);
    if (batch.n !== lastBatch + 1) broken.push(`batch ${batch.n} after ${lastBatch}`);
    lastBatch = batch.n;
    // A ping has its two fields only.
    if (foreign && Object.keys(batch).length > 2)
      broken.push(`news for a tab of ${principal} (A4)`);
    if (batch.principal !== undefined) {
      foreign = principal !== null && principal !== batch.principal;
      if (foreign && Object.keys(batch).length > 3) broken.push('more than whose it is (A4)');
      principal ??= batch.principal;
    }
    if (batch.connection !== undefined) ({ connection } = batch);
    if (batch.directory !== undefined) {
      const { directory } = batch;
      if (directory.reset) rows.clear();
      for (const row of directory.rows) rows.set(row.logId, row);
      for (const logId of directory.removed) {
        rows.delete(logId);
        panes.forget(logId);
      }
      ({ version } = directory);
      alerts.onDirectory(directory);
    }
    if (batch.pane !== undefined) {
      checkPane(batch.pane);
      panes.apply({ ...batch.pane, watchId: batch.pane.watchId - watchIds });
    }
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
    get principal() {
      return principal;
    },
    get state() {
      return stateNow();
    },
    get trouble() {
      const pane = panes.pane.value;
      if (pane === null) return null;
      if (pane.view.kind === 'missing') return 'missing';
      return pane.view.kind === 'failed' ? pane.view.error : pane.stale;
    },
    get watching() {
      return watching;
    },
    broken,
    get stale() {
      return stale;
    },
    get heardAt() {
      return heardAt;
    },
    get hubId() {
      return hubId;
    },
    get late() {
      return late;
    },
    frozen: false,
    async attach() {
      // The handshake: another hub counts its directory's versions anew (H12).
      const hello = await api().hello({ protocol: HUB_PROTOCOL, build: 'test' });
      if (hello.hubId !== hubId) version = 0;
      ({ hubId } = hello);
      attachment += 1;
      attached = true;
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
        {
          tabId,
          attachment,
          directoryVersion: version,
          watch: watchAnew(),
          ...(principal === null ? {} : { principal }),
          ...alerts.about(),
        },
        port,
      );
    },
    async show(next) {
      watching = next;
      const before = watch;
      panes.open(next);
      // Shown already: watched anew all the same, as a hub is asked whether it still knows the tab.
      if (watch === before) await api().watch(tabId, attachment, watchAnew());
    },
    async detach() {
      attached = false;
      await api().detach(tabId, attachment);
    },
    async suspend() {
      const mine = port;
      mine.inbox.length = 0;
      const detached = tab.detach();
      mine.close();
      await detached;
    },
    suspendLate() {
      const mine = attachment;
      const hub = api();
      const last = watchAnew();
      attached = false;
      late.push(
        () => hub.watch(tabId, mine, last),
        () => hub.detach(tabId, mine),
      );
      port.inbox.length = 0;
      port.die();
    },
    async arrive() {
      const arriving = late;
      late = [];
      for (const say of arriving) await say();
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
      watchIds = watch?.watchId ?? watchIds;
      panes.close();
      attached = false;
      panes = newPanes();
      panes.open(watching);
      connection = principal = null;
      foreign = false;
      alerts.reset();
      await tab.attach();
    },
  };
  return tab;
}

function hasEnded({ turns }: SessionState, turnId: string): boolean {
  return turns.some((turn) => turn.turnId === turnId && turn.end !== null);
}
