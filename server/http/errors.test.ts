import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../shared/commands.ts';
import type { ErrorBody } from '../../shared/errors.ts';
import { StorageError } from '../store/store.ts';
import { createTestApp } from './testing/test-app.ts';

const errorOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toContain('application/json');
  const body = (await response.json()) as ErrorBody;
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error).sort()).toEqual(['code', 'message']);
  return { status: response.status, ...body.error };
};

describe('[A3] what is not valid is refused, with the field', () => {
  test.each([
    ['an empty message', { prompt: '', key: 'k' }, /^prompt: the message is empty/],
    ['blanks only', { prompt: '  ', key: 'k' }, /^prompt: the message is empty/],
    ['no blocks', { prompt: [], key: 'k' }, /^prompt: /],
    ['a block without its text', { prompt: [{ type: 'text' }], key: 'k' }, /^prompt\.0\.text: /],
    ['an unknown block', { prompt: [{ type: 'video' }], key: 'k' }, /^prompt\.0\.type: /],
    ['no key', { prompt: 'a' }, /^key: /],
    ['an unknown mode', { prompt: 'a', key: 'k', mode: 'x' }, /^mode: /],
    ['an unknown field', { prompt: 'a', key: 'k', extra: 1 }, /extra/],
    ['not an object', ['a'], /expected object/],
    ['null', null, /expected object/],
  ])('%s', async (_name, body, message) => {
    const { service, send } = createTestApp();
    service.add('s1');
    const error = await errorOf(await send('POST', '/api/sessions/s1/turns', body));
    expect(error).toMatchObject({ status: 400, code: 'bad_request' });
    expect(error.message).toMatch(message);
    expect(service.calls).toEqual([]);
  });

  test('a query', async () => {
    const { service, request } = createTestApp();
    service.add('s1');
    const error = await errorOf(await request('/api/sessions/s1/turns?limit=1000'));
    expect(error).toMatchObject({ status: 400, code: 'bad_request' });
    expect(error.message).toMatch(/^limit: /);
  });

  test.each([
    ['', /^q: /],
    [`?q=${'x'.repeat(201)}`, /^q: /],
    ['?q=x&limit=51', /^limit: /],
    ['?q=x&limit=0', /^limit: /],
  ])('[L11] a search%s', async (query, message) => {
    const { service, request } = createTestApp();
    const error = await errorOf(await request(`/api/search${query}`));
    expect(error).toMatchObject({ status: 400, code: 'bad_request' });
    expect(error.message).toMatch(message);
    expect(service.calls).toEqual([]);
  });

  test('a body that is not JSON', async () => {
    const { service, request } = createTestApp();
    service.add('s1');
    const response = await request('/api/sessions/s1/turns', {
      method: 'POST',
      body: '{"prompt": ',
      headers: { 'content-type': 'application/json' },
    });
    expect(await errorOf(response)).toMatchObject({
      status: 400,
      code: 'bad_request',
      message: 'The body is not valid JSON.',
    });
  });

  test.each([
    ['text/plain', '{}'],
    ['application/x-www-form-urlencoded', 'title=x'],
    ['application/jsonx', '{}'],
  ])('a body of type %s is not read', async (type, body) => {
    const { service, request } = createTestApp();
    const response = await request('/api/sessions', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'bad_request' });
    expect(service.calls).toEqual([]);
  });

  test('a body that is too large, announced or not', async () => {
    const { service, request } = createTestApp();
    service.add('s1');
    const big = JSON.stringify({ prompt: 'x'.repeat(LIMITS.body), key: 'k' });
    const announced = await request('/api/sessions/s1/turns', {
      method: 'POST',
      body: big,
      headers: { 'content-type': 'application/json', 'content-length': String(big.length) },
    });
    expect(await errorOf(announced)).toMatchObject({ status: 413, code: 'too_large' });
    const chunked = await request('/api/sessions/s1/turns', {
      method: 'POST',
      body: new Blob([big]).stream(),
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit);
    expect(await errorOf(chunked)).toMatchObject({ status: 413, code: 'too_large' });
    expect(service.calls).toEqual([]);
  });

  test('what can not be an id names nothing', async () => {
    const { service, request } = createTestApp();
    for (const path of [
      '/api/sessions/a.b',
      '/api/sessions/a.b/events',
      `/api/sessions/${'x'.repeat(65)}`,
    ]) {
      expect(await errorOf(await request(path))).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect(service.calls).toEqual([]);
  });
});

describe('[A3] one shape for every error', () => {
  test.each([
    ['bad_request', 400],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['already_answered', 409],
    ['too_large', 413],
    ['too_many', 429],
    ['unavailable', 503],
    ['internal', 500],
  ] as const)('the service says %s: %i', async (code, status) => {
    const { service, send, logged } = createTestApp();
    service.add('s1');
    service.refuse('prompt', code, 'in its own words');
    const response = await send('POST', '/api/sessions/s1/turns', { prompt: 'a', key: 'k' });
    expect(await errorOf(response)).toEqual({ status, code, message: 'in its own words' });
    expect(logged).toEqual([]);
  });

  test('an unexpected error is logged with its stack, and nothing of it is told', async () => {
    const { service, send, logged } = createTestApp();
    service.add('s1');
    const cause = new Error('SELECT * FROM secrets');
    service.refuse('prompt', cause);
    const response = await send('POST', '/api/sessions/s1/turns?token=abc', {
      prompt: 'a',
      key: 'k',
    });
    const error = await errorOf(response);
    expect(error).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(error)).not.toContain('secrets');
    expect(logged).toEqual([
      {
        level: 'error',
        fields: { err: cause, method: 'POST', path: '/api/sessions/s1/turns' },
        message: 'request failed',
      },
    ]);
  });

  test('an unknown path of the API', async () => {
    const { request } = createTestApp();
    for (const path of ['/api/nothing', '/api', '/api/', '/api/sessions/s1/nothing']) {
      expect(await errorOf(await request(path))).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  test('a method that the path does not take', async () => {
    const { request } = createTestApp();
    const response = await request('/api/sessions', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, POST, HEAD');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'bad_request' });
    const events = await request('/api/events', { method: 'POST' });
    expect(await errorOf(events)).toMatchObject({ status: 405 });
    const view = await request('/api/sessions/s1', { method: 'PUT' });
    expect(view.headers.get('allow')).toBe('GET, PATCH, DELETE, HEAD');
    expect(await errorOf(view)).toMatchObject({ status: 405 });
    expect(await errorOf(await request('/', { method: 'POST' }))).toMatchObject({ status: 404 });
  });
});

test.each([
  ['full', /Nothing was changed.*disk is full.*Make space/],
  ['read-only', /Nothing was changed.*read-only.*writable/],
  ['failing', /Nothing was changed.*disk gives errors/],
  ['damaged', /Nothing was changed.*damaged.*npm run restore/],
] as const)('[L13] [A3] storage that is %s is a 507 with what to do', async (problem, message) => {
  const { service, send, logged } = createTestApp();
  service.refuse('create', new StorageError(problem));
  const error = await errorOf(await send('POST', '/api/sessions', {}));
  expect(error).toMatchObject({ status: 507, code: 'storage' });
  expect(error.message).toMatch(message);
  expect(logged).toEqual([]);
});

test('security headers are on every answer, errors among them', async () => {
  const { ask, request, service } = createTestApp();
  service.add('s1');
  service.refuse('prompt', new Error('x'));
  const answers = [
    await ask('/healthz'),
    await ask('/api/sessions'),
    await request('/api/sessions'),
    await request('/api/nothing'),
    await ask('/healthz', { headers: { host: 'evil.example' } }),
    await request('/api/sessions/s1/turns', {
      method: 'POST',
      body: '{"prompt":"a","key":"k"}',
      headers: { 'content-type': 'application/json' },
    }),
    await ask('/?token=wrong'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 404, 403, 500, 401]);
  for (const { headers } of answers) {
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
