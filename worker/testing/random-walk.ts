/**
 * A seeded life of a hub: tabs come and go, networks fail, turns run. After every step the hub's promises hold;
 * at quiet every pane shows what the server has.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Row } from '../../shared/row.ts';
import { settled } from './fake-clock.ts';
import { jsonResponse } from './fake-fetch.ts';
import type { FakeStream } from './fake-server.ts';
import type { FakeTab } from './fake-tab.ts';
import { createWorld, expectClean, shown, type World } from './world.ts';

const SESSIONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** The others are made on the way, or never. */
const AT_FIRST = SESSIONS.slice(0, 6);
const FAULTS = ['fail', 'hang', '503', '429', 'html', '204'] as const;

type Name = (typeof SESSIONS)[number];

/** `n` picks a tab or a stream, modulo how many there are. */
export type Walk =
  | { do: 'open' | 'create'; session: Name }
  | { do: 'prompt' | 'say' | 'end' | 'cancel' | 'skip' | 'remove' | 'burst'; session: Name }
  | { do: 'show'; n: number; session: Name | null }
  | { do: 'close' | 'vanish' | 'reload' | 'again' | 'freeze' | 'thaw' | 'break'; n: number }
  | { do: 'drop' | 'rotate' | 'mute' | 'repeat'; n: number }
  | { do: 'fault'; fault: (typeof FAULTS)[number] }
  | { do: 'heal' | 'hold lane' | 'hold own' | 'release' | 'drop all' | 'retry' }
  | { do: 'sign out' | 'sign in' }
  | { do: 'protocol'; protocol: 'http/1.1' | 'h2' }
  | { do: 'advance' | 'jump'; ms: number };

export type Tally = Record<Walk['do'] | 'resync' | 'lease' | 'moved', number>;

const session = fc.constantFrom(...SESSIONS);
const n = fc.nat(11);

export const anyStep: fc.Arbitrary<Walk> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), session }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'prompt',
        'prompt',
        'say',
        'say',
        'say',
        'end',
        'cancel',
        'skip',
        'burst',
      ),
      session,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('remove', 'create', 'create'), session }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('show' as const), n, session: fc.option(session) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'close',
        'vanish',
        'reload',
        'again',
        'freeze',
        'freeze',
        'thaw',
        'break',
      ),
      n,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('drop', 'rotate', 'mute', 'repeat'), n }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fault' as const), fault: fc.constantFrom(...FAULTS) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'heal',
        'heal',
        'hold lane',
        'hold own',
        'release',
        'release',
        'drop all',
        'retry',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sign out', 'sign in', 'sign in') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('protocol' as const),
      protocol: fc.constantFrom('http/1.1' as const, 'h2' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('advance', 'advance', 'advance', 'jump'),
      ms: fc.constantFrom(1, 200, 1_000, 5_000, 12_000, 40_000),
    }),
  },
);

/** Runs one life to its end. @param tally counts what happened, over many lives */
export async function walk(steps: readonly Walk[], seed: number, tally: Tally): Promise<void> {
  // A short tail, so that tabs fall behind it.
  const world = createWorld(AT_FIRST, { tail: { events: 40, size: 8_000 } }, seed);
  world.server.budget = 4;
  /** Tabs that somebody still looks at. */
  const live: FakeTab[] = [await world.open('a')];
  for (const name of AT_FIRST) if (seed % 7 > AT_FIRST.indexOf(name)) world.server.prompt(name);
  const made = new Set<Name>();
  for (const step of steps) {
    await take(world, live, made, step, tally);
    await settled();
    checkPromises(world);
  }
  await quiet(world, live, tally);
  expectClean(world);
}

async function take(
  world: World,
  live: FakeTab[],
  made: Set<Name>,
  step: Walk,
  tally: Tally,
): Promise<void> {
  const { server, clock, hub } = world;
  const done = (): void => {
    tally[step.do] += 1;
  };
  const onTab = async (index: number, act: (tab: FakeTab) => void | Promise<void>) => {
    const tab = live[index % Math.max(live.length, 1)];
    if (tab === undefined) return;
    await act(tab);
    done();
  };
  const onStream = (index: number, act: (stream: FakeStream) => void): void => {
    const streams = server.streams();
    const stream = streams[index % Math.max(streams.length, 1)];
    if (stream === undefined) return;
    act(stream);
    done();
  };
  switch (step.do) {
    case 'open':
      live.push(await world.open(step.session));
      return done();
    case 'create':
      if (AT_FIRST.includes(step.session) || made.has(step.session)) return;
      made.add(step.session);
      server.create(step.session);
      return done();
    case 'prompt':
    case 'say':
    case 'end':
    case 'cancel':
    case 'skip':
    case 'burst':
    case 'remove':
      if (speak(world, step.do, step.session)) done();
      return;
    case 'show':
      return onTab(step.n, (tab) => tab.show(step.session));
    case 'close':
      return onTab(step.n, async (tab) => {
        live.splice(live.indexOf(tab), 1);
        await tab.detach();
      });
    case 'vanish':
      return onTab(step.n, (tab) => {
        live.splice(live.indexOf(tab), 1);
        tab.frozen = true;
      });
    case 'reload':
      return onTab(step.n, (tab) => {
        tab.frozen = false;
        return tab.reload();
      });
    case 'again':
      return onTab(step.n, (tab) => tab.attach());
    case 'freeze':
      return onTab(step.n, (tab) => {
        tab.frozen = true;
      });
    case 'thaw':
      return onTab(step.n, (tab) => thaw(tab));
    case 'break':
      return onTab(step.n, (tab) => {
        tab.port.broken = true;
      });
    case 'drop':
      return onStream(step.n, (stream) => stream.drop());
    case 'rotate':
      return onStream(step.n, (stream) => stream.end());
    case 'mute':
      return onStream(step.n, (stream) => stream.mute());
    case 'repeat':
      return onStream(step.n, (stream) => {
        for (const logId of stream.logIds) stream.repeat(logId, 3);
      });
    case 'fault': {
      const { fault } = step;
      server.fault = () => {
        if (fault === 'fail' || fault === 'hang') return fault;
        if (fault === 'html') {
          return new Response('<html>', { headers: { 'content-type': 'text/html' } });
        }
        if (fault === '204') return new Response(null, { status: 204 });
        return jsonResponse(Number(fault), {}, { 'retry-after': '3' });
      };
      return done();
    }
    case 'heal':
      server.fault = null;
      return done();
    case 'hold lane':
      server.hold('lane');
      return done();
    case 'hold own':
      server.hold('own');
      return done();
    case 'release':
      server.release();
      return done();
    case 'drop all':
      server.dropAll();
      return done();
    case 'retry':
      await hub.api.retry();
      return done();
    case 'sign out':
      server.signedIn = false;
      server.dropAll();
      return done();
    case 'sign in':
      server.signedIn = true;
      await hub.api.retry();
      return done();
    case 'protocol': {
      const before = placesOf(world);
      world.speak(step.protocol);
      const after = placesOf(world);
      if ([...before].some(([logId, place]) => after.get(logId) !== place)) tally.moved += 1;
      return done();
    }
    case 'advance':
      await clock.advance(step.ms);
      return done();
    case 'jump':
      clock.jump(step.ms);
      return done();
  }
}

function exists({ server }: World, name: Name): boolean {
  return server.names().includes(name);
}

/** @returns false when it made no sense */
function speak(
  world: World,
  what: 'prompt' | 'say' | 'end' | 'cancel' | 'skip' | 'burst' | 'remove',
  name: Name,
): boolean {
  const { server } = world;
  if (!exists(world, name)) return false;
  if (what === 'prompt') {
    if (server.row(name).queued > 3) return false;
    server.prompt(name);
    return true;
  }
  if (what === 'remove') {
    server.remove(name);
    return true;
  }
  if (server.state(name).live === null) return false;
  if (what === 'end' || what === 'cancel') {
    server.end(name, what === 'end' ? 'end_turn' : 'cancelled');
    return true;
  }
  if (what === 'skip') server.skipNext(name);
  const times = what === 'say' ? 1 : what === 'skip' ? 2 : 60;
  for (let count = 0; count < times; count += 1) server.say(name, `${count} `);
  return true;
}

async function thaw(tab: FakeTab): Promise<void> {
  tab.frozen = false;
  tab.pump();
  // The page notices a hub that is silent, or says that it does not know it (T4).
  if (tab.port.closed || tab.port.broken) await tab.attach();
}

/** Where the hub has each session: in the lane or in a stream of its own. */
function placesOf({ hub }: World): Map<string, 'own' | 'lane'> {
  const { own, lane } = hub.inspect();
  return new Map([
    ...own.map(({ logId }) => [logId, 'own'] as const),
    ...lane.riding.map((logId) => [logId, 'lane'] as const),
  ]);
}

function checkPromises({ server, tabs, hub }: World): void {
  expect(server.violations).toEqual([]);
  expect(tabs.flatMap(({ broken }) => broken)).toEqual([]);
  const { own, lane } = hub.inspect();
  const carried = [...own.map(({ logId }) => logId), ...lane.riding];
  expect(new Set(carried).size).toBe(carried.length);
}

/** Everything is well again: after a while nothing may be left of what happened. */
async function quiet(world: World, live: FakeTab[], tally: Tally): Promise<void> {
  const { server, clock, hub, tabs } = world;
  server.fault = null;
  server.release();
  server.signedIn = true;
  await settled();
  await hub.api.retry();
  for (const tab of live) {
    if (tab.port.closed) tally.lease += 1;
    await thaw(tab);
  }
  // Silence, backoff and leases are all shorter.
  await clock.advance(75_000);
  for (const name of server.names()) if (server.state(name).live !== null) server.say(name, '.');
  await clock.advance(5_000);

  for (const { batches } of tabs) {
    tally.resync += batches.filter(
      ({ pane }) => pane?.kind === 'snapshot' && pane.reason === 'behind',
    ).length;
  }
  checkPromises(world);
  const attached = hub.inspect().tabs.map(({ tabId }) => tabId);
  expect(attached.toSorted()).toEqual(live.map(({ tabId }) => tabId).toSorted());
  const running = new Set(server.names().filter((name) => server.state(name).live !== null));
  for (const name of server.names()) {
    const due = live.length > 0 && running.has(name) ? 1 : 0;
    expect({ name, streams: server.carrying(name).length }).toEqual({ name, streams: due });
  }
  if (live.length > 0) checkSeats(world, live, running);
  const rows = server.names().map((name) => comparable(server.row(name)));
  for (const tab of live) {
    expect(tab.connection).toEqual({ state: 'live' });
    expect([...tab.rows.values()].map(comparable).toSorted(byId)).toEqual(rows.toSorted(byId));
    if (tab.watching === null) continue;
    if (server.names().includes(tab.watching)) {
      expect(tab.trouble).toBeNull();
      expect(shown(tab.state)).toEqual(shown(server.state(tab.watching)));
    } else {
      expect(tab.trouble).toBe('missing');
    }
  }
}

/** No seat is free while a session rides, and none is taken by one that nobody sees while a rider is seen (H3). */
function checkSeats({ server, hub }: World, live: FakeTab[], running: ReadonlySet<string>): void {
  const { own, lane } = hub.inspect();
  expect(own.length).toBe(Math.min(running.size, server.budget - 1));
  const seen = new Set(
    live.flatMap(({ watching }) =>
      watching !== null && running.has(watching) ? [server.row(watching).logId] : [],
    ),
  );
  const seatsSeen = own.filter(({ logId }) => seen.has(logId)).length;
  const ridersSeen = lane.riding.filter((logId) => seen.has(logId)).length;
  expect({ seatsSeen, ridersSeen }).toEqual({
    seatsSeen: Math.min(seen.size, own.length),
    ridersSeen: seen.size - Math.min(seen.size, own.length),
  });
}

const byId = (a: Partial<Row>, b: Partial<Row>): number => ((a.id ?? '') < (b.id ?? '') ? -1 : 1);

/** A running session's progress is told by its log, not by its row. */
function comparable(row: Row): Partial<Row> {
  return row.status === 'idle' ? row : { ...row, lastSeq: 0, updatedAt: 0 };
}
