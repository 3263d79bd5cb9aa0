import { signal } from '@preact/signals';
import { afterEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../shared/errors.ts';
import type { HubSnapshot } from '../../shared/hub-snapshot.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { makeSnapshot } from '../testing/hub-fixtures.ts';
import { follow, LOOK_MS, watchHub, type HubWatch } from './hub-watch.ts';

let watch: HubWatch;
afterEach(() => watch.close());

function start(answer: () => HubSnapshot | null, seen = true) {
  const timers = createFakeTimers();
  const visible = signal(seen);
  const hub = vi.fn(async () => answer());
  const server = vi.fn(async () =>
    ok({ streams: { lanes: 1, own: 2, sessions: {} }, turns: 0, uptime: 1 }),
  );
  watch = watchHub({ inspect: { hub, server }, visible, timers });
  const look = async () => {
    timers.advance(LOOK_MS);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { timers, visible, hub, server, look };
}

test('[P61] once a second while somebody looks, and not otherwise', async () => {
  const { timers, visible, hub, look } = start(() => makeSnapshot());
  await look();
  await look();
  expect(hub).toHaveBeenCalledTimes(2);
  visible.value = false;
  for (let n = 0; n < 5; n += 1) await look();
  expect(hub).toHaveBeenCalledTimes(2);
  expect(timers.count).toBe(0);
  visible.value = true;
  await look();
  await look();
  expect(hub.mock.calls.length).toBeGreaterThan(3);
});

test('[P61] a page that opens in the background asks nothing', async () => {
  const { hub, timers, look } = start(() => makeSnapshot(), false);
  await look();
  expect(hub).not.toHaveBeenCalled();
  expect(timers.count).toBe(0);
});

test('[P61] one question at a time: a slow answer is waited for', async () => {
  let answer = (_snapshot: HubSnapshot | null): void => {};
  const timers = createFakeTimers();
  const visible = signal(true);
  const hub = vi.fn(() => new Promise<HubSnapshot | null>((resolve) => (answer = resolve)));
  watch = watchHub({ inspect: { hub, server: async () => fail('network', 'x') }, visible, timers });
  timers.advance(10 * LOOK_MS);
  visible.value = false;
  visible.value = true;
  expect(hub).toHaveBeenCalledTimes(1);
  answer(makeSnapshot());
  await vi.waitFor(() => expect(watch.snapshots.value).toHaveLength(1));
  timers.advance(LOOK_MS);
  expect(hub).toHaveBeenCalledTimes(2);
});

test('a hub that does not answer is asked again, and what it said stays', async () => {
  let answer: HubSnapshot | null = makeSnapshot();
  const { look } = start(() => answer);
  await look();
  answer = null;
  await look();
  expect([watch.silent.value, watch.snapshots.value.length]).toEqual([true, 1]);
  answer = makeSnapshot({ at: 61_000 });
  await look();
  expect([watch.silent.value, watch.snapshots.value.length]).toEqual([false, 2]);
});

test('[P63] the server is asked less often, and its silence is told', async () => {
  const { server, look } = start(() => makeSnapshot());
  await look();
  expect(watch.server.value).toMatchObject({ diagnostics: { streams: { lanes: 1, own: 2 } } });
  server.mockResolvedValue(fail('network', 'Not there.') as never);
  for (let n = 0; n < 3; n += 1) await look();
  expect(server).toHaveBeenCalledTimes(2);
  expect(watch.server.value).toMatchObject({ error: { message: 'Not there.' } });
});

test('closing leaves no timer, also while an answer is on its way; twice is fine', async () => {
  const { timers, look, hub } = start(() => makeSnapshot());
  watch.close();
  watch.close();
  await look();
  await look();
  expect(timers.count).toBe(0);
  expect(hub).toHaveBeenCalledTimes(1);
  expect(watch.snapshots.value).toEqual([]);
});

test('[P62] snapshots are followed for some seconds, of one hub only', () => {
  const at = (seconds: number, hubId = 'hub-1') => makeSnapshot({ at: seconds * 1_000, hubId });
  let kept = follow([], at(1));
  for (const seconds of [2, 3, 4, 5, 6]) kept = follow(kept, at(seconds));
  expect(kept.map((each) => each.at / 1_000)).toEqual([3, 4, 5, 6]);
  // A clock that was set back begins anew.
  expect(follow(kept, at(2))).toHaveLength(1);
  expect(follow(kept, at(7, 'hub-2'))).toHaveLength(1);
});
