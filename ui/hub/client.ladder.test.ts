import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import type { FakeTimers } from '../testing/fake-env.ts';
import type { FakeHub } from '../testing/fake-hub.ts';
import type { HubClient } from './client.ts';
import type { Generations } from './generation.ts';
import { STEADY_MS } from './ladder.ts';
import { ASK_MS, HELLO_MS, JUST_NOW_MS, LOOKED_AT_MS, SILENCE_MS, type Link } from './link.ts';

let world: ClientWorld;
let hub: FakeHub;
let timers: FakeTimers;
let generations: Generations;
let client: HubClient;
let links: Link[];

beforeEach(() => {
  world = createClientWorld();
  ({ hub, timers, generations, client, links } = world);
});
afterEach(() => {
  world.close();
  expect(timers.count).toBe(0);
});

const last = () => links.at(-1);
/** Time passes until then; every step lets messages through. */
const until = async (state: Link['state'], step = 250) => {
  let passed = 0;
  await vi.waitFor(
    () => {
      if (last()?.state !== state) {
        timers.advance(step);
        passed += step;
      }
      expect(last()?.state).toBe(state);
    },
    { interval: 1, timeout: 10_000 },
  );
  return passed;
};
const attached = () => world.attached();
const start = () => world.start();

describe('a hub that dies without a word', () => {
  test('[T4] a tab in view notices by itself, and is with a new hub at its cursor within 5 s', async () => {
    await start();
    world.cursor = 'log-1:42';
    hub.die();
    timers.advance(LOOKED_AT_MS + ASK_MS);
    await vi.waitFor(() => expect(last()).toMatchObject({ state: 'waiting', attempt: 1 }));
    expect(LOOKED_AT_MS + ASK_MS + (await until('attached'))).toBeLessThanOrEqual(4_500);
    expect(last()).toMatchObject({ hub: { hubId: 'hub-1+' }, inPage: false });
    expect(hub.attaches.at(-1)?.watch?.cursor).toBe('log-1:42');
    expect(hub.places).toEqual([
      { kind: 'worker', generation: 0 },
      { kind: 'worker', generation: 0 },
    ]);
  });

  test('[T4] a tab in the background notices when it is looked at', async () => {
    world.visible = false;
    await start();
    hub.die();
    timers.advance(LOOKED_AT_MS + ASK_MS);
    expect(last()?.state).toBe('attached');
    world.visible = true;
    client.probe();
    timers.advance(ASK_MS);
    await vi.waitFor(() => expect(last()?.state).toBe('waiting'));
    await until('attached');
    expect(hub.attaches).toHaveLength(2);
  });

  test('[T4] a tab that nobody looks at notices too, later', async () => {
    world.visible = false;
    await start();
    hub.die();
    timers.advance(SILENCE_MS - 1);
    expect(last()?.state).toBe('attached');
    timers.advance(1 + ASK_MS);
    await vi.waitFor(() => expect(last()?.state).toBe('waiting'));
  });

  test('[T4] a hub that answers is asked again later, and nothing else happens', async () => {
    await start();
    for (let asked = 1; asked <= 3; asked += 1) {
      timers.advance(LOOKED_AT_MS);
      await vi.waitFor(() => expect(hub.hellos).toHaveLength(1 + asked));
      // Its answer comes after that of the question.
      await client.commands.agents();
    }
    timers.advance(ASK_MS);
    expect(hub.connections).toBe(1);
    expect(hub.watches).toEqual([]);
  });

  test('[T4] a tab that heard its hub just now does not ask', async () => {
    await start();
    timers.advance(JUST_NOW_MS - 1);
    client.probe();
    timers.advance(1);
    expect(hub.hellos).toHaveLength(1);
    client.probe();
    await vi.waitFor(() => expect(hub.hellos).toHaveLength(2));
  });

  test('[T4] a command that was on its way settles', async () => {
    await start();
    hub.commands.answers.prompt = () => new Promise(() => {});
    const lost = client.commands.prompt('s1', { prompt: 'hello', key: 'k' });
    await vi.waitFor(() => expect(hub.commands.calls).toHaveLength(1));
    hub.die();
    timers.advance(LOOKED_AT_MS + ASK_MS);
    expect(await lost).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  test('[T4] other tabs went on to another worker: this one follows', async () => {
    await start();
    generations.after(0);
    timers.advance(LOOKED_AT_MS);
    await vi.waitFor(() => expect(hub.places).toHaveLength(2));
    await attached();
    expect(hub.places[1]).toEqual({ kind: 'worker', generation: 1 });
    await vi.waitFor(() => expect(hub.detached).toEqual(['tab-1']));
  });
});

describe('a hub that does not start', () => {
  const PLACES = [
    { kind: 'worker', generation: 0 },
    { kind: 'worker', generation: 0 },
    { kind: 'worker', generation: 1 },
    { kind: 'page' },
  ];

  test('[T4] a worker whose script does not load is tried three times, then the page runs the hub', async () => {
    hub.moodAt = (place) => (place.kind === 'page' ? 'well' : 'broken');
    client.start();
    await until('attached');
    expect(last()).toMatchObject({ inPage: true });
    expect(hub.places).toEqual(PLACES);
    expect(links.flatMap((link) => (link.state === 'waiting' ? [link.attempt] : []))).toEqual([
      1, 2, 3,
    ]);
  });

  test('[T4] a worker that throws at its start or hangs answers nothing: the same, within 20 s', async () => {
    hub.moodAt = (place) => (place.kind === 'page' ? 'well' : 'silent');
    client.start();
    expect(await until('attached')).toBeLessThanOrEqual(3 * HELLO_MS + 5_000);
    expect(hub.places).toEqual(PLACES);
  });

  test('[T4] a worker that hangs is left for one of another name', async () => {
    hub.moodAt = (place) => (place.kind === 'worker' && place.generation === 0 ? 'silent' : 'well');
    client.start();
    await until('attached');
    expect(last()).toMatchObject({ inPage: false });
    expect(hub.places.at(-1)).toEqual({ kind: 'worker', generation: 1 });
    expect(generations.current()).toBe(1);
  });

  test('[T4] nothing works: it ends in a message, nothing is tried until a person asks', async () => {
    hub.mood = 'broken';
    client.start();
    await until('failed');
    expect(hub.places).toEqual(PLACES);
    expect(last()).toMatchObject({ error: { message: expect.stringContaining('not be loaded') } });
    expect(timers.count).toBe(0);
    timers.advance(3_600_000);
    client.probe();
    expect(hub.connections).toBe(4);
    hub.mood = 'well';
    client.retry();
    await attached();
    expect(hub.places[4]).toEqual({ kind: 'worker', generation: 1 });
  });

  test('[T4] a worker of another protocol: the page runs the hub at once', async () => {
    hub.moodAt = (place) => (place.kind === 'page' ? 'well' : 'old');
    await start();
    expect(last()).toMatchObject({ inPage: true });
    expect(hub.places).toEqual([PLACES[0], PLACES[3]]);
  });

  test('[T4] a hub that dies soon after each start is not started for ever', async () => {
    hub.moodAt = (place) => (place.kind === 'page' ? 'broken' : 'well');
    await start();
    for (let round = 0; round < 2; round += 1) {
      hub.die();
      await until('waiting');
      await until('attached');
    }
    hub.die();
    await until('failed');
    expect(hub.places).toEqual(PLACES);
  });

  test('[T4] one that was there for a while begins the count anew', async () => {
    world.visible = false;
    await start();
    for (let round = 0; round < 5; round += 1) {
      timers.advance(STEADY_MS);
      hub.die();
      client.probe();
      await until('waiting');
      await until('attached');
    }
    expect(hub.places).toHaveLength(6);
    expect(new Set(hub.places.map((place) => JSON.stringify(place))).size).toBe(1);
  });

  test('[T4] a hub that is slow but the same is not given up', async () => {
    await start();
    for (let round = 0; round < 6; round += 1) {
      timers.advance(LOOKED_AT_MS + ASK_MS);
      await until('waiting');
      await until('attached');
    }
    expect(new Set(hub.places.map((place) => JSON.stringify(place))).size).toBe(1);
    expect(generations.current()).toBe(0);
  });
});

test('[T1] [T4] a page that came back keeps its hub in the page, and tries again where nothing worked', async () => {
  hub.moodAt = (place) => (place.kind === 'page' ? 'well' : 'broken');
  client.start();
  await until('attached');
  client.suspend();
  client.resume();
  await attached();
  expect(hub.places.slice(4)).toEqual([{ kind: 'page' }]);
});
