/** The whole path: the built server, an agent's process with all sessions on it, readers over HTTP in this process. */
import { join } from 'node:path';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { followNumbers } from './append-reader.ts';
import type { Spent } from './append-runner.ts';

const AGENT = join(import.meta.dirname, 'append-agent.mjs');

export interface WholeRun extends Spent {
  /** Milliseconds from the agent's write of each delta to its reader's bytes. */
  delays: number[];
}

export async function startWhole(): Promise<TestServer> {
  const agent = { id: 'bench', command: process.execPath, args: [AGENT] };
  return startServer({ config: { agents: [agent] } });
}

/**
 * @param deltas of each session
 * @param rate deltas per second of all sessions; 0: as fast as the server takes them
 * @returns `cpu` is the server's, without the agent and the readers
 */
export async function runWhole(
  server: TestServer,
  sessions: number,
  deltas: number,
  rate: number,
): Promise<WholeRun> {
  const delays: number[] = [];
  const stop = new AbortController();
  const rows = [];
  for (let n = 0; n < sessions; n += 1) rows.push(await server.create());
  const text = `/numbers ${deltas} ${rate} ${sessions}`;
  const last = rows.pop();
  if (last === undefined) throw new Error('no sessions');
  const follow = async (id: string, logId: string): Promise<void> => {
    const { body } = await server.request(`/api/sessions/${id}/events?cursor=${logId}:0`, {
      signal: stop.signal,
    });
    if (body === null) throw new Error('no stream');
    await followNumbers(body, deltas, delays);
  };
  const readers: Promise<void>[] = [];
  for (const { id, logId } of rows) {
    await server.prompt(id, text);
    readers.push(follow(id, logId));
  }
  const cpu = await cpuOf(server);
  const began = performance.now();
  // The agent begins when it has them all.
  await server.prompt(last.id, text);
  readers.push(follow(last.id, last.logId));
  await Promise.all(readers);
  const wall = performance.now() - began;
  const spent = { wall, cpu: (await cpuOf(server)) - cpu, delays };
  stop.abort();
  return spent;
}

/** Milliseconds that the server's process has had of a core. */
async function cpuOf(server: TestServer): Promise<number> {
  const text = await (await server.request('/metrics')).text();
  const seconds = /^process_cpu_seconds_total ([\d.e+-]+)/m.exec(text)?.[1];
  return Number(seconds) * 1000;
}
