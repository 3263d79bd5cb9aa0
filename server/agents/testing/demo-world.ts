/** The built-in agent, in the test's own process or as a child process. */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTask, setTimeout as sleep } from 'node:timers/promises';
import { createDemoAgent } from '../demo/agent.ts';
import type { DemoEnv } from '../demo/turn.ts';
import { demoCommand, systemDemoEnv } from '../demo-command.ts';
import { createSpawn } from '../spawn.ts';
import { createFakeSpawn, type FakeSpawn } from './fake-process.ts';
import { createHostWorld, type HostWorld } from './host-world.ts';

export function spawnDemo(env: Partial<DemoEnv> = {}): FakeSpawn {
  return createFakeSpawn((process) =>
    createDemoAgent({
      now: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      nextTask,
      newId: randomUUID,
      crash(message) {
        process().writeStderr(`${message}\n`);
        process().exit({ kind: 'exited', code: 1 });
        return new Promise(() => {});
      },
      ...env,
    }),
  );
}

export function inProcessDemo(): HostWorld {
  return createHostWorld(spawnDemo().spawn, { id: 'demo', title: 'Demo' });
}

export function childDemo(): HostWorld {
  return createHostWorld(createSpawn(process.env), {
    id: 'demo',
    title: 'Demo',
    ...demoCommand(systemDemoEnv),
  });
}
