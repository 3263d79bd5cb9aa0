import { expect, test } from 'vitest';
import { LIMITS } from '../../shared/commands.ts';
import type { ErrorBody } from '../../shared/errors.ts';
import { readStream } from './testing/read-stream.ts';
import { createTestApp } from './testing/test-app.ts';

const LANE = '/api/events';

test('[A5] the stream that is one too many is refused with a time to try again; one that ends makes room', async () => {
  const { service, request, streams } = createTestApp({ streams: 2 });
  service.add('s1').log.setActive(true);
  const lane = readStream(await request(LANE));
  const own = readStream(await request('/api/sessions/s1/events'));
  await Promise.all([lane.chunk(), own.chunk()]);
  for (const path of [LANE, '/api/sessions/s1/events']) {
    const refused = await request(path);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(((await refused.json()) as ErrorBody).error).toEqual({
      code: 'too_many',
      message: expect.stringMatching(/^2 event streams of yours are open/),
    });
  }
  // A reader that lacks nothing needs no stream.
  service.add('s2');
  expect((await request('/api/sessions/s2/events?cursor=log-s2:0')).status).toBe(204);
  await own.cancel();
  const again = readStream(await request(LANE));
  await again.chunk();
  expect(streams.counts()).toMatchObject({ lanes: 2, own: 0 });
  await Promise.all([lane.cancel(), again.cancel()]);
  expect(streams.counts()).toMatchObject({ lanes: 0, own: 0 });
});

test('[A5] of many that come at the same moment those beyond the bound end at once', async () => {
  const { request, streams } = createTestApp({ streams: 3 });
  const readers = (await Promise.all(Array.from({ length: 10 }, () => request(LANE)))).map(
    readStream,
  );
  for (const reader of readers) await reader.chunk();
  const ends = await Promise.all(
    readers.slice(3).map(async (reader) => (await reader.rest()).length),
  );
  expect(ends).toHaveLength(7);
  expect(streams.counts().lanes).toBe(3);
  await Promise.all(readers.slice(0, 3).map((reader) => reader.cancel()));
  expect(streams.counts().lanes).toBe(0);
});

test('[A5] one person’s streams are not another’s', () => {
  const { streams } = createTestApp({ streams: 1 });
  const holder = { principal: 'ada', signIn: null, valid: () => true };
  const remove = streams.add({ kind: 'lane', holder, sessionIds: () => [], end() {} });
  expect(() => streams.admit('ada')).toThrow(/1 event streams/);
  streams.admit('bob');
  remove();
  remove();
  streams.admit('ada');
});

test.each([
  ['a text', 'x'.repeat(LIMITS.promptText + 1), /^prompt: .*1048576/],
  [
    'a text block',
    [{ type: 'text', text: 'x'.repeat(LIMITS.promptText + 1) }],
    /^prompt\.0\.text: .*1048576/,
  ],
  [
    'blocks',
    Array.from({ length: LIMITS.promptBlocks + 1 }, () => ({ type: 'text', text: 'x' })),
    /^prompt: .*64/,
  ],
])(
  '[A5] a prompt with too much of %s is refused, with the bound',
  async (_what, prompt, message) => {
    const { service, send } = createTestApp();
    service.add('s1');
    const refused = await send('POST', '/api/sessions/s1/turns', { prompt, key: 'k' });
    expect(refused.status).toBe(400);
    const { error } = (await refused.json()) as ErrorBody;
    expect(error.code).toBe('bad_request');
    expect(error.message).toMatch(message);
    expect(service.calls.map(([call]) => call)).not.toContain('prompt');
  },
);
