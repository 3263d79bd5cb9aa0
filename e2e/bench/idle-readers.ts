/** Ten thousand readers of a session that says nothing, on one process: how fast they come and go, and what one costs. */
import { startReaders, startServer } from './fan-out.ts';
import { median, thousands, type Figure } from './figures.ts';

const READERS = 10_000;
const ROUNDS = 3;

export async function benchIdleReaders(): Promise<Figure[]> {
  const server = startServer('tabcast');
  const readers = startReaders();
  const { port, head } = await server.call('listen');
  const attach: number[] = [];
  const detach: number[] = [];
  let rss = Number.NaN;
  let heap = Number.NaN;
  let most = 0;
  // The first round warms up the engines, with fewer.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const count = round === 0 ? 500 : READERS;
    const before = await server.call('memory');
    const came = await readers.call('attach', { port, head, readers: count });
    const there = await server.call('readers');
    const after = await server.call('memory');
    const began = performance.now();
    await readers.call('detach', port);
    await server.call('empty');
    const went = performance.now() - began;
    if (round === 0) continue;
    most = Math.max(most, there);
    attach.push((count * 1000) / came);
    detach.push((count * 1000) / went);
    // What a process took from the system once it seldom gives back: only the first time tells.
    if (round > 1) continue;
    rss = (after.rss - before.rss) / there;
    heap = (after.heap - before.heap) / there;
  }
  await readers.end();
  await server.end();
  const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  return [
    {
      what: `Idle readers at once on one process (attached ${thousands(median(attach))}/s, detached ${thousands(median(detach))}/s)`,
      measured: thousands(most),
      target: `≥ ${thousands(READERS)}`,
      ok: most >= READERS,
    },
    {
      what: '… what one costs the server: resident memory, of it JavaScript’s heap',
      measured: `${kb(rss)}, ${kb(heap)}`,
      target: '≤ 25 kB',
      ok: rss <= 25_000,
    },
  ];
}
