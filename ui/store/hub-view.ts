/** The hub as a person reads it, from its snapshots: states in words, counters as rates. Picture and tables show this. */
import type { Diagnostics } from '../../shared/api.ts';
import { unreachable } from '../../shared/errors.ts';
import type {
  HubSnapshot,
  SessionReport,
  StreamReport,
  TabReport,
} from '../../shared/hub-snapshot.ts';
import { duration, many } from './figures.ts';
import type { StatusShape } from './status-words.ts';

/** Per second; null while it is not known. */
export type Rate = number | null;

export interface Condition {
  word: string;
  /** For how long, and why; may be empty. */
  detail: string;
  why: string;
  /** Null: there is nothing to be connected. */
  shape: StatusShape | null;
  tone: 'good' | 'busy' | 'bad' | 'still';
}

export interface LaneView {
  condition: Condition;
  riding: number;
  bytes: Rate;
  /** Since it was last heard, milliseconds; null: it is not connected. */
  heardMs: number | null;
}

export interface SessionView {
  logId: string;
  seat: SessionReport['seat'];
  condition: Condition;
  seq: number | null;
  events: Rate;
  bytes: Rate;
  heardMs: number | null;
  /** How many tabs show it. */
  tabs: number;
}

export interface TabView {
  tabId: string;
  you: boolean;
  shows: TabReport['shows'];
  seq: number | null;
  behind: TabReport['behind'];
  inFlight: boolean;
  batches: Rate;
  events: Rate;
  /** Events in a batch, and milliseconds until its ack, on average; null: there was none. */
  batchSize: number | null;
  ackMs: number | null;
  quietMs: number;
  visible: boolean;
  /** What it does with alerts, in words. */
  alerts: string;
}

export interface HubView {
  hubId: string;
  build: string;
  ageMs: number;
  /** Over all sessions. */
  events: Rate;
  bytes: Rate;
  protocol: string;
  ownStreams: number;
  /** Streams that the hub has open or is opening: what the server should count. */
  streams: number;
  folds: number;
  lane: LaneView;
  sessions: SessionView[];
  tabs: TabView[];
  /** Tabs that are not listed. */
  moreTabs: number;
}

/** @param snapshots of one hub, the newest last. @returns null when there is none */
export function viewHub(snapshots: readonly HubSnapshot[]): HubView | null {
  const now = snapshots.at(-1);
  if (now === undefined) return null;
  const then = snapshots[0];
  const seconds = then === undefined ? 0 : (now.at - then.at) / 1_000;
  const rate = (before: number | undefined, after: number): Rate =>
    before === undefined || seconds <= 0 || after < before ? null : (after - before) / seconds;

  const sessionsThen = new Map(then?.sessions.map((each) => [each.logId, each]));
  const tabsThen = new Map(then?.tabs.map((each) => [each.tabId, each]));
  const shownBy = new Map<string, number>();
  for (const { shows } of now.tabs) {
    const logId = shows?.logId ?? null;
    if (logId !== null) shownBy.set(logId, (shownBy.get(logId) ?? 0) + 1);
  }
  const sessions = now.sessions.map((session): SessionView => {
    const before = sessionsThen.get(session.logId);
    return {
      logId: session.logId,
      seat: session.seat,
      condition: conditionOf(session.stream, now.at),
      seq: session.seq,
      events: rate(before?.events, session.events),
      bytes: rate(before?.size, session.size),
      heardMs: heardMs(session.stream, now.at),
      tabs: shownBy.get(session.logId) ?? 0,
    };
  });
  const lane: LaneView = {
    condition: conditionOf(now.lane.stream, now.at),
    riding: now.riding,
    bytes: rate(then?.lane.bytes, now.lane.bytes),
    heardMs: heardMs(now.lane.stream, now.at),
  };
  return {
    hubId: now.hubId,
    build: now.build,
    ageMs: Math.max(0, now.at - now.startedAt),
    events: sum(sessions.map(({ events }) => events)),
    bytes: sum(sessions.map(({ bytes }) => bytes)),
    protocol: protocolName(now.protocol),
    ownStreams: now.ownStreams,
    streams: [now.lane, ...now.sessions.filter(({ seat }) => seat === 'own')].filter(
      ({ stream }) => stream.state === 'live',
    ).length,
    folds: now.folds,
    lane,
    sessions,
    tabs: now.tabs.map((tab) => tabView(tab, tabsThen.get(tab.tabId), rate)),
    moreTabs: now.tabCount - now.tabs.length,
  };
}

function tabView(
  tab: TabReport,
  before: TabReport | undefined,
  rate: (before: number | undefined, after: number) => Rate,
): TabView {
  const batches = tab.batches - (before?.batches ?? 0);
  const acks = tab.acks - (before?.acks ?? 0);
  const { tabId, you, shows, seq, behind, inFlight, quietMs, visible } = tab;
  return {
    tabId,
    you,
    shows,
    seq,
    behind,
    inFlight,
    batches: rate(before?.batches, tab.batches),
    events: rate(before?.events, tab.events),
    batchSize: batches > 0 ? (tab.events - (before?.events ?? 0)) / batches : null,
    ackMs: acks > 0 ? (tab.ackMs - (before?.ackMs ?? 0)) / acks : null,
    quietMs,
    visible,
    alerts: [tab.notify ? 'notifies' : '', tab.sound ? 'sounds' : ''].filter(Boolean).join(', '),
  };
}

/** Null only when nothing is known. */
function sum(rates: readonly Rate[]): Rate {
  const known = rates.filter((each) => each !== null);
  return known.length === 0 && rates.length > 0 ? null : known.reduce((a, b) => a + b, 0);
}

function heardMs(stream: StreamReport, now: number): number | null {
  return stream.state === 'live' ? Math.max(0, now - stream.heardAt) : null;
}

function conditionOf(stream: StreamReport, now: number): Condition {
  switch (stream.state) {
    case 'none':
      return { word: 'none', detail: '', why: '', shape: null, tone: 'still' };
    case 'connecting': {
      const detail = stream.attempt > 1 ? `attempt ${stream.attempt}` : '';
      return { word: 'connecting', detail, why: '', shape: 'busy', tone: 'busy' };
    }
    case 'live':
      return {
        word: 'live',
        detail: `for ${duration(now - stream.since)}`,
        why: '',
        shape: 'live',
        tone: 'good',
      };
    case 'waiting': {
      const left = duration(Math.max(0, stream.retryAt - now) + 999);
      return {
        word: 'lost',
        detail: `again in ${left}`,
        why: `Attempt ${stream.attempt}. ${stream.error.message}`,
        shape: 'lost',
        tone: 'bad',
      };
    }
    case 'stopped':
      return {
        word: 'stopped',
        detail: '',
        why: stream.error.message,
        shape: 'trouble',
        tone: 'still',
      };
    default:
      return unreachable(stream);
  }
}

/** ALPN ids, as people call them. */
function protocolName(id: string | null): string {
  if (id === null) return 'not known yet';
  if (id.startsWith('h3')) return 'HTTP/3';
  return id.startsWith('h2') ? 'HTTP/2' : id.toUpperCase();
}

/** The server's own count, and how it fits to what this hub has. */
export function countedWords(view: HubView, { streams }: Diagnostics): string {
  const counted = streams.lanes + streams.own;
  const words = `The server counts ${many(counted, 'stream')} of yours`;
  if (counted === view.streams) return `${words}, as this hub does.`;
  const had = `${words}; this hub has ${view.streams}.`;
  return counted > view.streams
    ? `${had} The others are read by another browser or a program, or have just been given up.`
    : `${had} Some have just been opened, or are lost and the hub does not know it yet.`;
}
