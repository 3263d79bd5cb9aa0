/**
 * Readers behind a real nginx while the server is stopped and started, and nginx gets new workers: both end streams in
 * the midst of turns, and nobody loses anything. And streams that are left alone until the server itself ends them.
 */
import { setTimeout as pass } from 'node:timers/promises';
import { startNginx, type Nginx } from '../fixtures/nginx.ts';
import { freePort } from '../fixtures/server.ts';
import { trustingFetch } from '../fixtures/tls.ts';
import { namedDemo } from './agent-processes.ts';
import type { Campaign } from './campaign.ts';
import { checkSessions, checkSettled, checkTaken } from './check-sessions.ts';
import { createRawReader, type RawReader } from './raw-reader.ts';
import { openWorld, type World } from './world.ts';

const WAYS = ['defaults', 'recommended'] as const;

/** Longer than readers need to connect. */
const SETTLED_MS = 15_000;

interface Behind {
  world: World;
  proxies: readonly Nginx[];
  /** Of each session one by each proxy, and a lane by each. */
  readers: readonly RawReader[];
  close(): Promise<void>;
}

async function openBehind(name: string, seed: number): Promise<Behind> {
  const port = await freePort();
  const proxies = await Promise.all(WAYS.map((way) => startNginx(port, way)));
  const hosts = proxies.map(({ host }) => host);
  const world = await openWorld({ name, seed, agents: [namedDemo('demo')], hosts, port });
  const { server, sessions, ledger } = world;
  const readers = proxies.flatMap(({ origin, ca }, n) => {
    const fetchBy = ca === null ? fetch : trustingFetch(ca);
    const send = (path: string, init: RequestInit): Promise<Response> =>
      fetchBy(origin + path, {
        ...init,
        headers: { ...(init.headers as object), authorization: `Bearer ${server.token}` },
      });
    const by = `by nginx, ${WAYS[n]}`;
    const common = { send, ledger, between: 'gateway' } as const;
    const own = sessions.map((session) =>
      createRawReader({
        ...common,
        name: `${session.title} ${by}`,
        kind: 'session',
        sessions: [session],
      }),
    );
    return [...own, createRawReader({ ...common, name: `lane ${by}`, kind: 'lane', sessions })];
  });
  // What is done to a session wakes them, and they are compared with the others.
  world.readers.push(...readers);
  return {
    world,
    proxies,
    readers,
    async close() {
      await world.close();
      for (const proxy of proxies) await proxy.close();
    },
  };
}

export const nginxCampaign: Campaign = {
  rounds: 20,
  async run({ seed, rounds }) {
    const { world, proxies, readers, close } = await openBehind('nginx', seed);
    const { server, ledger, traffic, random } = world;
    let drains = 0;
    let reloads = 0;
    try {
      for (let round = 1; round <= rounds; round += 1) {
        traffic.start();
        await pass(600 + random.below(1_000));
        if (random.below(3) > 0) {
          await server.drain();
          await traffic.pause();
          await server.start();
          // Prompts whose turn came while it stopped have started (L14).
          await world.stopRunning();
          drains += 1;
        } else {
          for (const proxy of proxies) proxy.reload();
          await pass(random.below(500));
          await traffic.pause();
          await world.calm();
          reloads += 1;
        }
        await checkSessions(world);
        world.verify(`round ${round}`);
        await traffic.sendCutAgain();
      }
      await world.calm();
      await checkSessions(world);
      checkTaken(ledger, traffic);
      await checkSettled(world);
      world.verify('at the end');
      return {
        events: ledger.events,
        prompts: traffic.prompts.length,
        'stops and starts of the server': drains,
        'reloads of nginx': reloads,
        'connections by nginx': readers.reduce((sum, { connections }) => sum + connections, 0),
      };
    } finally {
      await close();
    }
  },
};

/** Ten minutes and a little: by then the server has ended every stream once (rotation), in the midst of a turn. */
export const rotationCampaign: Campaign = {
  /** Minutes. */
  rounds: 11,
  async run({ seed, rounds }) {
    const { world, readers, close } = await openBehind('rotation', seed);
    const { server, sessions, ledger } = world;
    try {
      await Promise.all(sessions.map(({ id }) => server.prompt(id, `/count ${rounds * 60 * 5} 5`)));
      const running = async (): Promise<number> => (await server.diagnostics()).turns;
      while ((await running()) < sessions.length) await pass(100);
      // All are connected well before the first rotation, at eight minutes, and stay so: counted from here.
      await pass(SETTLED_MS);
      const before = readers.map(({ streams }) => streams);
      while ((await running()) > 0) await pass(1_000);
      await checkSessions(world);
      await checkSettled(world);
      world.verify(`after ${rounds} minutes`);
      const rotated = readers.filter(({ streams }, n) => streams > (before[n] ?? 0));
      if (rounds > 10 && rotated.length < readers.length) {
        throw new Error(`${rotated.length} of ${readers.length} streams were rotated`);
      }
      return { events: ledger.events, readers: readers.length, 'of them rotated': rotated.length };
    } finally {
      await close();
    }
  },
};
