import { afterEach, expect, test } from 'vitest';
import type { Row } from '../shared/row.ts';
import { createApiClient, HANGS_MS, REQUEST_MS } from './api-client.ts';
import { createCommands } from './commands.ts';
import { createFakeEnv } from './testing/fake-env.ts';
import { createFakeFetch, jsonResponse } from './testing/fake-fetch.ts';
import { settled } from './testing/fake-clock.ts';

let leftOver = (): number => 0;

afterEach(() => {
  expect(leftOver()).toBe(0);
});

function setUp() {
  const net = createFakeFetch();
  const { env, clock, timers } = createFakeEnv(net.fetch);
  const signedOut: number[] = [];
  const created: Row[] = [];
  const did: string[] = [];
  const client = createApiClient({
    env,
    onSignedOut: (since) => signedOut.push(since),
    epoch: () => 7,
  });
  leftOver = () => timers.pending;
  const commands = createCommands({
    client,
    onCreated: (row) => created.push(row),
    onSignedIn: () => did.push('signed in'),
    onSignedOut: () => did.push('signed out'),
    logIdOf: (id) => (id === 'known' ? 'its-log' : undefined),
  });
  return { net, clock, client, commands, signedOut, created, did };
}

type Commands = ReturnType<typeof setUp>['commands'];

test.each<[string, (commands: Commands) => Promise<unknown>, unknown, unknown, unknown]>([
  ['GET /api/agents', (c) => c.agents(), undefined, { agents: [1] }, [1]],
  [
    'POST /api/sessions',
    (c) => c.createSession({ agent: 'demo' }),
    { agent: 'demo' },
    { id: 's' },
    { id: 's' },
  ],
  [
    'PATCH /api/sessions/s',
    (c) => c.patchSession('s', { pinned: true }),
    { pinned: true },
    { id: 's' },
    { id: 's' },
  ],
  [
    'GET /api/sessions/s/files?query=a%2Fb',
    (c) => c.files('s', 'a/b'),
    undefined,
    { files: [] },
    { files: [] },
  ],
  [
    'GET /api/agents/takes?agent=a',
    (c) => c.agentTakes('a'),
    undefined,
    { image: true },
    { image: true },
  ],
  ['GET /api/agents/takes', (c) => c.agentTakes(null), undefined, { image: true }, { image: true }],
  ['GET /api/sessions/s/takes', (c) => c.takes('s'), undefined, { image: true }, { image: true }],
  ['DELETE /api/sessions/s', (c) => c.deleteSession('s'), undefined, { deleted: true }, true],
  [
    'POST /api/sessions/s/turns',
    (c) => c.prompt('s', { prompt: 'hi', key: 'k' }),
    { prompt: 'hi', key: 'k' },
    { turnId: 't' },
    { turnId: 't' },
  ],
  [
    'GET /api/sessions/s/draft',
    (c) => c.draft('s'),
    undefined,
    { text: 'half', rev: 2, fork: 1 },
    { text: 'half', rev: 2, fork: 1 },
  ],
  [
    'PATCH /api/sessions/s/turns/t',
    (c) => c.changeQueued('s', 't', { prompt: 'other', before: null }),
    { prompt: 'other', before: null },
    { turnId: 't' },
    { turnId: 't' },
  ],
  [
    'POST /api/sessions/s/queue/release',
    (c) => c.releaseQueue('s'),
    undefined,
    { released: 2 },
    { released: 2 },
  ],
  [
    'POST /api/sessions/s/turns/t/start',
    (c) => c.startQueued('s', 't'),
    undefined,
    { turnId: 't' },
    { turnId: 't' },
  ],
  [
    'DELETE /api/sessions/s/turns/t',
    (c) => c.removeQueued('s', 't'),
    undefined,
    { removed: true },
    { removed: true },
  ],
  [
    'POST /api/sessions/s/turns/t/cancel',
    (c) => c.cancel('s', 't'),
    undefined,
    { cancelling: true },
    { cancelling: true },
  ],
  [
    'POST /api/sessions/s/requests/r',
    (c) => c.answer('s', 'r', { action: 'decline' }),
    { outcome: { action: 'decline' } },
    { answered: true },
    true,
  ],
  [
    'GET /api/sessions/s/turns?before=12',
    (c) => c.olderTurns('s', 12),
    undefined,
    { turns: [], more: false },
    { turns: [], more: false },
  ],
  [
    // An address that means the same for ever.
    'GET /api/sessions/known/turns?before=12&log=its-log',
    (c) => c.olderTurns('known', 12),
    undefined,
    { turns: [], more: false },
    { turns: [], more: false },
  ],
  ['GET /api/search?q=a+%26b', (c) => c.search('a &b'), undefined, { hits: [1] }, [1]],
])('[O3] %s', async (line, send, body, answer, value) => {
  const { net, commands } = setUp();
  const result = send(commands);
  const { method, url, ...request } = net.last();
  expect(`${method} ${url.pathname}${url.search}`).toBe(line);
  expect(request.body === null ? undefined : JSON.parse(request.body)).toEqual(body);
  net.last().respond(jsonResponse(200, answer));
  expect(await result).toEqual({ ok: true, value });
});

test('a new session is told with its row', async () => {
  const { net, commands, created } = setUp();
  const result = commands.createSession({});
  net.last().respond(jsonResponse(201, { id: 's' }));
  await result;
  expect(created).toEqual([{ id: 's' }]);
});

test('an error of the server keeps its code and words', async () => {
  const { net, commands, signedOut } = setUp();
  const error = { code: 'already_answered', message: 'Somebody was faster.' };
  const result = commands.answer('s', 'r', { action: 'accept' });
  net.last().respond(jsonResponse(409, { error }));
  expect(await result).toMatchObject({ ok: false, error });
  expect(signedOut).toEqual([]);
});

test.each([
  [new Response('<html>', { status: 502 }), 'unavailable'],
  [new Response('<html>', { status: 507 }), 'storage'],
  [new Response('gone', { status: 404 }), 'not_found'],
  [new Response('', { status: 418 }), 'internal'],
  [jsonResponse(500, { error: 'odd' }), 'unavailable'],
  [new Response('not json', { status: 200 }), 'unavailable'],
])('an answer that is not the API’s is an error with words (%#)', async (response, code) => {
  const { net, commands } = setUp();
  const result = commands.agents();
  net.last().respond(response);
  expect(await result).toMatchObject({ ok: false, error: { code, message: expect.any(String) } });
});

test('a network failure is a value', async () => {
  const { net, commands } = setUp();
  const result = commands.agents();
  net.last().fail();
  expect(await result).toMatchObject({ ok: false, error: { code: 'network' } });
});

test('a request has a deadline, head or body', async () => {
  const { net, clock, commands } = setUp();
  const head = commands.agents();
  await clock.advance(REQUEST_MS);
  expect(await head).toMatchObject({ ok: false, error: { code: 'timeout' } });
  expect(net.last().aborted).toBe(true);
  const body = commands.agents();
  net.last().respond(new Response(new ReadableStream()));
  await clock.advance(REQUEST_MS);
  expect(await body).toMatchObject({ ok: false, error: { code: 'timeout' } });
});

test('[H7] the server is reached again: what hangs since before is given up, what was just sent is not', async () => {
  const { net, clock, client, commands } = setUp();
  const hanging = commands.cancel('s', 't');
  await clock.advance(HANGS_MS);
  const fresh = commands.cancel('s', 'u');
  client.reached();
  expect(await hanging).toMatchObject({ ok: false, error: { code: 'timeout' } });
  expect(net.requests.map(({ aborted }) => aborted)).toEqual([true, false]);
  net.last().respond(jsonResponse(202, { cancelling: true }));
  expect(await fresh).toMatchObject({ ok: true });
});

test('[H8] 401 is told, with the sign-in that the request was sent under', async () => {
  const { net, commands, signedOut } = setUp();
  const result = commands.agents();
  net.last().respond(jsonResponse(401, {}));
  expect(await result).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
  expect(signedOut).toEqual([7]);
});

test.each(['', '..', 'a/b', '../sessions', 'a?b', 'a%2fb', 'x'.repeat(65)])(
  'an id that is none (%j) is unknown, and never sent',
  async (id) => {
    const { net, commands } = setUp();
    const results = [
      commands.deleteSession(id),
      commands.cancel('s', id),
      commands.answer('s', id, { action: 'cancel' }),
    ];
    for (const result of results) {
      expect(await result).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
    expect(net.requests).toEqual([]);
  },
);

test('[H11] close gives up what is under way, at once', async () => {
  const { net, client, commands } = setUp();
  const result = commands.agents();
  client.close();
  client.close();
  expect(leftOver()).toBe(0);
  expect(net.last().aborted).toBe(true);
  expect(await result).toMatchObject({ ok: false });
  expect(await commands.agents()).toMatchObject({ ok: false });
  await settled();
  expect(net.requests).toHaveLength(1);
});
