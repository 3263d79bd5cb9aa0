/** What a tab may expect of a hub, whatever lies between the two: run on the plain object, over Comlink, in a browser. */
import { expect, test } from 'vitest';
import type { Batch, HubApi, Watch } from '../../shared/hub-api.ts';
import { foldEvents } from '../../shared/reducer.ts';
import type { SessionState } from '../../shared/state.ts';
import type { FakeServer } from './fake-server.ts';

/** The tab's end of a deliveries port. */
export interface Deliveries {
  onBatch(take: (batch: Batch) => void): void;
  ack(n: number): void;
}

export interface AcceptanceWorld {
  server: FakeServer;
  /** A tab's connection to the hub. */
  connect(): { api: HubApi; attach(tabId: string, watch: Watch | null): Promise<Deliveries> };
  close(): Promise<void>;
}

/** @param until resolves once the check no longer throws */
export function hubAcceptance(
  name: string,
  setUp: (sessionIds: string[]) => AcceptanceWorld,
  until: (check: () => void) => Promise<void>,
): void {
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

  test(`${name}: [H12] a handshake that never rejects`, async () => {
    const world = setUp([]);
    const { api } = world.connect();
    const hello = await api.hello({ protocol: 1, build: 'of another' });
    expect(hello).toEqual({ protocol: 1, build: 'test', hubId: expect.any(String) });
    await world.close();
  });

  test(`${name}: [H1] [H4] three tabs see one turn whole, over one stream`, async () => {
    const world = setUp(['a']);
    const { server } = world;
    server.prompt('a');
    const tabs = [];
    for (const tabId of ['one', 'two', 'three']) tabs.push(await openTab(world, tabId, 'a'));
    for (let n = 1; n <= 300; n += 1) server.say('a', `${n} `);
    server.end('a');
    await until(() => {
      for (const tab of tabs) expect(tab.state()).toEqual(server.state('a'));
    });
    expect(server.violations).toEqual([]);
    expect(server.asked('/api/sessions/a/events')).toBeLessThanOrEqual(1);
    for (const { batches } of tabs) {
      expect(batches.map(({ n }) => n)).toEqual(batches.map((_batch, n) => n + 1));
    }
    await world.close();
  });

  test(`${name}: a command is answered with a value`, async () => {
    const world = setUp(['a']);
    const { api } = world.connect();
    const prompt = await api.prompt('a', { prompt: 'x', key: 'k' });
    expect(prompt).toEqual({ ok: true, value: { turnId: 'turn-1' } });
    const missing = await api.prompt('b', { prompt: 'x', key: 'k' });
    expect(missing).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await world.close();
  });

  test(`${name}: a tab that is not attached is told so`, async () => {
    const world = setUp(['a']);
    const { api, attach } = world.connect();
    expect(await api.watch('me', null)).toBe(false);
    await attach('me', null);
    expect(await api.watch('me', { watchId: 1, sessionId: 'a', cursor: null })).toBe(true);
    await api.detach('me');
    expect(await api.watch('me', null)).toBe(false);
    await world.close();
  });
}
