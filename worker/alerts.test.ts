import { afterEach, expect, test } from 'vitest';
import type { Presence } from '../shared/alerts.ts';
import { LOOK_MS, TELL_MS } from './alert-plan.ts';
import { settled } from './testing/fake-clock.ts';
import type { FakeTab } from './testing/fake-tab.ts';
import { createWorld, expectClean, type World } from './testing/world.ts';

let world: World;

afterEach(() => {
  expectClean(world);
  expect(world.browser.refused).toEqual([]);
});

const worldOf = (...sessionIds: string[]): World => (world = createWorld(sessionIds));
const present = async (tab: FakeTab, patch: Partial<Presence>): Promise<void> => {
  tab.alerts.presence = { ...tab.alerts.presence, ...patch };
  tab.port.send({ presence: tab.alerts.presence });
  await settled();
};
const told = (): string[] =>
  world.browser.told.map(({ id, how, tabId }) => `${id} ${how} ${tabId}`);
const run = async (sessionId: string): Promise<void> => {
  world.server.prompt(sessionId);
  world.server.end(sessionId);
  await settled();
};
const ask = (sessionId: string, requestId: string): void => {
  const turnId = world.server.state(sessionId).live?.turnId ?? '';
  world.server.append(sessionId, {
    type: 'request.opened',
    turnId,
    requestId,
    request: { kind: 'permission', toolCall: { toolCallId: 'c', title: 'rm' }, options: [] },
  });
};

test('[O8] an end that nobody looks at is told by one of many tabs, once', async () => {
  const { open, clock } = worldOf('a', 'b');
  for (let n = 0; n < 5; n += 1) await open(n % 2 === 0 ? 'b' : null);
  await run('a');
  await clock.advance(120_000);
  expect(told()).toEqual(['log-a:end:3 notify tab-1']);
  await run('a');
  expect(told()).toHaveLength(2);
});

test('[O8] a request is told when it opens, and not again when its turn goes on', async () => {
  const { open, server, clock } = worldOf('a');
  await open(null);
  server.prompt('a');
  ask('a', 'r1');
  ask('a', 'r2');
  await settled();
  server.say('a', 'x');
  await clock.advance(120_000);
  expect(told()).toEqual(['log-a:request:r1 notify tab-1', 'log-a:request:r2 notify tab-1']);
});

test('[O8] what there was before a page is opened is no news', async () => {
  const { open, server, clock } = worldOf('a', 'b');
  server.prompt('a');
  server.end('a');
  server.prompt('b');
  ask('b', 'r1');
  await open(null);
  await open('a');
  await clock.advance(60_000);
  expect(told()).toEqual([]);
});

test('[O8] nothing is told while somebody looks: a page in view, with the focus, at its end', async () => {
  const { open, clock, browser } = worldOf('a', 'b');
  await open('b');
  const looking = await open('a');
  await present(looking, { visible: true });
  await run('a');
  await clock.advance(60_000);
  expect(told()).toEqual([]);
  expect([...browser.looked]).toEqual(['log-a:end:3']);
});

test('[O8] a page in view without the focus is not looked at, and is the one to tell', async () => {
  const { open } = worldOf('a', 'b');
  await open('a');
  const beside = await open('b');
  const behind = await open('a');
  await present(beside, { visible: true });
  await present(behind, { visible: true });
  behind.alerts.focused = false;
  await run('a');
  expect(told()).toEqual(['log-a:end:3 notify tab-3']);
  // Nobody else was asked to tell it.
  expect(beside.alerts.offers).toEqual([]);
});

test('[O8] one of two windows has the focus: nothing is told', async () => {
  const { open, clock } = worldOf('a');
  const [behind, before] = [await open('a'), await open('a')];
  await present(behind, { visible: true });
  await present(before, { visible: true });
  behind.alerts.focused = false;
  await run('a');
  await clock.advance(60_000);
  expect(told()).toEqual([]);
});

test('[O8] a tab that shows the session comes first, then one in view, then the one seen last', async () => {
  const { open } = worldOf('a', 'b', 'c');
  const [, second, third] = [await open('b'), await open('a'), await open('b')];
  await present(third, { visible: true });
  await run('a');
  await run('c');
  await present(third, { visible: false });
  await present(second, { visible: true });
  await present(second, { visible: false });
  await run('c');
  expect(world.browser.told.map(({ tabId }) => tabId)).toEqual(['tab-2', 'tab-3', 'tab-2']);
});

test('[O8] a frozen tab does not keep it back, and says nothing when it thaws', async () => {
  const { open, clock } = worldOf('a');
  const frozen = await open('a');
  await open(null);
  frozen.frozen = true;
  await run('a');
  expect(told()).toEqual([]);
  await clock.advance(TELL_MS);
  expect(told()).toEqual(['log-a:end:3 notify tab-2']);
  frozen.frozen = false;
  frozen.pump();
  await settled();
  expect(told()).toHaveLength(1);
});

test('[O8] a tab that looked and froze does not keep it back either', async () => {
  const { open, clock } = worldOf('a');
  const frozen = await open('a');
  await open(null);
  await present(frozen, { visible: true });
  frozen.frozen = true;
  await run('a');
  await clock.advance(LOOK_MS + TELL_MS);
  expect(told()).toEqual(['log-a:end:3 notify tab-2']);
});

test.each([5_000, 40_000, 70_000])(
  '[O8] a frozen tab that is the only one tells when it thaws after %i ms, once',
  async (ms) => {
    const { open, clock } = worldOf('a');
    const only = await open('a');
    only.frozen = true;
    await run('a');
    await clock.advance(ms);
    only.frozen = false;
    only.pump();
    await settled();
    if (only.port.closed) await only.attach();
    await clock.advance(5_000);
    expect(told()).toEqual(['log-a:end:3 notify tab-1']);
  },
);

test('[O8] the tab that is asked is closed before it tells: another does', async () => {
  const { open } = worldOf('a');
  const gone = await open('a');
  await open(null);
  gone.frozen = true;
  await run('a');
  await gone.suspend();
  await settled();
  expect(told()).toEqual(['log-a:end:3 notify tab-2']);
});

test('[O8] a cancelled turn, a read end and an answered request are no news', async () => {
  const { open, server, clock } = worldOf('a', 'b');
  server.prompt('a');
  server.prompt('b');
  const frozen = await open(null);
  server.end('a', 'cancelled');
  await settled();
  frozen.frozen = true;
  ask('b', 'r1');
  server.end('b');
  await settled();
  server.patch('b', { readSeq: server.row('b').endedSeq });
  await settled();
  await open(null);
  await clock.advance(10_000);
  frozen.frozen = false;
  frozen.pump();
  await settled();
  expect(told()).toEqual([]);
});

test('[O8] a failed turn is told with what went wrong', async () => {
  const { open, server } = worldOf('a');
  const tab = await open(null);
  const turnId = server.prompt('a');
  const error = { code: 'agent_exited', message: 'It exited with 1.' };
  server.append('a', { type: 'turn.ended', turnId, reason: 'failed', error });
  await settled();
  expect(tab.alerts.offers[0]?.alert).toMatchObject({
    kind: 'end',
    end: { reason: 'failed', message: 'It exited with 1.' },
  });
});

test('[O8] a sound is played by a page that may, which may be another than the one that notifies', async () => {
  const { open } = worldOf('a');
  const [first, second] = [await open('a'), await open(null)];
  for (const tab of [first, second]) await present(tab, { sound: true });
  first.alerts.activated = false;
  await run('a');
  expect(told()).toEqual(['log-a:end:3 notify tab-1', 'log-a:end:3 sound tab-2']);
});

test('[O8] nobody is asked anything while nothing may be told', async () => {
  const { open, clock } = worldOf('a');
  const tab = await open('a');
  await present(tab, { visible: true, notify: false });
  await run('a');
  await clock.advance(10_000);
  expect(tab.alerts.offers).toEqual([]);
  expect(tab.batches.filter((batch) => 'alerts' in batch)).toEqual([]);
});

test('[O8] a network that is cut and comes back: what ended meanwhile is told, nothing twice', async () => {
  const { open, server, clock } = worldOf('a', 'b');
  await open(null);
  await run('a');
  server.fault = () => 'fail';
  server.dropAll();
  await run('b');
  await clock.advance(5_000);
  server.fault = null;
  await clock.advance(40_000);
  expect(told()).toEqual(['log-a:end:3 notify tab-1', 'log-b:end:3 notify tab-1']);
});

test('[O8] an end while every page is being reloaded is told by the first that is back', async () => {
  const { open, clock } = worldOf('a', 'b');
  const tab = await open('b');
  await tab.suspend();
  await run('a');
  await clock.advance(1_000);
  await tab.reload();
  await settled();
  expect(told()).toEqual(['log-a:end:3 notify tab-1']);
});

test('[O8] a page that is opened after none was there for a while is told nothing old', async () => {
  const { open, clock } = worldOf('a');
  const tab = await open(null);
  await tab.suspend();
  await clock.advance(21_000);
  await run('a');
  await open(null);
  await settled();
  expect(told()).toEqual([]);
});

test('[O8] a new hub tells what happened while there was none, and not what the old one told', async () => {
  const { open, kill, clock } = worldOf('a', 'b', 'c');
  const tabs = [await open(null), await open('c')];
  await run('a');
  kill();
  await run('b');
  for (const tab of tabs) await tab.attach();
  await clock.advance(5_000);
  expect(told()).toEqual(['log-a:end:3 notify tab-1', 'log-b:end:3 notify tab-1']);
  // The old hub may have died over it: it is asked once more, and the browser knows.
  expect(world.browser.refused.splice(0)).toEqual(['log-a:end:3 notify tab-1']);
});

test('[O8] also when the first tab of the new hub is a fresh one', async () => {
  const { open, kill, clock } = worldOf('a', 'b', 'c');
  await run('c');
  const tab = await open(null);
  kill();
  await run('b');
  await open(null);
  await clock.advance(1_000);
  expect(told()).toEqual([]);
  await tab.attach();
  await run('a');
  await clock.advance(1_000);
  expect(told().map((what) => what.split(' ')[0])).toEqual(['log-b:end:3', 'log-a:end:3']);
});

test('[O8] a hub that dies over an alert: the next one tells it', async () => {
  const { open, kill, clock } = worldOf('a');
  const [asked, other] = [await open('a'), await open(null)];
  asked.frozen = true;
  await run('a');
  expect(told()).toEqual([]);
  kill();
  await other.attach();
  await clock.advance(1_000);
  expect(told()).toEqual(['log-a:end:3 notify tab-2']);
});

test('[O8] after signing out and in again, what there is is no news', async () => {
  const { open, server, hub, clock } = worldOf('a', 'b');
  await open(null);
  server.signedIn = false;
  server.dropAll();
  await clock.advance(2_000);
  await run('a');
  server.signedIn = true;
  await hub.api.retry();
  await clock.advance(2_000);
  expect(told()).toEqual([]);
  await run('b');
  expect(told()).toHaveLength(1);
});

test('[O9] [O8] a rotation tells nothing again', async () => {
  const { open, server, clock } = worldOf('a');
  await open(null);
  await run('a');
  server.rotate('a', 'a-2');
  await clock.advance(5_000);
  expect(told()).toEqual(['log-a:end:3 notify tab-1']);
});
