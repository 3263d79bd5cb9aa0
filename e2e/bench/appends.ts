/** Durable appends: deltas of a hundred sessions at once, from the agent's lines to the readers' bytes. */
import { runInProcess } from './append-runner.ts';
import { measureStore } from './append-store.ts';
import { costAfter } from './append-turn.ts';
import { runWhole, startWhole } from './append-whole.ts';
import { median, quantile, thousands, type Figure } from './figures.ts';

const SESSIONS = 100;
/** Of each session, when as many as possible are sent. */
const DELTAS = 2_000;
const ROUNDS = 3;
/** Deltas per second, of all sessions, where the delay is measured, and of each session in all. */
const STEADY = { rate: 5_000, deltas: 250 };
const LENGTHS = [10, 1_000, 10_000] as const;

/** In milliseconds: the window (L7), and what the rest of the way may take. */
const MAX_DELAY = 25 + 5;
const TARGET = 50_000;

export async function benchAppends(): Promise<Figure[]> {
  return [
    ...(await benchRunner()),
    ...(await benchWhole()),
    ...(await benchStore()),
    await benchLength(),
  ];
}

/** The first round, which warms up the engine, is not counted. */
async function rounds<T>(measure: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) all.push(await measure());
  return all.slice(1);
}

async function benchRunner(): Promise<Figure[]> {
  const runs = await rounds(() => runInProcess(SESSIONS, DELTAS));
  const all = SESSIONS * DELTAS;
  const rate = median(runs.map(({ wall }) => (all * 1000) / wall));
  const cost = median(runs.map(({ cpu }) => (cpu * 1000) / all));
  return [
    {
      what: `Durable deltas per second of ${SESSIONS} sessions at once, through the turn runner’s path in one process: JSON lines of an agent to the bytes of ${SESSIONS} readers (${cost.toFixed(1)} µs of a core each, readers included)`,
      measured: `${thousands(rate)}/s`,
      target: `≥ ${thousands(TARGET)}/s`,
      ok: rate >= TARGET,
    },
  ];
}

async function benchWhole(): Promise<Figure[]> {
  const server = await startWhole();
  try {
    const runs = await rounds(() => runWhole(server, SESSIONS, DELTAS, 0));
    const all = SESSIONS * DELTAS;
    const rate = median(runs.map(({ wall }) => (all * 1000) / wall));
    const cost = median(runs.map(({ cpu }) => (cpu * 1000) / all));
    const steady = await runWhole(server, SESSIONS, STEADY.deltas, STEADY.rate);
    const delay = median(steady.delays);
    const late = quantile(steady.delays, 0.99);
    const share = (100 * steady.cpu) / steady.wall;
    return [
      {
        what: `… from an agent’s process through the built server to readers over HTTP in a third process (${cost.toFixed(1)} µs of the server’s core each)`,
        measured: `${thousands(rate)}/s`,
        target: '',
        ok: true,
      },
      {
        what: `From the agent’s write to the reader’s bytes on that whole path, at ${thousands(STEADY.rate)} deltas/s of ${SESSIONS} sessions, median (99th percentile ${late.toFixed(0)} ms; ${share.toFixed(0)} % of a core)`,
        measured: `${delay.toFixed(1)} ms`,
        target: `≤ ${MAX_DELAY} ms`,
        ok: delay <= MAX_DELAY,
      },
    ];
  } finally {
    await server.stop();
  }
}

async function benchStore(): Promise<Figure[]> {
  const runs = await rounds(() => measureStore(SESSIONS));
  const at = (name: keyof (typeof runs)[0]): string =>
    `${thousands(median(runs.map((run) => run[name])))}/s`;
  const ratio = median(runs.map(({ grouped, alone }) => grouped / alone));
  const ofLimit = median(runs.map(({ grouped, raw }) => grouped / raw));
  return [
    {
      what: `Appends of ${SESSIONS} logs at once through the store, committed in groups (${at('grouped')}), against a transaction each (${at('alone')})`,
      measured: `${ratio.toFixed(1)} ×`,
      target: '≥ 2 ×',
      ok: ratio >= 2,
    },
    {
      what: `… against raw inserts of the same entries with better-sqlite3, ${SESSIONS} a transaction (${at('raw')})`,
      measured: `${ofLimit.toFixed(2)} ×`,
      target: '',
      ok: true,
    },
  ];
}

async function benchLength(): Promise<Figure> {
  const costs = new Map<number, number[]>(LENGTHS.map((length) => [length, []]));
  for (const round of Array(ROUNDS + 2).keys()) {
    for (const length of LENGTHS) {
      const cost = await costAfter(length);
      if (round > 0) costs.get(length)?.push(cost);
    }
  }
  // The least of each: what else the machine does only ever adds.
  const least = LENGTHS.map((length) => Math.min(...(costs.get(length) ?? [])));
  const ratio = (least.at(-1) ?? Number.NaN) / (least[0] ?? Number.NaN);
  return {
    what: `What an event costs the server after ${LENGTHS.map(thousands).join(', ')} others of its turn, each a part of its own (${least.map((cost) => `${cost.toFixed(0)} µs`).join(', ')}): the last over the first`,
    measured: `${ratio.toFixed(2)} ×`,
    target: '≤ 1.25 ×',
    ok: ratio <= 1.25,
  };
}
