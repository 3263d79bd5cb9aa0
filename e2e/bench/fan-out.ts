/** Deliveries per second of one session's events to a thousand readers in another process, against three other ways. */
import { join } from 'node:path';
import { EVENT_BYTES, startChild, type Child } from './child.ts';
import type { ReaderCalls } from './fan-out-readers.ts';
import type { ServerCalls, Way } from './fan-out-server.ts';
import { median, thousands, type Figure } from './figures.ts';

const READERS = 1000;
const ROUNDS = 7;
/** Events of a round: about as many as take each way half a second. */
const EVENTS: Record<Way, number> = { raw: 150, tabcast: 150, 'better-sse': 75, writeSSE: 30 };
const WAYS = Object.keys(EVENTS) as Way[];

interface Site {
  way: Way;
  server: Child<ServerCalls>;
  port: number;
  /** What each reader had before the first event. */
  first: number[];
  /** Events so far. */
  sent: number;
}

export function startServer(way: Way): Child<ServerCalls> {
  return startChild<ServerCalls>(join(import.meta.dirname, 'fan-out-server.ts'), [way]);
}

export function startReaders(): Child<ReaderCalls> {
  return startChild<ReaderCalls>(join(import.meta.dirname, 'fan-out-readers.ts'), []);
}

export async function benchFanOut(): Promise<Figure[]> {
  const readers = startReaders();
  const sites: Site[] = [];
  let perReader = Number.NaN;
  for (const way of WAYS) {
    const server = startServer(way);
    const { port, head } = await server.call('listen');
    const before = await server.call('memory');
    await readers.call('attach', { port, head, readers: READERS });
    const there = await server.call('readers');
    if (there !== READERS) throw new Error(`${way} has ${there} of ${READERS} readers`);
    const site = { way, server, port, first: await readers.call('counts', port), sent: 0 };
    sites.push(site);
    // What a first event leaves behind is part of a reader's cost.
    await burst(site, 10);
    const after = await server.call('memory');
    if (way === 'tabcast') perReader = (after.rss - before.rss) / READERS;
  }

  async function burst(site: Site, events: number): Promise<number> {
    const { beganAt, bytes } = await site.server.call('burst', events);
    const endedAt = await readers.call('until', { port: site.port, bytes });
    site.sent += events;
    const counts = await readers.call('counts', site.port);
    const least = site.sent * EVENT_BYTES;
    if (counts.some((count, n) => count - (site.first[n] ?? 0) < least)) {
      throw new Error(`${site.way}: a reader lacks an event`);
    }
    return (events * READERS * 1000) / (endedAt - beganAt);
  }

  const rates: Record<Way, number[]> = { raw: [], tabcast: [], 'better-sse': [], writeSSE: [] };
  // The first two rounds warm up the engines.
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const site of sites) {
      const rate = await burst(site, EVENTS[site.way]);
      if (round >= 0) rates[site.way].push(rate);
    }
  }
  for (const { server } of sites) await server.end();
  await readers.end();

  const at = (way: Way): string => `${thousands(median(rates[way]))}/s`;
  const ratio = (over: Way): number =>
    median(rates.tabcast.map((rate, n) => rate / (rates[over][n] ?? 0)));
  console.log(
    `fan-out to ${READERS} readers: ${WAYS.map((way) => `${way} ${at(way)}`).join(', ')}`,
  );
  const kb = perReader / 1000;
  return [
    {
      what: `Deliveries of one session’s events to ${thousands(READERS)} readers, ${at('tabcast')}, against encoded bytes on raw sockets (${at('raw')})`,
      measured: `${ratio('raw').toFixed(2)} ×`,
      target: '≥ 0.5 ×',
      ok: ratio('raw') >= 0.5,
    },
    {
      what: `… against Hono’s \`writeSSE\` (${at('writeSSE')})`,
      measured: `${ratio('writeSSE').toFixed(1)} ×`,
      target: '≥ 3 ×',
      ok: ratio('writeSSE') >= 3,
    },
    {
      what: `… against better-sse (${at('better-sse')})`,
      measured: `${ratio('better-sse').toFixed(1)} ×`,
      target: '> 1 ×',
      ok: ratio('better-sse') > 1,
    },
    {
      what: '… memory of the server per reader (resident)',
      measured: `${kb.toFixed(1)} kB`,
      target: '≤ 25 kB',
      ok: kb <= 25,
    },
  ];
}
