/** Runs the hub's acceptance suite in a page; `e2e/hub-acceptance.spec.ts` builds and drives it. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import type { HubApi } from '../../../shared/hub-api.ts';
import { hubCases, type AcceptanceSeam, type ServerScript } from '../hub-acceptance.ts';
import { connectOver } from '../tab-port.ts';
import type { Harness } from './worker.ts';

/** By address: the bundler must not make another copy of it. */
const WORKER = '/worker.js';

const ways: Record<string, () => Promise<() => MessagePort>> = {
  async 'a SharedWorker'() {
    // A worker of its own for each case.
    const name = crypto.randomUUID();
    return () => new SharedWorker(WORKER, { type: 'module', name }).port;
  },
  async 'the page itself'() {
    const { connect } = (await import(/* @vite-ignore */ WORKER)) as {
      connect(port: MessagePort): void;
    };
    return () => {
      const { port1, port2 } = new MessageChannel();
      connect(port1);
      return port2;
    };
  },
};

function seamOver(way: string): AcceptanceSeam {
  return {
    async setUp(sessionIds) {
      const open = await ways[way]?.();
      if (open === undefined) throw new Error(`no way: ${way}`);
      const cleanups: (() => void)[] = [];
      const reach = () => {
        const port = open();
        const remote = wrap<Harness>(port);
        cleanups.push(() => {
          remote[releaseProxy]();
          port.close();
        });
        return remote;
      };
      const control = reach();
      await control.begin(sessionIds);
      // The proxy answers every property with a function; Comlink's types see the harness's as plain values.
      const script = control.script as unknown as Remote<ServerScript>;
      return {
        server: {
          prompt: (id) => script.prompt(id),
          say: (id, texts) => script.say(id, texts),
          end: (id) => script.end(id),
          state: (id) => script.state(id),
          violations: () => script.violations(),
          asked: (path) => script.asked(path),
        },
        connect: () =>
          connectOver(reach().hub as unknown as Remote<HubApi>, (close) => cleanups.push(close)),
        async close() {
          await control.end();
          for (const cleanup of cleanups) cleanup();
        },
      };
    },
    async until(check) {
      const deadline = performance.now() + 10_000;
      for (;;) {
        try {
          check();
          return;
        } catch (error) {
          if (performance.now() > deadline) throw error;
        }
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      }
    },
  };
}

/** @returns null, or what went wrong */
async function runCase(way: string, name: string): Promise<string | null> {
  try {
    const found = hubCases.find((one) => one.name === name);
    if (found === undefined) return `no case: ${name}`;
    await found.run(seamOver(way));
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

Object.assign(globalThis, { acceptance: { names: hubCases.map(({ name }) => name), runCase } });
