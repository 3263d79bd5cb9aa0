/** What the kill campaigns have in common: a server with sessions, people who use them, and readers that watch. */
import type { Row } from '../../shared/row.ts';
import { createRandom, type Random } from '../fixtures/random.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createRawReader, type RawReader } from './raw-reader.ts';
import { createTraffic, type Traffic } from './traffic.ts';

const SESSIONS = 20;

export interface World {
  server: TestServer;
  sessions: Row[];
  ledger: Ledger;
  readers: RawReader[];
  traffic: Traffic;
  random: Random;
  /** @throws when anything was blamed, with the seed and what the server said last */
  verify(when: string): void;
  /** Ends what runs and removes what is queued. */
  calm(): Promise<void>;
  /** Cancels what runs, in some of the sessions: what changes can't be compared. Their queues then wait (L10). */
  stopRunning(wanted?: (logId: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  name: string;
  seed: number;
  /** `agents` of the configuration; sessions are spread over them. */
  agents: readonly Record<string, unknown>[];
  /** Names it is called by besides its own (A2). */
  hosts?: readonly string[];
  /** Any free one by default. */
  port?: number;
}

export async function openWorld({
  name,
  seed,
  agents,
  hosts = [],
  port,
}: WorldOptions): Promise<World> {
  const random = createRandom(seed);
  const ledger = createLedger();
  const server = await startServer({
    config: { agents, hosts },
    ...(port === undefined ? {} : { port }),
  });
  const sessions: Row[] = [];
  for (let n = 0; n < SESSIONS; n += 1) {
    const agent = agents[n % agents.length]?.id;
    const { status, body } = await server.api('POST', '/api/sessions', { agent, title: `S${n}` });
    if (status !== 201) throw new Error(`no session: ${JSON.stringify(body)}`);
    sessions.push(body as Row);
  }
  const send = server.request;
  const readers = sessions.flatMap((session, n) => {
    const own = ['own', 'twin'].slice(0, (n % 2) + 1);
    return own.map((kind) =>
      createRawReader({
        name: `${kind} reader of S${n}`,
        kind: 'session',
        sessions: [session],
        send,
        ledger,
      }),
    );
  });
  const even = sessions.filter((_, n) => n % 2 === 0);
  for (const [lane, carried] of [sessions, even].entries()) {
    readers.push(
      createRawReader({ name: `lane ${lane}`, kind: 'lane', sessions: carried, send, ledger }),
    );
  }
  const traffic = createTraffic({
    server,
    sessions,
    ledger,
    random,
    onAction(logId) {
      for (const reader of readers) if (reader.states.has(logId)) reader.poke();
    },
  });

  return {
    server,
    sessions,
    ledger,
    readers,
    traffic,
    random,
    verify(when) {
      const told = server.stderr
        .split('\n')
        .filter((line) => /"level":(50|60)/.test(line))
        .map((line) => `the server said ${line}`);
      const wrong = [...ledger.violations, ...told.slice(0, 3)];
      if (wrong.length === 0) return;
      throw new Error(`campaign ${name}, seed ${seed}, ${when}:\n${wrong.join('\n')}`);
    },
    async stopRunning(wanted = () => true) {
      for (const { id, logId } of sessions) {
        for (; wanted(logId);) {
          const { live } = (await server.view(id)).state;
          if (live === null) break;
          await server.api('POST', `/api/sessions/${id}/turns/${live.turnId}/cancel`);
        }
      }
    },
    async calm() {
      for (const { id } of sessions) {
        for (;;) {
          const { state } = await server.view(id);
          if (state.live === null && state.queue.length === 0) break;
          for (const { turnId } of state.queue) {
            await server.api('DELETE', `/api/sessions/${id}/turns/${turnId}`);
          }
          if (state.live === null) continue;
          await server.api('POST', `/api/sessions/${id}/turns/${state.live.turnId}/cancel`);
        }
      }
    },
    async close() {
      await traffic.pause();
      for (const reader of readers) await reader.close();
      await server.stop();
    },
  };
}
