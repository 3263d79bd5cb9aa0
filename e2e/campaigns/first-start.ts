/** A server that is killed on its very first starts, while it makes its database. */
import { rm } from 'node:fs/promises';
import type { Random } from '../fixtures/random.ts';
import { startServer } from '../fixtures/server.ts';
import type { Ledger } from './ledger.ts';
import { killWhileItBoots } from './moments.ts';
import { inspectStopped } from './stopped-file.ts';

/** Blames a file that the next start can't use. */
export async function killOnFirstStarts(
  ledger: Ledger,
  random: Random,
  rounds: number,
): Promise<void> {
  const server = await startServer();
  try {
    for (let round = 0; round < rounds; round += 1) {
      await server.kill();
      for (const end of ['', '-wal', '-shm']) await rm(server.database + end, { force: true });
      await killWhileItBoots(server, random);
      await server.start();
      await server.create();
    }
    await server.kill();
    await inspectStopped(server.database, ledger, []);
  } finally {
    await server.stop();
  }
}
