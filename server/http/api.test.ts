import { hc } from 'hono/client';
import { describe, expect, test } from 'vitest';
import type { Api } from '../../shared/api.ts';
import { createTestApp } from './testing/test-app.ts';

/** The hub's own client, on the app in place of the network. */
function setup() {
  const test = createTestApp();
  const client = hc<Api>('http://127.0.0.1:4180', {
    fetch(input: string | URL | Request, init?: RequestInit) {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      return test.request(pathname + search, init);
    },
  });
  return { ...test, client, last: () => test.service.calls.at(-1) };
}

describe('every endpoint, through the typed client', () => {
  test('agents', async () => {
    const { client } = setup();
    const response = await client.api.agents.$get();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      agents: [{ id: 'demo', title: 'Demo', default: true }],
    });
  });

  test('the list of sessions', async () => {
    const { client, service } = setup();
    const { row } = service.add('s1', { title: 'One' });
    const response = await client.api.sessions.$get();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ sessions: [row()] });
  });

  test('a new session', async () => {
    const { client, service, last } = setup();
    const response = await client.api.sessions.$post({ json: { agent: 'demo', title: ' Hello ' } });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ id: 'new', title: 'Hello' });
    expect(last()).toEqual(['create', 'local', { agent: 'demo', title: 'Hello' }]);
    await client.api.sessions.$post({ json: {} });
    expect(service.calls.at(-1)).toEqual(['create', 'local', {}]);
  });

  test('one session: view, patch, delete', async () => {
    const { client, service, last } = setup();
    const session = service.add('s1');
    session.log.append({ type: 'turn.queued', turnId: 't1', key: 'k', prompt: [], mode: 'queue' });
    const param = { id: 's1' };

    const view = await client.api.sessions[':id'].$get({ param });
    expect(view.status).toBe(200);
    expect(await view.json()).toEqual(session.handle.view());

    const patched = await client.api.sessions[':id'].$patch({ param, json: { title: 'New' } });
    expect(patched.status).toBe(200);
    expect(await patched.json()).toMatchObject({ id: 's1', title: 'New' });
    expect(last()).toEqual(['patch', { title: 'New' }]);

    const files = await client.api.sessions[':id'].files.$get({ param, query: { query: 'a' } });
    expect(await files.json()).toMatchObject({ files: [{ path: 'a.txt' }] });
    const takes = await client.api.sessions[':id'].takes.$get({ param });
    expect(await takes.json()).toEqual({ image: true, audio: false, embeddedContext: true });
    const before = await client.api.agents.takes.$get({ query: { agent: 'demo' } });
    expect(await before.json()).toEqual({ image: false, audio: false, embeddedContext: true });
    expect(last()).toEqual(['takes', 'demo']);
    const draft = await client.api.sessions[':id'].draft.$get({ param });
    expect(draft.status).toBe(200);
    expect(await draft.json()).toEqual({ text: 'half', rev: 0, fork: 0 });

    const deleted = await client.api.sessions[':id'].$delete({ param });
    expect(deleted.status).toBe(200);
    expect(await deleted.json()).toEqual({ deleted: true });
    expect((await client.api.sessions[':id'].$get({ param })).status).toBe(404);
  });

  test('older turns', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const turns = client.api.sessions[':id'].turns;
    const response = await turns.$get({ param: { id: 's1' }, query: { before: '40', limit: '5' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ turns: [], more: false });
    expect(last()).toEqual(['turns', 40, 5]);
    await turns.$get({ param: { id: 's1' }, query: {} });
    expect(last()).toEqual(['turns', null, 20]);
  });

  test('[L8] a page of settled turns may be kept: for ever where its address says which log and up to where', async () => {
    const { client, service } = setup();
    const { log } = service.add('s1');
    const settle = (turnId: string): void =>
      log.append(
        { type: 'turn.queued', turnId, key: turnId, prompt: [], mode: 'queue' },
        { type: 'turn.started', turnId },
        { type: 'turn.ended', turnId, reason: 'end_turn' },
      );
    settle('t0');
    settle('t1');
    const { logId } = log.feed;
    const get = (query: { before?: string; log?: string }, tag?: string) =>
      client.api.sessions[':id'].turns.$get(
        { param: { id: 's1' }, query },
        { headers: tag === undefined ? {} : { 'if-none-match': tag } },
      );
    const policy = async (query: { before?: string; log?: string }) =>
      (await get(query)).headers.get('cache-control');
    const forEver = 'private, max-age=31536000, immutable';
    expect(await policy({ before: '2', log: logId })).toBe(forEver);
    expect(await policy({ before: '1', log: logId })).toBe(forEver);
    // Turn 2 may still come in between.
    expect(await policy({ before: '3', log: logId })).toBe('private, no-cache');
    log.append(
      { type: 'turn.queued', turnId: 't2', key: 't2', prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: 't2' },
    );
    expect(await policy({ before: '3', log: logId })).toBe('private, no-cache');
    expect(await policy({ before: '2', log: logId })).toBe(forEver);
    expect(await policy({ before: '2' })).toBe('private, no-cache');
    expect(await policy({ log: logId })).toBe('private, no-cache');
    expect((await get({ before: '2', log: 'other' })).status).toBe(404);
    expect(await policy({ before: '2', log: 'other' })).toBeNull();

    const first = await get({ before: '2', log: logId });
    expect(first.headers.get('vary')).toBe('Cookie, Authorization');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const again = await get({ before: '2', log: logId }, known);
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('etag')).toBe(tag);
      expect(again.headers.get('cache-control')).toBe(forEver);
      expect(again.headers.get('vary')).toBe('Cookie, Authorization');
    }
    expect((await get({ before: '2', log: logId }, '"x"')).status).toBe(200);
    settle('t2');
    expect((await get({}, tag)).status).toBe(200);
  });

  test('[L11] search: the words as they are, with a bound', async () => {
    const { client, service, last } = setup();
    service.add('s1', { title: 'Trip' });
    const response = await client.api.search.$get({ query: { q: '"to be" *', limit: '7' } });
    expect(response.status).toBe(200);
    const hit = { sessionId: 's1', logId: 'log-s1', title: 'Trip', turnId: null, ordinal: null };
    expect(await response.json()).toEqual({ hits: [{ ...hit, snippet: [] }] });
    expect(last()).toEqual(['search', 'local', '"to be" *', 7]);
    await client.api.search.$get({ query: { q: '' } });
    expect(last()).toEqual(['search', 'local', '', 20]);
  });

  test('a prompt: text is one block, blocks pass through, the mode has a default', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const turns = client.api.sessions[':id'].turns;
    const param = { id: 's1' };
    const response = await turns.$post({ param, json: { prompt: ' Hi ', key: 'k1' } });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ turnId: 'turn-of-k1' });
    expect(last()).toEqual([
      'prompt',
      { prompt: [{ type: 'text', text: 'Hi' }], key: 'k1', mode: 'queue' },
    ]);

    const prompt = [
      { type: 'text' as const, text: 'See' },
      { type: 'resource_link' as const, uri: 'file:///a', name: 'a' },
    ];
    await turns.$post({ param, json: { prompt, key: 'k2', mode: 'interrupt', draftRev: 3 } });
    expect(last()).toEqual(['prompt', { prompt, key: 'k2', mode: 'interrupt', draftRev: 3 }]);
  });

  test('[O10] a queued prompt: another text, another place; 409 once it has started', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const turn = client.api.sessions[':id'].turns[':turnId'];
    const param = { id: 's1', turnId: 't1' };
    const edited = await turn.$patch({ param, json: { prompt: ' Other ' } });
    expect(edited.status).toBe(200);
    expect(await edited.json()).toEqual({ turnId: 't1' });
    expect(last()).toEqual(['changeQueued', 't1', { prompt: [{ type: 'text', text: 'Other' }] }]);
    await turn.$patch({ param, json: { before: 't2' } });
    expect(last()).toEqual(['changeQueued', 't1', { before: 't2' }]);
    await turn.$patch({ param, json: { before: null } });
    expect(last()).toEqual(['changeQueued', 't1', { before: null }]);
    expect((await turn.$patch({ param, json: { prompt: '' } })).status).toBe(400);
    service.refuse('changeQueued', 'conflict', 'It has started.');
    expect((await turn.$patch({ param, json: { prompt: 'x' } })).status).toBe(409);
  });

  test('[O10] a queued prompt: start and remove', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const turn = client.api.sessions[':id'].turns[':turnId'];
    const param = { id: 's1', turnId: 't1' };
    const started = await turn.start.$post({ param });
    expect(started.status).toBe(202);
    expect(await started.json()).toEqual({ turnId: 't1' });
    expect(last()).toEqual(['startQueued', 't1']);

    const released = await client.api.sessions[':id'].queue.release.$post({ param: { id: 's1' } });
    expect(released.status).toBe(202);
    expect(await released.json()).toEqual({ released: 2 });

    const removed = await turn.$delete({ param });
    expect(removed.status).toBe(200);
    expect(await removed.json()).toEqual({ removed: true });
    service.found = false;
    expect(await (await turn.$delete({ param })).json()).toEqual({ removed: false });
  });

  test('[O11] cancel is 202, and 200 when the turn was over', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const param = { id: 's1', turnId: 't1' };
    const { cancel } = client.api.sessions[':id'].turns[':turnId'];
    const first = await cancel.$post({ param });
    expect(first.status).toBe(202);
    expect(await first.json()).toEqual({ cancelling: true });
    expect(last()).toEqual(['cancel', 't1']);
    service.found = false;
    const second = await cancel.$post({ param });
    expect(second.status).toBe(200);
    expect(await second.json()).toEqual({ cancelling: false });
  });

  test('[O7] an answer; a stale one is 409', async () => {
    const { client, service, last } = setup();
    service.add('s1');
    const request = client.api.sessions[':id'].requests[':requestId'];
    const args = {
      param: { id: 's1', requestId: 'r1' },
      json: { outcome: { outcome: 'selected' as const, optionId: 'yes' } },
    };
    const answered = await request.$post(args);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toEqual({ answered: true });
    expect(last()).toEqual(['answer', 'r1', { outcome: 'selected', optionId: 'yes' }]);

    service.refuse('answer', 'already_answered', 'Somebody was first.');
    const late = await request.$post(args);
    expect(late.status).toBe(409);
    expect(await late.json()).toEqual({
      error: { code: 'already_answered', message: 'Somebody was first.' },
    });
  });

  test('diagnostics', async () => {
    const { client, service, passMs } = setup();
    service.running = 2;
    passMs(1500);
    const response = await client.api.diagnostics.$get();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      streams: { lanes: 0, own: 0, sessions: {} },
      turns: 2,
      uptime: 1.5,
    });
  });
});

test('[A1] a session is asked for with the principal', async () => {
  const { client, service } = setup();
  await client.api.sessions[':id'].$get({ param: { id: 'foreign' } });
  expect(service.calls).toEqual([['open', 'local', 'foreign']]);
});

test('[L13] [L14] healthz is 503 while something is wrong with the whole server, and says what', async () => {
  const { ask, problems } = createTestApp();
  const full = { code: 'storage' as const, message: 'The disk is full.' };
  const stopping = { code: 'unavailable' as const, message: 'It stops.' };
  const health = async (): Promise<unknown[]> => {
    const response = await ask('/healthz');
    return [response.status, await response.json()];
  };
  problems.set('storage', full);
  expect(await health()).toEqual([503, { status: 'failing', error: full }]);
  problems.set('stopping', stopping);
  expect(await health()).toEqual([503, { status: 'failing', error: stopping }]);
  problems.set('stopping', null);
  problems.set('storage', null);
  expect(await health()).toEqual([200, { status: 'ok' }]);
});

test('healthz needs no sign-in and says nothing', async () => {
  const { ask } = setup();
  const response = await ask('/healthz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('metrics name routes by their pattern', async () => {
  const { request, ask, service } = setup();
  service.add('s1');
  service.running = 3;
  await request('/api/sessions/s1');
  await request('/api/sessions/other');
  const response = await request('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toContain('tabcast_turns_running 3');
  expect(text).toContain('tabcast_streams{kind="lane"} 0');
  expect(text).toMatch(
    /requests_total\{method="GET",route="\/api\/sessions\/:id",status="200"\} 1/,
  );
  expect(text).toMatch(
    /requests_total\{method="GET",route="\/api\/sessions\/:id",status="404"\} 1/,
  );
  expect(text).not.toContain('s1');
  expect((await ask('/metrics')).status).toBe(401);
});

test('[T4] every answer of the API names the build that is served: hubs of another one learn of it', async () => {
  const { request, ask, service } = setup();
  service.add('s1', {});
  for (const path of ['/api/agents', '/api/sessions/unknown', '/api/events']) {
    const response = await request(path);
    expect(response.headers.get('tabcast-build')).toBe('test-build');
    await response.body?.cancel();
  }
  expect((await ask('/api/agents')).headers.get('tabcast-build')).toBe('test-build');
});

test('[P51] a choice is checked, and passed on; an empty one only asks', async () => {
  const { send, service } = setup();
  service.add('s1');
  const post = (body: unknown) => send('POST', '/api/sessions/s1/config', body);
  expect((await post({ configId: 'mode', value: 'code' })).status).toBe(200);
  expect((await post({})).status).toBe(200);
  expect(service.calls.filter(([name]) => name === 'configure')).toEqual([
    ['configure', { configId: 'mode', value: 'code' }],
    ['configure', null],
  ]);
  for (const body of [
    { configId: 'mode' },
    { value: true },
    { configId: 'mode', value: 3 },
    { configId: 'a'.repeat(201), value: '' },
  ]) {
    expect((await post(body)).status).toBe(400);
  }
  service.refuse('configure', 'conflict');
  expect((await post({})).status).toBe(409);
});
