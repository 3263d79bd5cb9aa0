/** A tab of a hub that runs in this process: folds what it is given, and blames a hub that gives it twice or not at all. */
import type { Batch, DeliveryPort, HubApi, Watch } from '../../shared/hub-api.ts';
import { applyEvent } from '../../shared/reducer.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';

export interface HubTab {
  readonly name: string;
  readonly sessionId: string;
  /** Of the session it shows; null before anything came. */
  readonly state: SessionState | null;
  readonly rows: ReadonlyMap<string, Row>;
  show(sessionId: string): Promise<void>;
}

interface Deps {
  name: string;
  hub: HubApi;
  sessionId: string;
  blame(what: string): void;
}

/** Attaches. It goes with its hub. */
export async function openHubTab({ name, hub, sessionId, blame }: Deps): Promise<HubTab> {
  const rows = new Map<string, Row>();
  let shown = sessionId;
  let watchId = 1;
  let state: SessionState | null = null;
  let lastBatch = 0;

  const watch = (): Watch => ({ watchId, sessionId: shown, cursor: null });
  const takePane = (pane: NonNullable<Batch['pane']>): void => {
    if (pane.watchId !== watchId) return;
    if (pane.kind === 'missing') return blame(`${name}: ${shown} is missing`);
    // Loading is tried again.
    if (pane.kind === 'failed') return;
    if (pane.kind === 'snapshot') {
      if (state !== null && pane.state.seq < state.seq) {
        blame(`${name}: a snapshot at ${pane.state.seq} after ${state.seq}: ${pane.reason}`);
      }
      ({ state } = pane);
      return;
    }
    for (const event of pane.events) {
      const applied = state === null ? null : applyEvent(state, event);
      if (applied?.kind === 'applied') ({ state } = applied);
      else blame(`${name}: ${event.seq} after ${state?.seq}: ${applied?.kind ?? 'no snapshot'}`);
    }
  };
  const take = ({ n, directory, pane }: Batch): void => {
    if (n !== lastBatch + 1) blame(`${name}: batch ${n} after ${lastBatch}`);
    lastBatch = n;
    if (directory !== undefined) {
      if (directory.reset) rows.clear();
      for (const row of directory.rows) rows.set(row.logId, row);
      for (const logId of directory.removed) rows.delete(logId);
    }
    if (pane !== undefined) takePane(pane);
  };
  const port: DeliveryPort = {
    postMessage(message) {
      const batch = structuredClone(message);
      setImmediate(() => {
        take(batch);
        port.onmessage?.({ data: { ack: batch.n } });
      });
    },
    onmessage: null,
    close() {},
  };
  await hub.attach({ tabId: name, attachment: 1, directoryVersion: 0, watch: watch() }, port);

  return {
    name,
    get sessionId() {
      return shown;
    },
    get state() {
      return state;
    },
    rows,
    async show(next) {
      shown = next;
      watchId += 1;
      state = null;
      const known = await hub.watch(name, 1, watch());
      if (!known) blame(`${name} was forgotten by its hub`);
    },
  };
}
