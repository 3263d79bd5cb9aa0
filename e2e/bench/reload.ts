/** A reload in the middle of a long turn of a long session: until the pane is whole, against replaying the log. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { openTab } from '../fixtures/test.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { median, thousands, type Figure } from './figures.ts';
import { numberShown, openBarePage } from './numbers.ts';

const SETTLED = 99;
const TURN_EVENTS = 50;
const EVENTS = 10_000;
const ROUNDS = 5;

interface Cost {
  ms: number;
  bytes: number;
}

export async function benchReload(browser: Browser): Promise<Figure[]> {
  const command = process.execPath;
  const agent = { id: 'bench', command, args: [join(import.meta.dirname, 'agent.mjs')] };
  let port = 0;
  const proxy = await startCountingProxy(() => port);
  // The server must know the name it is called by (A2).
  const hosts = [`127.0.0.1:${proxy.port}`];
  const server = await startServer({ config: { agents: [agent], hosts } });
  ({ port } = server);
  const { id, logId } = await server.create();
  for (let turn = 0; turn < SETTLED; turn += 1) await flood(server, id, TURN_EVENTS);
  const turnId = await server.prompt(id, `/flood ${EVENTS} 20`);
  const origin = `http://127.0.0.1:${proxy.port}`;
  await until(async () => (await server.row(id)).lastSeq >= SETTLED * TURN_EVENTS + EVENTS);

  const context = await browser.newContext();
  const { page } = await openTab(context, origin, `${origin}/?token=${server.token}`, id);
  await numberShown(page, turnId, EVENTS);
  const replay = await context.newPage();
  const hub: Cost[] = [];
  const bare: Cost[] = [];
  const measure = async (of: Page, load: () => Promise<unknown>): Promise<Cost> => {
    const before = proxy.bytes;
    await load();
    const ms = await numberShown(of, turnId, EVENTS);
    return { ms, bytes: proxy.bytes - before };
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    hub.push(await measure(page, () => page.reload({ waitUntil: 'commit' })));
    const stream = `/api/sessions/${id}/events?cursor=${logId}:0`;
    bare.push(await measure(replay, () => openBarePage(replay, `${origin}/bare`, stream)));
    // Its stream would count in the next round.
    await replay.goto('about:blank');
  }
  await context.close();
  proxy.close();
  await server.stop();

  const of = (costs: Cost[], name: keyof Cost): number => median(costs.map((cost) => cost[name]));
  const times = of(bare, 'ms') / of(hub, 'ms');
  const bytes = of(bare, 'bytes') / of(hub, 'bytes');
  const kB = (costs: Cost[]): string => `${thousands(of(costs, 'bytes') / 1000)} kB`;
  const ms = (costs: Cost[]): string => `${thousands(of(costs, 'ms'))} ms`;
  console.log(
    `reload: hub ${ms(hub)}, ${kB(hub)}; replay over a bare EventSource ${ms(bare)}, ${kB(bare)}`,
  );
  return [
    {
      what: `Reload in a turn of ${thousands(EVENTS)} events, session of 100 turns: whole in ${ms(hub)}, replayed over a bare EventSource in ${ms(bare)}`,
      measured: `${times.toFixed(1)} × faster`,
      target: '≥ 5 ×',
      ok: times >= 5,
    },
    {
      what: `… bytes from the server: ${kB(hub)} and ${kB(bare)}`,
      measured: `${bytes.toFixed(1)} × fewer`,
      target: '≥ 10 ×',
      ok: bytes >= 10,
    },
  ];
}

/** One settled turn. */
async function flood(server: TestServer, id: string, events: number): Promise<void> {
  const turnId = await server.prompt(id, `/flood ${events} 0`);
  await until(async () => (await server.view(id)).state.turns.at(-1)?.turnId === turnId);
}

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is()));
}
