/** Whose hub it is: two people in one browser (A4), and a sign-in that runs out and comes again. */
import { afterEach, expect, test } from 'vitest';
import { PRINCIPAL_HEADER } from '../shared/api.ts';
import { settled } from './testing/fake-clock.ts';
import { jsonResponse } from './testing/fake-fetch.ts';
import { createFakeServer, type FakeServer } from './testing/fake-server.ts';
import type { FakeTab } from './testing/fake-tab.ts';
import { createWorld, expectClean, expectPanes, type World } from './testing/world.ts';

type Who = 'anna' | 'bert';
interface Browser {
  world: World;
  servers: Record<Who, FakeServer>;
  /** Whose cookie the browser sends; null: one that ran out, or that was ended on purpose. */
  cookie: Who | { code: 'unauthorized' | 'signed_out' };
  /** What each was asked for, by method and path. */
  asked: [Who, string][];
}

const urlOf = (input: RequestInfo | URL): URL =>
  new URL(input instanceof Request ? input.url : input);

let browser: Browser;
afterEach(() => {
  expectClean(browser.world);
  browser.servers.bert.close();
});

/** Anna has 'a' and 'b', Bert has 'z'; the browser is Anna's at first. */
function createBrowser(): Browser {
  const world = createWorld(['a', 'b']);
  const { fetch } = world.server;
  const bert = createFakeServer(world.clock);
  bert.create('z');
  const fetchOf: Record<Who, typeof globalThis.fetch> = { anna: fetch, bert: bert.fetch };
  const made: Browser = {
    world,
    servers: { anna: world.server, bert },
    cookie: 'anna',
    asked: [],
  };
  // As the server does it.
  world.server.fetch = async (input, init) => {
    const { pathname } = urlOf(input);
    if (pathname === '/healthz') return fetch(input, init);
    const { cookie } = made;
    if (typeof cookie === 'object') {
      return jsonResponse(401, { error: { code: cookie.code, message: 'Sign in.' } });
    }
    const told = { [PRINCIPAL_HEADER]: `principal-${cookie}` };
    if (
      (new Headers(init?.headers).get(PRINCIPAL_HEADER) ?? told[PRINCIPAL_HEADER]) !==
      told[PRINCIPAL_HEADER]
    ) {
      return jsonResponse(409, { error: { code: 'conflict', message: 'Somebody else.' } }, told);
    }
    made.asked.push([cookie, `${init?.method ?? 'GET'} ${pathname}`]);
    const response = await fetchOf[cookie](input, init);
    response.headers.set(PRINCIPAL_HEADER, `principal-${cookie}`);
    return response;
  };
  browser = made;
  return made;
}

/** Everything that the hub ever said to a tab. */
const heard = (tab: FakeTab, from = 0): string => JSON.stringify(tab.batches.slice(from));

test('[A4] when somebody else signs in, the hub drops everything and tells the tabs of before only that', async () => {
  const { world, servers, asked } = createBrowser();
  const { open, clock, hub } = world;
  servers.anna.prompt('a');
  servers.anna.say('a', 'a secret of Anna');
  const annas = [await open('a'), await open(null)];
  const frozen = await open('b');
  frozen.frozen = true;
  expect(annas.map(({ principal }) => principal)).toEqual(['principal-anna', 'principal-anna']);
  const before = annas.map(({ batches }) => batches.length);

  browser.cookie = 'bert';
  servers.anna.dropAll();
  await clock.advance(5_000);
  const berts = await open('z');
  await clock.advance(1_000);
  for (const [n, tab] of annas.entries()) {
    const said = tab.batches.slice(before[n]);
    // The connection broke off, which is told of; then whose it is now, and nothing more.
    expect(said.at(-1)).toEqual({
      hubId: tab.hubId,
      n: expect.any(Number),
      principal: 'principal-bert',
    });
    expect(JSON.stringify(said)).not.toMatch(/log-z|"z"/);
  }
  expect(berts.principal).toBe('principal-bert');
  expect([...berts.rows.keys()]).toEqual(['log-z']);
  expect(heard(berts)).not.toMatch(/secret|log-a|log-b/);
  expect(hub.inspect().logs.map(({ logId }) => logId)).toEqual(['log-z']);
  // What Anna's panes still name is unknown to Bert; nothing is done to it.
  const asBert = asked.flatMap(([who, what]) => (who === 'bert' ? [what] : []));
  expect(asBert.filter((what) => !what.startsWith('GET '))).toEqual([]);
  frozen.frozen = false;
  frozen.pump();
  await clock.advance(1_000);
  expect(heard(frozen)).not.toMatch(/log-z/);
  expect(servers.bert.violations).toEqual([]);
});

test('[P61] [A4] the hub tells of itself to whom it is for, and to a stranger nothing of others', async () => {
  const { world, servers } = createBrowser();
  const { open, clock } = world;
  const inspect = (tab: FakeTab) => world.hub.api.inspect(tab.tabId, 1);
  const anna = await open('a');
  expect((await inspect(anna))?.tabs[0]?.shows).toEqual({ sessionId: 'a', logId: 'log-a' });

  browser.cookie = { code: 'unauthorized' };
  servers.anna.dropAll();
  await clock.advance(5_000);
  const stranger = await open(null);
  const said = await inspect(stranger);
  expect(said?.sessions).toEqual([]);
  expect(said?.tabs.map(({ shows }) => shows)).toEqual([null, null]);

  browser.cookie = 'bert';
  await world.hub.api.retry();
  await clock.advance(5_000);
  const bert = await open('z');
  await clock.advance(1_000);
  expect(bert.principal).toBe('principal-bert');
  const berts = await inspect(bert);
  expect(berts?.sessions.map(({ logId }) => logId)).toEqual(['log-z']);
  expect(berts?.tabs.map(({ shows }) => shows?.sessionId ?? null)).toEqual(['z', null, null]);
  expect(await inspect(anna)).toBeNull();
});

test('[A4] a late answer to the one before is not taken', async () => {
  const { world, servers } = createBrowser();
  const { open, clock } = world;
  const anna = await open(null);
  servers.anna.fault = ({ url }) => (url.pathname === '/api/sessions/a' ? 'slow' : null);
  await anna.show('a');
  browser.cookie = 'bert';
  servers.anna.dropAll();
  await clock.advance(3_000);
  const bert = await open('z');
  await clock.advance(30_000);
  expect(bert.principal).toBe('principal-bert');
  expect(bert.connection).toEqual({ state: 'live' });
  expect(heard(bert)).not.toMatch(/log-a|log-b/);
  expect(anna.state).toBeNull();
});

test('[A4] a command of the one before is not done as the other', async () => {
  const { world, servers, asked } = createBrowser();
  await world.open(null);
  browser.cookie = 'bert';
  const result = await world.hub.api.createSession({ title: 'of Anna' });
  expect(result.ok).toBe(false);
  await settled();
  expect(asked.filter(([who, what]) => who === 'bert' && what.startsWith('POST'))).toEqual([]);
  expect(servers.bert.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('[A4] signing out empties the hub, and every tab is told to leave', async () => {
  const { world, servers } = createBrowser();
  const { open, hub, clock } = world;
  servers.anna.prompt('a');
  const tabs = [await open('a'), await open('b'), await open(null)];
  servers.anna.fault = ({ url }) =>
    url.pathname === '/api/sign-out' ? jsonResponse(200, { ended: true }) : null;
  expect(await hub.api.signOut()).toEqual({ ok: true, value: true });
  browser.cookie = { code: 'signed_out' };
  await clock.advance(1_000);
  for (const { connection } of tabs)
    expect(connection).toEqual({ state: 'signed-out', ended: true });
  const { logs, own, lane } = hub.inspect();
  expect([logs, own, lane.riding]).toEqual([[], [], []]);
  expect(servers.anna.streams()).toEqual([]);
  // Whoever comes before somebody signs in is told nothing.
  const late = await open('a');
  await clock.advance(1_000);
  expect([late.rows.size, late.state, late.principal]).toEqual([0, null, null]);
});

test('[A4] a sign-in that was ended elsewhere makes every tab leave; one that ran out does not', async () => {
  for (const code of ['signed_out', 'unauthorized'] as const) {
    const { world, servers } = createBrowser();
    const tab = await world.open('a');
    browser.cookie = { code };
    servers.anna.dropAll();
    await world.clock.advance(5_000);
    const ended = code === 'signed_out' ? { ended: true } : {};
    expect(tab.connection).toEqual({ state: 'signed-out', ...ended });
    if (code === 'signed_out') expectClean(world);
  }
});

test('[A2] a sign-in that ran out: one word to every tab, and all go on where they were when one signs in', async () => {
  const { world, servers } = createBrowser();
  const { open, clock, hub } = world;
  servers.anna.prompt('a');
  servers.anna.say('a', 'one ');
  const tabs = [await open('a'), await open('a'), await open('b')];
  const states = tabs.map(({ state }) => state?.logId);
  browser.cookie = { code: 'unauthorized' };
  servers.anna.dropAll();
  await clock.advance(5_000);
  for (const tab of tabs) {
    const told = tab.batches.filter(({ connection }) => connection?.state === 'signed-out');
    expect(told).toHaveLength(1);
    expect(tab.trouble).toBeNull();
    expect(tab.state?.logId).toBe(states[tabs.indexOf(tab)]);
    expect(tab.rows.size).toBe(2);
  }
  servers.anna.say('a', 'two ');
  // Nobody who is not signed in is told anything, by whatever tab.
  const stranger = await open('a');
  await clock.advance(5_000);
  expect([stranger.state, stranger.rows.size]).toEqual([null, 0]);
  expect(tabs.map(({ state }) => JSON.stringify(state).includes('two'))).not.toContain(true);

  // A wrong password is said to whoever gave it, and nothing else happens.
  const path = '/api/sign-in';
  const real = world.server.fetch;
  world.server.fetch = async (input, init) => {
    if (urlOf(input).pathname !== path) return real(input, init);
    const { password } = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as {
      password: string;
    };
    if (password !== 'right') {
      return jsonResponse(401, { error: { code: 'unauthorized', message: 'Not right.' } });
    }
    browser.cookie = 'anna';
    return jsonResponse(200, { principal: 'anna' });
  };
  const wrong = await hub.api.signIn({ name: 'anna', password: 'wrong' });
  expect(wrong).toMatchObject({ ok: false, error: { message: 'Not right.' } });
  expect(await hub.api.signIn({ name: 'anna', password: 'right' })).toEqual({
    ok: true,
    value: true,
  });
  await clock.advance(1_000);
  servers.anna.say('a', 'three ');
  await clock.advance(1_000);
  for (const tab of [...tabs, stranger]) expect(tab.connection).toEqual({ state: 'live' });
  expectPanes(world, ['a', 'b']);
  expect(JSON.stringify(tabs[0]?.state)).toContain('one two three ');
});
