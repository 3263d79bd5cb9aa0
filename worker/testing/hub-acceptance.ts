/** What a tab may expect of a hub, whatever lies between the two: run on the plain object, over Comlink, in a browser. */
import type { Batch, HubApi, Watch } from '../../shared/hub-api.ts';
import { foldEvents } from '../../shared/reducer.ts';
import type { SessionState } from '../../shared/state.ts';
import { hold, same } from './check.ts';

/** The tab's end of a deliveries port. */
export interface Deliveries {
  onBatch(take: (batch: Batch) => void): void;
  ack(n: number): void;
}

/** The scripted server, which may be in a worker. */
export interface ServerScript {
  prompt(sessionId: string): Promise<string>;
  /** Several pieces of text, one event each. */
  say(sessionId: string, texts: readonly string[]): Promise<void>;
  end(sessionId: string): Promise<void>;
  state(sessionId: string): Promise<SessionState>;
  violations(): Promise<readonly string[]>;
  asked(path: string): Promise<number>;
}

export interface AcceptanceWorld {
  server: ServerScript;
  /** A tab's connection to the hub. */
  connect(): { api: HubApi; attach(tabId: string, watch: Watch | null): Promise<Deliveries> };
  /** @throws Error when the hub leaves anything behind */
  close(): Promise<void>;
}

export interface AcceptanceSeam {
  setUp(sessionIds: string[]): Promise<AcceptanceWorld>;
  /** Resolves once the check no longer throws. */
  until(check: () => void): Promise<void>;
}

export interface AcceptanceCase {
  name: string;
  run(seam: AcceptanceSeam): Promise<void>;
}

async function openTab(world: AcceptanceWorld, tabId: string, sessionId: string) {
  const { api, attach } = world.connect();
  const batches: Batch[] = [];
  let state: SessionState | null = null;
  const deliveries = await attach(tabId, { watchId: 1, sessionId, cursor: null });
  deliveries.onBatch((batch) => {
    batches.push(batch);
    const { pane } = batch;
    if (pane?.kind === 'snapshot') ({ state } = pane);
    if (pane?.kind === 'events' && state !== null) state = foldEvents(state, pane.events);
    deliveries.ack(batch.n);
  });
  return { api, batches, state: () => state };
}

export const hubCases: readonly AcceptanceCase[] = [
  {
    name: '[H12] a handshake that never rejects',
    async run({ setUp }) {
      const world = await setUp([]);
      const { api } = world.connect();
      const { hubId, ...hello } = await api.hello({ protocol: 1, build: 'of another' });
      same(hello, { protocol: 1, build: 'test' }, 'hello');
      hold(typeof hubId === 'string' && hubId !== '', 'a hub has an id');
      await world.close();
    },
  },
  {
    name: '[H1] [H4] three tabs see one turn whole, over one stream',
    async run({ setUp, until }) {
      const world = await setUp(['a']);
      const { server } = world;
      await server.prompt('a');
      const tabs: Awaited<ReturnType<typeof openTab>>[] = [];
      for (const tabId of ['one', 'two', 'three']) tabs.push(await openTab(world, tabId, 'a'));
      await server.say(
        'a',
        Array.from({ length: 300 }, (_, n) => `${n + 1} `),
      );
      await server.end('a');
      const state = await server.state('a');
      await until(() => {
        for (const tab of tabs) same(tab.state(), state, 'the pane');
      });
      same(await server.violations(), [], 'streams');
      hold((await server.asked('/api/sessions/a/events')) <= 1, 'more than one stream');
      for (const { batches } of tabs) {
        const counted = batches.map((_batch, n) => n + 1);
        same(
          batches.map(({ n }) => n),
          counted,
          'batches',
        );
      }
      await world.close();
    },
  },
  {
    name: '[O3] a command is answered with a value',
    async run({ setUp }) {
      const world = await setUp(['a']);
      const { api } = world.connect();
      const prompt = await api.prompt('a', { prompt: 'x', key: 'k' });
      same(prompt, { ok: true, value: { turnId: 'turn-1' } }, 'a prompt');
      const missing = await api.prompt('b', { prompt: 'x', key: 'k' });
      same(missing.ok ? null : missing.error.code, 'not_found', 'a prompt to nowhere');
      await world.close();
    },
  },
  {
    name: '[H5] a tab that is not attached is told so',
    async run({ setUp }) {
      const world = await setUp(['a']);
      const { api, attach } = world.connect();
      same(await api.watch('me', 1, null), false, 'before');
      await attach('me', null);
      const watch = { watchId: 1, sessionId: 'a', cursor: null };
      same(await api.watch('me', 1, watch), true, 'while it is one');
      await api.detach('me', 0);
      same(await api.watch('me', 1, watch), true, 'after a detach of earlier');
      await api.detach('me', 1);
      same(await api.watch('me', 1, null), false, 'after');
      await world.close();
    },
  },
];
