/** What a hub promises: checks for after every step, at quiet, and when nobody is left. */
import { formatCursor } from '../../shared/cursor.ts';
import type { Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { PARK_MS } from '../tabs.ts';
import { hold, same } from './check.ts';
import type { FakeTab } from './fake-tab.ts';
import type { Sent } from './take-step.ts';
import { shown, type World } from './world.ts';

/** The lease and the tick that finds it out. */
const LEASE_MS = 35_000;

/** @returns a check for after every step; it remembers what it saw */
export function createChecks(world: World): () => void {
  const { server, tabs, clock } = world;
  /** Panes that were compared already. */
  const compared = new WeakSet<SessionState>();
  let desertedAt: number | null = null;

  return () => {
    const { own, lane, tabs: attached, hubId, connection, logs } = world.hub.inspect();
    same(server.violations, [], 'one upstream per session, within the budget (H1, H3)');
    hold(server.streams().length <= server.budget, 'more streams than the budget (H3)');
    const carried = [...own.map(({ logId }) => logId), ...lane.riding];
    same(new Set(carried).size, carried.length, 'sessions seated once (H1)');
    for (const { tabId, broken, state, batches, port, watching } of tabs) {
      same(broken, [], `promises to ${tabId} (H4, H10)`);
      same(port.late, 0, `posts to the closed port of ${tabId}`);
      hold(batches.length < 100_000, `${tabId} is flooded`);
      if (state === null || compared.has(state)) continue;
      compared.add(state);
      if (watching !== null && server.has(watching)) {
        // A log that was lost goes on being shown until the hub knows.
        const { logId } = server.row(watching);
        hold(logId.startsWith(state.logId), `${tabId} on ${watching} shows ${state.logId} (O4)`);
      }
      const truth = server.stateAt(state.logId, state.seq);
      hold(truth !== undefined, `${tabId} shows ${formatCursor(state)}, which never was`);
      same(shown(state), shown(truth), `${tabId} at ${formatCursor(state)} (H10, O4)`);
    }
    const byId = new Map(tabs.map((tab) => [tab.tabId, tab]));
    for (const { tabId } of attached) {
      const tab = byId.get(tabId);
      hold(tab !== undefined, `${tabId} is no tab`);
      // Its last words are on their way.
      const leaving = tab.late.length > 0;
      hold((!tab.port.closed || leaving) && tab.hubId === hubId, `${tabId} is gone and held (H5)`);
      const silent = clock.elapsed - tab.heardAt;
      hold(silent <= LEASE_MS, `${tabId} is held after ${silent} ms of silence (H5)`);
      if (tab.frozen || tab.port.broken || tab.port.closed) continue;
      // Whatever the others do: a tab that takes what comes has all that the hub has (H6).
      const log = logs.find(({ logId }) => logId === tab.state?.logId);
      if (log !== undefined) same(tab.state?.seq, log.seq, `${tabId} at what the hub has (H6)`);
    }
    if (attached.length > 0) desertedAt = null;
    else desertedAt ??= clock.elapsed;
    if (desertedAt !== null && clock.elapsed - desertedAt > PARK_MS) expectDeserted(world);
    if (connection.state === 'signed-out') {
      same([logs.length, own.length], [0, 0], 'what is kept of a principal that signed out (A4)');
    }
  };
}

/** All is well and nothing changes: every tab shows what the server has, and only what is needed is connected. */
export function expectQuiet({ server, hub, tabs }: World, live: readonly FakeTab[]): void {
  const ids = (of: readonly { tabId: string }[]) => of.map(({ tabId }) => tabId).toSorted();
  same(ids(hub.inspect().tabs), ids(live), 'tabs');
  for (const tab of tabs) {
    if (!live.includes(tab)) same(tab.port.closed, true, `the port of ${tab.tabId}, which is gone`);
    hold(
      tab.batches.every(({ pane }) => pane?.kind !== 'snapshot' || pane.reason !== 'future'),
      `${tab.tabId} was told of a past that is still to come`,
    );
  }
  for (const name of server.names()) {
    const due = live.length > 0 && server.state(name).live !== null ? 1 : 0;
    same(server.carrying(name).length, due, `streams of ${name} (H1, H2, H9)`);
  }
  const rows = server.names().map((name) => comparable(server.row(name)));
  for (const { tabId, connection, rows: held, watching, trouble, state } of live) {
    same(connection, { state: 'live' }, `connection of ${tabId}`);
    same(
      [...held.values()].map(comparable).toSorted(byLog),
      rows.toSorted(byLog),
      `rows of ${tabId}`,
    );
    if (watching === null) continue;
    if (!server.has(watching)) {
      same(trouble, 'missing', `${tabId} on ${watching}`);
      continue;
    }
    same(trouble, null, `${tabId} on ${watching}`);
    same(shown(state), shown(server.state(watching)), `${tabId} on ${watching}`);
    const ends = state?.turns.map(({ turnId }) => turnId) ?? [];
    same(new Set(ends).size, ends.length, `ends that ${tabId} saw once`);
  }
}

/** Every prompt that a person sent was answered, and happened once (L9). */
export function expectAnswered({ server }: World, sent: readonly Sent[]): void {
  for (const { key, session, outcome } of sent) {
    hold(outcome !== 'open', `the prompt ${key} is still on its way`);
    if (typeof outcome !== 'object' || !server.has(session)) continue;
    const { turns, live, queue } = server.state(session);
    const mine = [...turns, ...(live === null ? [] : [live]), ...queue].filter(
      ({ turnId }) => turnId === outcome.turnId,
    );
    hold(mine.length <= 1, `the prompt ${key} became ${mine.length} turns`);
  }
}

/** Nobody looked for a while: the hub is there, and costs nothing. */
export function expectDeserted({ server, hub, timers }: World): void {
  // What a person sent goes on being sent.
  if (server.requests.some(({ pending, method }) => pending && method !== 'GET')) return;
  same(server.streams().length, 0, 'streams when nobody looks');
  same(server.requests.filter(({ pending }) => pending).length, 0, 'requests when nobody looks');
  same(hub.inspect().tabs, [], 'tabs when nobody looks');
  same(timers.pending, 0, 'timers when nobody looks (H11)');
}

const byLog = (a: Partial<Row>, b: Partial<Row>): number =>
  (a.logId ?? '') < (b.logId ?? '') ? -1 : 1;

/** A running session's progress is told by its log, not by its row. */
function comparable(row: Row): Partial<Row> {
  return row.status === 'idle' ? row : { ...row, lastSeq: 0, updatedAt: 0 };
}
