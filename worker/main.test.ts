import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { wrap } from 'comlink';
import { build } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';
import { HUB_PROTOCOL, type HubApi } from '../shared/hub-api.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function handshake(connect: (port: MessagePort) => void) {
  const { port1, port2 } = new MessageChannel();
  connect(port1);
  const api = wrap<HubApi>(port2);
  const hello = await api.hello({ protocol: HUB_PROTOCOL, build: 'page' });
  port1.close();
  port2.close();
  return hello;
}

/** A global scope like that of a SharedWorker, which `globalThis` then is an instance of. */
function stubWorkerScope(): void {
  const Scope = (): void => {};
  Object.defineProperty(Scope, Symbol.hasInstance, {
    value: (value: unknown) => value === globalThis,
  });
  vi.stubGlobal('SharedWorkerGlobalScope', Scope);
  vi.stubGlobal('onconnect', null);
}

test('[H12] in a SharedWorker `onconnect` is there once the script ran, and serves each port', async () => {
  vi.stubGlobal('location', { origin: 'http://tabcast.test' });
  stubWorkerScope();
  await import('./main.ts');
  const onconnect: unknown = Reflect.get(globalThis, 'onconnect');
  if (typeof onconnect !== 'function') throw new Error('onconnect is not set');
  const first = await handshake((port) => onconnect({ ports: [port] }));
  const second = await handshake((port) => onconnect({ ports: [port] }));
  expect(first).toMatchObject({ protocol: HUB_PROTOCOL, build: expect.stringMatching(/^\w+$/) });
  expect(second).toEqual(first);
  onconnect({ ports: [] });
});

test('[T3] without SharedWorker the page imports the same script and connects', async () => {
  vi.stubGlobal('location', { origin: 'http://tabcast.test' });
  const main = await import('./main.ts');
  expect(Object.keys(main)).toEqual(['connect']);
  expect(Reflect.get(globalThis, 'onconnect')).toBeUndefined();
  expect(await handshake(main.connect)).toMatchObject({ protocol: HUB_PROTOCOL });
});

test('[H12] the built script sets `onconnect` before it gives up control, and is small', async () => {
  // This format has no top-level await: one would fail the build.
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'silent',
    define: { __BUILD__: '"built"' },
    build: {
      write: false,
      lib: { entry: 'main.ts', formats: ['iife'], name: 'hub' },
    },
  });
  const [result] = [built].flat();
  if (result === undefined || !('output' in result)) throw new Error('nothing was built');
  const { code } = result.output[0];
  expect(gzipSync(code).byteLength).toBeLessThan(25 * 1024);
  const scope = vm.createContext({ location: { origin: 'http://tabcast.test' }, crypto });
  vm.runInContext(
    `class SharedWorkerGlobalScope {
       static [Symbol.hasInstance](value) { return value === globalThis; }
     }
     globalThis.SharedWorkerGlobalScope = SharedWorkerGlobalScope;`,
    scope,
  );
  vm.runInContext(code, scope);
  expect(vm.runInContext('typeof onconnect', scope)).toBe('function');
});
