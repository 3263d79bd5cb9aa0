/** Deliveries per second of one session's events to a thousand readers in another process, against three other ways. */
import { join } from 'node:path';
import { build } from 'vite';
import { EVENT_BYTES, startChild, type Child } from './child.ts';
import type { ReaderCalls } from './fan-out-readers.ts';
import type { ServerCalls, Way } from './fan-out-server.ts';
import { median, thousands, type Figure } from './figures.ts';

const READERS = 1000;
const ROUNDS = 9;
const WARM_UP = 5;
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

const BUILT = join(import.meta.dirname, '../../node_modules/.cache/tabcast/bench');

/** Built as the product is: run from its sources by tsx, every function is made twice as dear. */
export async function buildServer(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(import.meta.dirname, 'fan-out-server.ts'),
      outDir: BUILT,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: '[name].mjs' } },
    },
  });
}

export function startServer(way: Way): Child<ServerCalls> {
  return startChild<ServerCalls>(join(BUILT, 'fan-out-server.mjs'), [way]);
}

export function startReaders(): Child<ReaderCalls> {
  return startChild<ReaderCalls>(join(import.meta.dirname, 'fan-out-readers.ts'), []);
}

export async function benchFanOut(): Promise<Figure[]> {
  await buildServer();
  const readers = startReaders();
  const sites: Site[] = [];
  for (const way of WAYS) {
    const server = startServer(way);
    const { port, head } = await server.call('listen');
    await readers.call('attach', { port, head, readers: READERS });
    const there = await server.call('readers');
    if (there !== READERS) throw new Error(`${way} has ${there} of ${READERS} readers`);
    const site = { way, server, port, first: await readers.call('counts', port), sent: 0 };
    sites.push(site);
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
  // The first rounds warm up the engines: a thousand deliveries of one event are hundreds of thousands of calls.
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
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
  ];
}
