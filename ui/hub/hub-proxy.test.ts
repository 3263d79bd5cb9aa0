import { afterEach, expect, test, vi } from 'vitest';
import type { HubApi } from '../../shared/hub-api.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('[T1] [T2] after release nothing is left whose collection would run script in a cached page', async () => {
  const registered = new Set<unknown>();
  let most = 0;
  // Comlink takes its registry when it is loaded.
  vi.stubGlobal(
    'FinalizationRegistry',
    class {
      register(proxy: unknown): void {
        registered.add(proxy);
        most = Math.max(most, registered.size);
      }
      unregister(proxy: unknown): void {
        registered.delete(proxy);
      }
    },
  );
  vi.resetModules();
  const { createHubProxy } = await import('./hub-proxy.ts');
  const { expose } = await import('comlink');
  const { port1, port2 } = new MessageChannel();
  const detached: string[] = [];
  const hub: Pick<HubApi, 'hello' | 'detach'> = {
    hello: async (tab) => ({ ...tab, hubId: 'hub' }),
    detach: async (tabId) => void detached.push(tabId),
  };
  expose(hub, port2);
  const proxy = createHubProxy(port1);
  for (let call = 0; call < 5; call += 1) {
    expect(await proxy.api.hello({ protocol: 1, build: 'b' })).toMatchObject({ hubId: 'hub' });
  }
  // The proxy itself and one per method, however often it is called.
  expect(most).toBe(2);
  void proxy.api.detach('tab', 1);
  proxy.release();
  proxy.release();
  expect(registered.size).toBe(0);
  await vi.waitFor(() => expect(detached).toEqual(['tab']));
  port1.close();
  port2.close();
});
