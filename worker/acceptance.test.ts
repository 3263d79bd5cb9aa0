import { expose, releaseProxy, wrap } from 'comlink';
import { test, vi } from 'vitest';
import type { HubApi } from '../shared/hub-api.ts';
import { settled } from './testing/fake-clock.ts';
import { createFakePort } from './testing/fake-port.ts';
import { hubCases, type AcceptanceSeam } from './testing/hub-acceptance.ts';
import { createScriptedHub } from './testing/scripted-hub.ts';
import { connectOver } from './testing/tab-port.ts';

const plain: AcceptanceSeam = {
  async setUp(sessionIds) {
    const { hub, script, end } = createScriptedHub(sessionIds);
    return {
      server: script,
      connect: () => ({
        api: hub.api,
        async attach(tabId, watch) {
          const port = createFakePort();
          await hub.api.attach({ tabId, attachment: 1, directoryVersion: 0, watch }, port);
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
  async until(check) {
    await settled();
    check();
  },
};

const comlink: AcceptanceSeam = {
  async setUp(sessionIds) {
    const { hub, script, end } = createScriptedHub(sessionIds);
    const cleanups: (() => void)[] = [];
    return {
      server: script,
      connect() {
        const calls = new MessageChannel();
        expose(hub.api, calls.port1);
        const remote = wrap<HubApi>(calls.port2);
        cleanups.push(() => {
          remote[releaseProxy]();
          calls.port1.close();
          calls.port2.close();
        });
        return connectOver(remote, (close) => cleanups.push(close));
      },
      async close() {
        end();
        for (const cleanup of cleanups) cleanup();
      },
    };
  },
  until: (check) => vi.waitFor(check, { timeout: 5_000, interval: 5 }),
};

for (const { name, run } of hubCases) {
  test(`plain: ${name}`, () => run(plain));
  test(`Comlink over MessageChannel: ${name}`, () => run(comlink));
}
