/**
 * The product's hub with tabs, and readers of their own, behind a reverse proxy that breaks answers in every way it
 * can. When it is mended, all of them have what the log has: no token lost, none twice.
 */
import { setTimeout as pass } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { lastPage, type SessionState } from '../../shared/state.ts';
import type { HubEnv } from '../../worker/env.ts';
import { createHub } from '../../worker/hub.ts';
import { FAULTS, startHttpFaultProxy, type Fault } from '../fixtures/http-fault-proxy.ts';
import { createRandom } from '../fixtures/random.ts';
import { namedDemo } from './agent-processes.ts';
import type { Campaign } from './campaign.ts';
import { checkSessions, checkSettled, checkTaken } from './check-sessions.ts';
import { openHubTab, type HubTab } from './hub-tab.ts';
import { createRawReader, type RawReader } from './raw-reader.ts';
import { openWorld, type World } from './world.ts';

/** The hub's clock goes faster by this: its silences and backoffs are of tens of seconds. */
const HASTE = 4;
const TABS = 5;
/** How long a hub and readers may take to be where the log is, once all passes again. */
const MENDED_MS = 60_000;

export const proxyCampaign: Campaign = {
  rounds: 30,
  async run({ seed, rounds }) {
    const random = createRandom(seed ^ 0x5eed);
    let port = 0;
    const proxy = await startHttpFaultProxy(() => port, random);
    const hosts = [new URL(proxy.origin).host];
    const world = await openWorld({ name: 'proxy', seed, agents: [namedDemo('demo')], hosts });
    const { server, sessions, ledger, traffic } = world;
    ({ port } = server);
    const send = (path: string, init: RequestInit): Promise<Response> =>
      fetch(proxy.origin + path, {
        ...init,
        headers: { ...(init.headers as object), authorization: `Bearer ${server.token}` },
      });
    const hub = createHub(hastyEnv(proxy.origin, server.token));
    const readers: RawReader[] = [];
    const tabs: HubTab[] = [];
    let keys = 0;
    let prompting: Promise<void>[] = [];
    try {
      const common = { send, ledger, between: 'faults' } as const;
      for (const [n, session] of sessions.slice(0, 6).entries()) {
        const name = `reader ${n} behind the proxy`;
        readers.push(createRawReader({ ...common, name, kind: 'session', sessions: [session] }));
      }
      readers.push(
        createRawReader({ ...common, name: 'lane behind the proxy', kind: 'lane', sessions }),
      );
      for (let n = 0; n < TABS; n += 1) {
        const sessionId = random.pick(sessions).id;
        const name = `tab-${n}`;
        tabs.push(await openHubTab({ name, hub: hub.api, sessionId, blame: ledger.blame }));
      }
      /** Sends one message as a page does: with its key, until it is taken. */
      const promptByHub = async (): Promise<void> => {
        const session = random.pick(sessions);
        const key = `hub-${(keys += 1)}`;
        for (;;) {
          const answer = await hub.api.prompt(session.id, { prompt: '漢字 🌊 /x?', key });
          if (answer.ok) break;
          // An error page is no word of the server's, so it is never the last one.
          if (!['network', 'timeout', 'unavailable'].includes(answer.error.code)) {
            ledger.blame(`a message was refused: ${JSON.stringify(answer.error)}`);
            return;
          }
          await pass(100);
        }
        const { logId } = session;
        await until(() => ledger.of(logId).turnsOfKey.get(key) !== undefined, 10_000);
        const turns = ledger.of(logId).turnsOfKey.get(key) ?? [];
        if (turns.length !== 1) ledger.blame(`the key ${key} gave ${turns.length} turns`);
      };

      let faults: Fault[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        if (faults.length < 2) faults = random.shuffled(FAULTS);
        const now = faults.splice(0, 2);
        traffic.start();
        for (let n = 0; n < 6; n += 1) {
          proxy.break(now);
          prompting.push(promptByHub());
          await pass(200 + random.below(400));
          await random.pick(tabs).show(random.pick(sessions).id);
          for (let n = 0; n < 3; n += 1) random.pick(readers).drop();
        }
        await traffic.pause();
        await world.calm();
        proxy.mend();
        await Promise.all(prompting);
        prompting = [];
        // What they asked for runs before all is calm.
        await world.calm();
        await checkSessions(world);
        await checkBehind(world, readers, tabs);
        world.verify(`round ${round}, ${now.join(' and ')}`);
      }
      for (const [n, { id }] of sessions.entries()) {
        await tabs[n % TABS]?.show(id);
        if (n % TABS === TABS - 1) await checkBehind(world, readers, tabs);
      }
      checkTaken(ledger, traffic);
      await checkSettled(world);
      world.verify('at the end');
      const count = Object.entries(proxy.done).map(([fault, n]) => [`answers '${fault}'`, n]);
      return {
        events: ledger.events,
        prompts: traffic.prompts.length + keys,
        'connections of readers behind the proxy': readers.reduce(
          (sum, { connections }) => sum + connections,
          0,
        ),
        ...Object.fromEntries(count),
      };
    } finally {
      proxy.mend();
      hub.close();
      for (const reader of readers) await reader.close();
      await Promise.allSettled(prompting);
      await world.close();
      await proxy.close();
    }
  },
};

/** Node's own fetch, signed in, and a clock in haste. */
function hastyEnv(baseUrl: string, token: string): HubEnv {
  const begun = Date.now();
  let ids = 0;
  return {
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      // Not for a browser's own: Node has no cache.
      const { cache: _cache, ...rest } = init ?? {};
      return fetch(input, { ...rest, headers });
    },
    now: () => begun + (Date.now() - begun) * HASTE,
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, ms / HASTE);
      return () => clearTimeout(timer);
    },
    newId: () => `campaign-${(ids += 1)}`,
    hearProtocol: null,
    baseUrl,
    build: 'campaign',
  };
}

/** Blames who has not come to what the log folds to. */
async function checkBehind(
  { server, sessions, ledger }: World,
  readers: readonly RawReader[],
  tabs: readonly HubTab[],
): Promise<void> {
  const isLog = (state: SessionState | null | undefined): boolean => {
    if (state === null || state === undefined) return false;
    const { logId, turns } = state;
    return isDeepStrictEqual(plain(state), plain(lastPage(ledger.of(logId).state, turns.length)));
  };
  for (const reader of readers) {
    for (const logId of reader.states.keys()) {
      const came = await until(() => {
        reader.poke();
        return isLog(reader.states.get(logId));
      }, MENDED_MS);
      if (!came) {
        const seq = reader.states.get(logId)?.seq;
        ledger.blame(`${reader.name} has ${logId}:${seq}, not ${ledger.of(logId).state.seq}`);
      }
    }
  }
  const logs = new Map(sessions.map(({ id, logId }) => [id, logId]));
  for (const tab of tabs) {
    const logId = logs.get(tab.sessionId) ?? '';
    const came = await until(() => tab.state?.logId === logId && isLog(tab.state), MENDED_MS);
    if (!came) {
      const told = `${tab.name} shows ${tab.state?.seq} of ${logId}`;
      ledger.blame(`${told}, not ${ledger.of(logId).state.seq}`);
    }
    for (const session of sessions) {
      const row = await server.row(session.id);
      const same = await until(
        () => isDeepStrictEqual(tab.rows.get(session.logId), row),
        MENDED_MS,
      );
      if (!same) {
        const mine = JSON.stringify(tab.rows.get(session.logId));
        ledger.blame(`${tab.name} has the row ${mine}, not ${JSON.stringify(row)}`);
      }
    }
  }
}

async function until(holds: () => boolean, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > deadline) return false;
    await pass(20);
  }
  return true;
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
