/** The hub's surroundings in a test: a clock that the test moves, a seeded random, counted ids. */
import type { HubEnv } from '../env.ts';
import { createFakeClock, type FakeClock, type Timers } from './fake-clock.ts';
import { createRandom } from './random.ts';

export interface FakeEnv {
  env: HubEnv;
  clock: FakeClock;
  /** Of the hub only. */
  timers: Timers;
  /** The browser tells of a request that ended. */
  tellProtocol(protocol: string): void;
}

/** @param seed of `random` */
export function createFakeEnv(fetch: typeof globalThis.fetch, seed = 1): FakeEnv {
  const clock = createFakeClock();
  return envAt(clock, fetch, seed);
}

/** An environment on a clock that others share. */
export function envAt(clock: FakeClock, fetch: typeof globalThis.fetch, seed = 1): FakeEnv {
  const timers = clock.timers();
  let ids = 0;
  const random = createRandom(seed);
  let hear: ((protocol: string) => void) | null = null;
  return {
    clock,
    timers,
    tellProtocol: (protocol) => hear?.(protocol),
    env: {
      fetch,
      now: clock.now,
      random: () => random.next(),
      after: (ms, run) => timers.after(ms, run),
      newId() {
        ids += 1;
        return `hub-${seed}-${ids}`;
      },
      hearProtocol(heard) {
        hear = heard;
        return () => {
          hear = null;
        };
      },
      baseUrl: 'http://tabcast.test',
      build: 'test',
    },
  };
}
