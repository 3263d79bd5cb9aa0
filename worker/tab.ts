/** One attached tab: a position in everything the hub tells, never a queue (H4), and a lease (H5). */
import type { DirectoryDelta } from '../shared/directory.ts';
import type { AlertOffer, AlertReply, Presence } from '../shared/alerts.ts';
import type {
  Ack,
  Aside,
  Attach,
  Batch,
  Connection,
  DeliveryPort,
  PaneDelta,
  Watch,
} from '../shared/hub-api.ts';
import { firstSeq } from '../shared/events.ts';
import { createPane, type Pane, type PaneSource } from './pane.ts';
import { createTabMeter, type TabMeter } from './tab-meter.ts';

/** How often the hub calls `tick`. Leases count these: a machine that slept must not cost every tab its lease. */
export const TICK_MS = 5_000;
/** A ping after 10 s in which nothing was sent. */
const PING_TICKS = 2;
/** The lease: 30 s without an ack. */
const LEASE_TICKS = 6;

/** What the hub has for its tabs. */
export interface TabSource {
  readonly hubId: string;
  connection(): Connection;
  /** Whose hub it is; null while that is not known, or nobody is signed in. */
  principal(): string | null;
  /** Null until it is known. */
  serverBuild(): string | null;
  /** @param version what the tab holds; null for nothing */
  directory(version: number | null): DirectoryDelta | null;
  pane(watch: Watch): PaneSource;
  /** Each is handed out once. */
  alerts(tab: Tab): AlertOffer[] | null;
}

export interface Tab {
  readonly tabId: string;
  /** Which of the tab's attachments this is. */
  readonly attachment: number;
  readonly pane: Pane | null;
  /** The number of the batch that is not acknowledged, or null. */
  readonly inFlight: number | null;
  readonly presence: Presence;
  /** Whose tab it is, once it was told. */
  readonly principal: string | null;
  readonly meter: TabMeter;
  /** Rises with each time that any tab came into view or left it: when this one did last. */
  readonly seen: number;
  watch(watch: Watch | null): void;
  /** Sends everything since the last batch as one, unless one is in flight or there is nothing. */
  flush(): void;
  /** Every `TICK_MS`. */
  tick(): void;
  /** Closes the port. Twice is a no-op. */
  close(): void;
}

export interface TabDeps {
  source: TabSource;
  port: DeliveryPort;
  now(): number;
  /** The lease ran out, or the port throws: the tab is closed already. */
  onGone(tab: Tab): void;
  /** It came into view or left it, or allows something else. */
  onPresence(): void;
  /** Rises. */
  nextSeen(): number;
  onReply(tab: Tab, reply: AlertReply): void;
}

const ABSENT: Presence = { visible: false, notify: false, sound: false };

export function createTab(deps: TabDeps, attach: Attach): Tab {
  const { source, port, onGone } = deps;
  let closed = false;
  let sent = 0;
  let inFlight: number | null = null;
  let connection: Connection | null = null;
  let serverBuild: string | null = null;
  /** Whose tab it is. */
  let principal = attach.principal ?? null;
  /** It was told that it is not the hub's principal's: it has to load anew (A4). */
  let foreign = false;
  let directory = attach.directoryVersion > 0 ? attach.directoryVersion : null;
  let pane = attach.watch === null ? null : createPane(attach.watch);
  let presence = attach.presence ?? ABSENT;
  let seen = presence.visible ? deps.nextSeen() : 0;
  let sinceAck = 0;
  let sinceSent = 0;
  const meter = createTabMeter(deps.now);

  const gone = (): void => {
    if (closed) return;
    tab.close();
    onGone(tab);
  };
  const send = (content: Omit<Batch, 'hubId' | 'n'>): void => {
    sent += 1;
    inFlight = sent;
    sinceSent = 0;
    meter.sent(eventsIn(content.pane), pane?.position ?? null);
    try {
      port.postMessage({ hubId: source.hubId, n: sent, ...content });
    } catch {
      gone();
    }
  };
  const compose = (): Omit<Batch, 'hubId' | 'n'> | null => {
    if (foreign) return null;
    const content: Omit<Batch, 'hubId' | 'n'> = {};
    const whose = source.principal();
    if (whose !== null && whose !== principal) {
      content.principal = whose;
      foreign = principal !== null;
      if (foreign) return content;
      principal = whose;
    }
    const now = source.connection();
    if (now !== connection) {
      connection = now;
      content.connection = now;
    }
    const build = source.serverBuild();
    if (build !== null && build !== serverBuild) content.serverBuild = serverBuild = build;
    const rows = source.directory(directory);
    if (rows !== null) {
      directory = rows.version;
      content.directory = rows;
    }
    const delta = pane?.next(source.pane(pane.watch)) ?? null;
    if (delta !== null) content.pane = delta;
    const alerts = source.alerts(tab);
    if (alerts !== null) content.alerts = alerts;
    return Object.keys(content).length === 0 ? null : content;
  };

  const hear = (aside: Aside): void => {
    if ('reply' in aside) return deps.onReply(tab, aside.reply);
    if (presence.visible !== aside.presence.visible) seen = deps.nextSeen();
    ({ presence } = aside);
    deps.onPresence();
  };
  port.onmessage = ({ data }) => {
    if (closed) return;
    if (isAside(data)) return hear(data);
    if (inFlight === null || (data as Partial<Ack> | null)?.ack !== inFlight) return;
    inFlight = null;
    sinceAck = 0;
    meter.acked();
    tab.flush();
  };

  const tab: Tab = {
    tabId: attach.tabId,
    attachment: attach.attachment,
    get pane() {
      return pane;
    },
    get inFlight() {
      return inFlight;
    },
    get presence() {
      return presence;
    },
    get principal() {
      return principal;
    },
    meter,
    get seen() {
      return seen;
    },
    watch(watch) {
      meter.rewatched();
      pane = watch === null ? null : createPane(watch);
    },
    flush() {
      if (closed) return;
      if (inFlight !== null) return meter.waits();
      const content = compose();
      if (content !== null) send(content);
    },
    tick() {
      if (closed) return;
      sinceAck += 1;
      sinceSent += 1;
      if (sinceAck >= LEASE_TICKS) return gone();
      if (inFlight === null && sinceSent >= PING_TICKS) send({});
    },
    close() {
      if (closed) return;
      closed = true;
      port.onmessage = null;
      port.close();
    },
  };
  return tab;
}

/** As the log counts them, merged or not. */
function eventsIn(delta: PaneDelta | undefined): number {
  if (delta?.kind !== 'events') return 0;
  const [first, last] = [delta.events[0], delta.events.at(-1)];
  return first === undefined || last === undefined ? 0 : last.seq - firstSeq(first) + 1;
}

function isAside(data: unknown): data is Aside {
  return typeof data === 'object' && data !== null && ('presence' in data || 'reply' in data);
}
