/**
 * A seeded life of a hub: tabs come and go, networks fail, workers die, turns run. After every step the hub's
 * promises hold; at quiet every pane shows what the server has.
 */
import { createPresences, endAllTold, expectToldOnce } from './alert-checks.ts';
import { settled } from './fake-clock.ts';
import { same } from './check.ts';
import { createChecks, expectAnswered, expectDeserted, expectQuiet } from './promises.ts';
import { notice, restore, take, thaw, type Life, type Tally } from './take-step.ts';
import { AT_FIRST, stepsOf } from './walk-steps.ts';
import { createWorld, expectClean } from './world.ts';

/** Every so many lives end in the middle: a hub is closed with whatever it has. */
const CLOSED_AT_ONCE = 10;

/** Lives the life of that seed to its end. @throws Error that tells the seed and the step */
export async function simulate(seed: number, tally: Tally, steps = stepsOf(seed)): Promise<void> {
  // A short tail, so that tabs fall behind it.
  const world = createWorld(AT_FIRST, { tail: { events: 40, size: 8_000 } }, seed);
  world.server.budget = 4;
  const life: Life = {
    world,
    tally,
    live: [await world.open('a')],
    cached: new Set(),
    made: new Set(),
    sent: [],
    rotations: 0,
    distrusted: [],
    jumpedAt: -Infinity,
  };
  for (const name of AT_FIRST) if (seed % 7 > AT_FIRST.indexOf(name)) world.server.prompt(name);
  const check = createChecks(world);
  const present = createPresences(world);
  let index = 0;
  let at = 'at the start';
  try {
    for (const step of steps) {
      at = `step ${index} of ${steps.length}, ${JSON.stringify(step)}`;
      index += 1;
      if (await take(life, step)) tally[step.do] += 1;
      tally.steps += 1;
      present();
      await settled();
      check();
    }
    if (seed % CLOSED_AT_ONCE === 0) {
      at = 'after a close in the middle';
      expectClean(world);
      return;
    }
    at = 'at quiet';
    await quieten(life);
    check();
    expectQuiet(world, life.live);
    const trusted = life.distrusted.filter(({ open }) => open);
    same(trusted.length, 0, 'streams that were open when the clock jumped (H7)');
    expectAnswered(world, life.sent);
    at = 'when every turn has ended';
    await endAllTold(life, seed % 2 === 0);
    check();
    expectToldOnce(world);
    expectQuiet(world, life.live);
    at = 'long after every end';
    const before = world.server.requests.length;
    await world.clock.advance(60_000);
    check();
    expectQuiet(world, life.live);
    const asked = world.server.requests.slice(before).map(({ url }) => url.pathname);
    same(asked, [], 'requests when nothing runs (H9)');
    at = 'when every tab is gone';
    for (const tab of life.live) await tab.suspend();
    await world.clock.advance(21_000);
    check();
    expectDeserted(world);
    at = 'after close';
    expectClean(world);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`HUB_SEED=${seed}, ${at}: ${what}`, { cause: error });
  } finally {
    world.hub.close();
    world.server.close();
  }
  const { counts } = world.server;
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) tally[name] += counts[name];
  for (const { batches, stale } of world.tabs) {
    tally.stale += stale;
    tally.behind += batches.filter(
      ({ pane }) => pane?.kind === 'snapshot' && pane.reason === 'behind',
    ).length;
  }
}

/** Everything is well again: after a while nothing may be left of what happened. */
async function quieten(life: Life): Promise<void> {
  const { world, live, cached } = life;
  const { server, clock, hub } = world;
  server.fault = null;
  server.release();
  server.signedIn = true;
  server.floors.lift();
  await settled();
  await hub.api.retry();
  for (const tab of live) {
    if (cached.has(tab)) await restore(life, tab);
    else await thaw(life, tab);
    await tab.arrive();
    await notice(life, tab);
  }
  // Silence, backoff and leases are all shorter.
  await clock.advance(75_000);
  // What was lost at the very end of a running log shows with the next event.
  for (const name of server.names()) if (server.state(name).live !== null) server.say(name, '.');
  await clock.advance(5_000);
}
