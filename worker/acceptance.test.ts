import { expose, releaseProxy, transfer, wrap } from 'comlink';
import { expect, vi } from 'vitest';
import type { HubApi } from '../shared/hub-api.ts';
import { createHub } from './hub.ts';
import { createFakeClock, settled } from './testing/fake-clock.ts';
import { envAt } from './testing/fake-env.ts';
import { createFakePort } from './testing/fake-port.ts';
import { createFakeServer } from './testing/fake-server.ts';
import { hubAcceptance, type AcceptanceWorld } from './testing/hub-acceptance.ts';

function hubWith(sessionIds: string[]) {
  const clock = createFakeClock();
  const server = createFakeServer(clock);
  for (const sessionId of sessionIds) server.create(sessionId);
  const { env, timers } = envAt(clock, server.fetch);
  const hub = createHub(env);
  const end = (): void => {
    hub.close();
    server.close();
    expect(timers.pending).toBe(0);
  };
  return { hub, server, end };
}

hubAcceptance(
  'plain',
  (sessionIds): AcceptanceWorld => {
    const { hub, server, end } = hubWith(sessionIds);
    return {
      server,
      connect: () => ({
        api: hub.api,
        async attach(tabId, watch) {
          const port = createFakePort();
          await hub.api.attach({ tabId, directoryVersion: 0, watch }, port);
          return {
            onBatch(take) {
              const pump = (): void => {
                for (let batch = port.inbox.shift(); batch; batch = port.inbox.shift()) take(batch);
              };
              port.onPosted = () => queueMicrotask(pump);
              pump();
            },
            ack: (n) => port.send({ ack: n }),
          };
        },
      }),
      close: async () => end(),
    };
  },
  async (check) => {
    await settled();
    check();
  },
);

hubAcceptance(
  'Comlink over MessageChannel',
  (sessionIds): AcceptanceWorld => {
    const { hub, server, end } = hubWith(sessionIds);
    const cleanups: (() => void)[] = [];
    return {
      server,
      connect() {
        const calls = new MessageChannel();
        expose(hub.api, calls.port1);
        const remote = wrap<HubApi>(calls.port2);
        cleanups.push(() => {
          remote[releaseProxy]();
          calls.port1.close();
          calls.port2.close();
        });
        return {
          // The proxy answers every property with a function; this is the one place that says which ones exist.
          api: remote as unknown as HubApi,
          async attach(tabId, watch) {
            const { port1, port2 } = new MessageChannel();
            cleanups.push(() => port2.close());
            await remote.attach({ tabId, directoryVersion: 0, watch }, transfer(port1, [port1]));
            return {
              onBatch(take) {
                port2.onmessage = ({ data }) => take(data);
              },
              ack: (n) => port2.postMessage({ ack: n }),
            };
          },
        };
      },
      async close() {
        end();
        for (const cleanup of cleanups) cleanup();
      },
    };
  },
  (check) => vi.waitFor(check, { timeout: 5_000, interval: 5 }),
);
