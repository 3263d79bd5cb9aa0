/** Where the picture of the hub has its boxes and lines. Pure geometry: server, streams, hub, tabs; wide or one below the other. */
import type { Condition, HubView, Rate, SessionView, TabView } from './hub-view.ts';

/** Streams and tabs that are drawn; the tables have the rest. */
export const DRAWN = { streams: 8, tabs: 8 } as const;
/** From this width on the columns stand side by side, pixels. */
export const WIDE = 680;

export type BoxOf =
  | { kind: 'server' }
  | { kind: 'hub' }
  | { kind: 'lane' }
  | { kind: 'session'; session: SessionView }
  | { kind: 'tab'; tab: TabView }
  /** Streams or tabs that are not drawn. */
  | { kind: 'more'; count: number; what: 'stream' | 'tab' };

export interface Box {
  id: string;
  of: BoxOf;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  /** An SVG path. */
  path: string;
  /** Pixels. */
  weight: number;
  tone: Condition['tone'];
  /** Something travels on it now. */
  flows: boolean;
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

const HEAD = { width: 136, height: 104 };
const ROW = { height: 54, gap: 12 };
/** One below the other: the gutter that the lines run in, at either side. */
const GUTTER = 26;

interface Stop {
  id: string;
  of: BoxOf;
  tone: Condition['tone'];
  rate: Rate;
}

/** @param width of what it is drawn into, pixels */
export function drawHub(view: HubView, width: number): Picture {
  const streams = streamStops(view);
  const tabs = tabStops(view);
  return width >= WIDE ? drawWide(streams, tabs, width) : drawNarrow(streams, tabs, width);
}

function streamStops({ lane, sessions }: HubView): Stop[] {
  const own = sessions.filter(({ seat }) => seat === 'own');
  const drawn = own.slice(0, own.length > DRAWN.streams ? DRAWN.streams - 1 : DRAWN.streams);
  const more = own.length - drawn.length;
  return [
    ...drawn.map((session): Stop => {
      const { logId, condition, events } = session;
      return {
        id: `stream-${logId}`,
        of: { kind: 'session', session },
        tone: condition.tone,
        rate: events,
      };
    }),
    ...rest(more, 'stream'),
    {
      id: 'lane',
      of: { kind: 'lane' },
      tone: lane.condition.tone,
      rate: sumOf(sessions.filter(({ seat }) => seat === 'lane').map(({ events }) => events)),
    },
  ];
}

function tabStops({ tabs, moreTabs }: HubView): Stop[] {
  const all = tabs.length + moreTabs;
  const drawn = tabs.slice(0, all > DRAWN.tabs ? DRAWN.tabs - 1 : DRAWN.tabs);
  return [
    ...drawn.map((tab): Stop => {
      const tone = tab.behind.ms > 2_000 ? 'bad' : 'good';
      return { id: `tab-${tab.tabId}`, of: { kind: 'tab', tab }, tone, rate: tab.events };
    }),
    ...rest(all - drawn.length, 'tab'),
  ];
}

function rest(count: number, what: 'stream' | 'tab'): Stop[] {
  if (count === 0) return [];
  return [{ id: `more-${what}s`, of: { kind: 'more', count, what }, tone: 'still', rate: 0 }];
}

function sumOf(rates: readonly Rate[]): number {
  return rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
}

/** Thicker with each tenfold of the rate. */
export function weightOf(rate: Rate): number {
  return round(1.5 + 1.75 * Math.log10(1 + Math.max(0, rate ?? 0)));
}

function lineTo(id: string, { tone, rate }: Stop, path: string): Line {
  const flows = tone === 'good' && (rate ?? 0) > 0;
  return { id, path, tone, flows, weight: weightOf(rate) };
}

function drawWide(streams: readonly Stop[], tabs: readonly Stop[], width: number): Picture {
  const gap = Math.min(88, Math.max(40, width * 0.072));
  const column = (width - 2 * HEAD.width - 3 * gap) / 2;
  const height = Math.max(HEAD.height + 2 * ROW.gap, stackOf(streams), stackOf(tabs));
  const middle = height / 2;
  const head = (x: number) => ({ x, y: middle - HEAD.height / 2, ...HEAD });
  const server: Box = { id: 'server', of: { kind: 'server' }, ...head(0) };
  const hub: Box = { id: 'hub', of: { kind: 'hub' }, ...head(HEAD.width + 2 * gap + column) };
  const stack = (stops: readonly Stop[], x: number): Box[] =>
    stops.map(({ id, of }, at) => ({
      id,
      of,
      x,
      y: middle - stackOf(stops) / 2 + at * (ROW.height + ROW.gap),
      width: column,
      height: ROW.height,
    }));
  const streamBoxes = stack(streams, HEAD.width + gap);
  const tabBoxes = stack(tabs, width - column);
  /** Where the line of the n-th of so many leaves or enters a head. */
  const port = (at: number, count: number): number => {
    const step = Math.min(18, (HEAD.height - 28) / Math.max(1, count - 1));
    return middle + (at - (count - 1) / 2) * step;
  };
  const lines: Line[] = [];
  streams.forEach((stop, at) => {
    const box = streamBoxes[at];
    if (box === undefined) return;
    const y = box.y + ROW.height / 2;
    const y0 = port(at, streams.length);
    lines.push(lineTo(`${stop.id}-in`, stop, bow(HEAD.width, y0, box.x, y)));
    lines.push(lineTo(`${stop.id}-out`, stop, bow(box.x + column, y, hub.x, y0)));
  });
  tabs.forEach((stop, at) => {
    const box = tabBoxes[at];
    if (box === undefined) return;
    const y0 = port(at, tabs.length);
    lines.push(lineTo(stop.id, stop, bow(hub.x + HEAD.width, y0, box.x, box.y + ROW.height / 2)));
  });
  return { width, height, boxes: [server, ...streamBoxes, hub, ...tabBoxes], lines };
}

function stackOf(stops: readonly Stop[]): number {
  return stops.length * (ROW.height + ROW.gap) - ROW.gap;
}

/** From left to right, level at both ends. */
function bow(x0: number, y0: number, x1: number, y1: number): string {
  const bend = (x1 - x0) / 2;
  const to = [x0 + bend, y0, x1 - bend, y1, x1, y1].map(round);
  return `M${round(x0)} ${round(y0)}C${to.join(' ')}`;
}

function drawNarrow(streams: readonly Stop[], tabs: readonly Stop[], width: number): Picture {
  const headHeight = 72;
  const space = 22;
  const inner = width - 2 * GUTTER;
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let y = 0;
  const head = (id: 'server' | 'hub'): Box => {
    const box: Box = { id, of: { kind: id }, x: 0, y, width, height: headHeight };
    boxes.push(box);
    y += headHeight;
    return box;
  };
  const stack = (stops: readonly Stop[]): Box[] => {
    y += space;
    const placed = stops.map(({ id, of }): Box => {
      const box: Box = { id, of, x: GUTTER, y, width: inner, height: ROW.height };
      y += ROW.height + ROW.gap;
      return box;
    });
    y += space - ROW.gap;
    boxes.push(...placed);
    return placed;
  };
  const left = GUTTER / 2;
  const right = width - GUTTER / 2;
  const server = head('server');
  const streamBoxes = stack(streams);
  const hub = head('hub');
  const tabBoxes = stack(tabs);
  streams.forEach((stop, at) => {
    const box = streamBoxes[at];
    if (box === undefined) return;
    const level = box.y + ROW.height / 2;
    const down = server.y + server.height;
    lines.push(lineTo(`${stop.id}-in`, stop, turn(left, down, box.x, level)));
    lines.push(lineTo(`${stop.id}-out`, stop, turnBack(box.x + inner, level, right, hub.y)));
  });
  tabs.forEach((stop, at) => {
    const box = tabBoxes[at];
    if (box === undefined) return;
    const level = box.y + ROW.height / 2;
    lines.push(lineTo(stop.id, stop, turn(left, hub.y + hub.height, box.x, level)));
  });
  return { width, height: y - space, boxes, lines };
}

const CORNER = 9;

/** Down, then to the right. */
function turn(x0: number, y0: number, x1: number, y1: number): string {
  return `M${round(x0)} ${round(y0)}V${round(y1 - CORNER)}Q${round(x0)} ${round(y1)} ${round(x0 + CORNER)} ${round(y1)}H${round(x1)}`;
}

/** To the right, then down. */
function turnBack(x0: number, y0: number, x1: number, y1: number): string {
  return `M${round(x0)} ${round(y0)}H${round(x1 - CORNER)}Q${round(x1)} ${round(y0)} ${round(x1)} ${round(y0 + CORNER)}V${round(y1)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
