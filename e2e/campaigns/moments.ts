/** When a server is killed: at any moment, and at those that chance alone would hardly hit. */
import { statSync } from 'node:fs';
import { setImmediate as nextTask, setTimeout as pass } from 'node:timers/promises';
import type { SessionEvent } from '../../shared/events.ts';
import { unreachable } from '../../shared/errors.ts';
import type { Row } from '../../shared/row.ts';
import type { Random } from '../fixtures/random.ts';
import type { TestServer } from '../fixtures/server.ts';
import type { Ledger } from './ledger.ts';
import type { Traffic } from './traffic.ts';

export type Moment = 'any' | 'write' | 'read' | 'end' | 'ask' | 'answer' | 'prompt' | 'stopping';

/** Comes within this time, or is passed over. */
const WAIT_MS = 3_000;
/** A boot takes about this long on two cores. */
const BOOT_MS = 600;

interface World {
  server: TestServer;
  ledger: Ledger;
  sessions: readonly Row[];
  traffic: Traffic;
  random: Random;
}

/** Resolves at that moment, and not a turn of the event loop later. */
export async function untilMoment(moment: Moment, world: World): Promise<void> {
  const { server, ledger, random, sessions, traffic } = world;
  // Agents that died with it are being started again.
  await pass(300 + random.below(1200));
  switch (moment) {
    case 'any':
      return pass(random.below(600));
    case 'write':
      return untilWritten(server.database);
    case 'read':
      return untilSeen(ledger, () => true);
    case 'end':
      return untilSeen(ledger, ({ type }) => type === 'turn.ended');
    case 'ask':
      return untilSeen(ledger, ({ type }) => type === 'request.opened');
    case 'answer':
      return untilSeen(ledger, ({ type }) => type === 'request.resolved');
    case 'prompt':
      // Not awaited: it is killed while they are on their way.
      void traffic.burst(sessions, '/count 60 200');
      return pass(random.below(30));
    case 'stopping':
      server.signal('SIGTERM');
      return pass(random.below(120));
    default:
      unreachable(moment);
  }
}

/** The next change of the write-ahead log: its bytes are there, what follows from them has hardly begun. */
async function untilWritten(database: string, ms = WAIT_MS): Promise<void> {
  const stamp = (): string => {
    const stat = statSync(`${database}-wal`, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.size} ${stat.mtimeNs}`;
  };
  const before = stamp();
  const deadline = Date.now() + ms;
  while (stamp() === before && Date.now() < deadline) await nextTask();
}

async function untilSeen(ledger: Ledger, wanted: (event: SessionEvent) => boolean): Promise<void> {
  let stop = (): void => {};
  const over = new AbortController();
  const seen = new Promise<void>((resolve) => {
    stop = ledger.onNew((event) => {
      if (wanted(event)) resolve();
    });
  });
  await Promise.race([seen, pass(WAIT_MS, undefined, { signal: over.signal })]);
  stop();
  over.abort();
}

/** Starts it and kills it: in the midst of what boot writes, or anywhere. */
export async function killWhileItBoots(server: TestServer, random: Random): Promise<void> {
  const booting = server.start().catch(() => {});
  if (random.below(2) === 0) await untilWritten(server.database, 2 * BOOT_MS);
  else await pass(random.below(BOOT_MS));
  await server.kill();
  await booting;
}
