import { connect, constants, type ClientHttp2Stream } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HEARTBEAT_MS } from '../shared/api.ts';
import { LIMITS } from '../shared/commands.ts';
import { appendMuch, untilUnread } from './http/testing/fake-log.ts';
import { readUntil } from './http/testing/read-stream.ts';
import { createTestApp, TOKEN } from './http/testing/test-app.ts';
import { realTimers } from './http/timers.ts';
import { listen, type Listening } from './listen.ts';
import { createSelfSigned, type SelfSigned } from './testing/self-signed.ts';

let tls: SelfSigned;
beforeAll(() => {
  tls = createSelfSigned();
});
afterAll(() => tls.remove());

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Answer {
  stream: ClientHttp2Stream;
  status: number;
  type: unknown;
}

async function serve() {
  let listening: Listening | null = null;
  const test = createTestApp({ access: { port: () => listening?.port ?? 0, secure: true } });
  listening = await listen({
    fetch: (request) => test.app.fetch(request),
    port: 0,
    host: '127.0.0.1',
    timers: realTimers,
    tls,
  });
  const { port, close } = listening;
  const origin = `https://127.0.0.1:${port}`;
  const client = connect(origin, { ca: tls.cert });
  cleanups.push(
    close,
    () => test.streams.drain(),
    () => client.destroy(),
  );
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const stream = client.request({
        ':path': path,
        authorization: `Bearer ${TOKEN}`,
        ...headers,
      });
      stream.on('error', reject);
      stream.on('response', (head) =>
        resolve({ stream, status: Number(head[':status']), type: head['content-type'] }),
      );
    });
  const start = (id: string, count: number) => {
    const { log } = test.service.add(id);
    log.setActive(true);
    log.append(
      { type: 'turn.queued', turnId: 't1', key: 'k', prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: 't1' },
    );
    log.count('t1', 1, count);
    return log;
  };
  return { ...test, port, origin, close, client, get, start };
}

describe('[H3] HTTP/2', () => {
  test('a session stream: headers at once, every event, and the end of the turn ends it', async () => {
    const { get, start, client } = await serve();
    const log = start('s1', 1);
    const { stream, status, type } = await get('/api/sessions/s1/events?cursor=log-s1:3');
    expect(client.alpnProtocol).toBe('h2');
    expect([status, type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await readUntil(stream, '\n\n')).toBe('retry: 1000\n\n');
    log.count('t1', 2, 500);
    log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
    log.setActive(false);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    const ids = [...text.matchAll(/^id: log-s1:(\d+)$/gm)].map(([, seq]) => Number(seq));
    expect(ids).toEqual(Array.from({ length: 500 }, (_, n) => n + 4));
  });

  test('a stream that is reset is let go of at once, and so is a connection that breaks', async () => {
    const { get, start, streams, client, timers } = await serve();
    start('s1', 1);
    const { stream } = await get('/api/sessions/s1/events');
    await get('/api/events?session=s1@');
    await expect.poll(() => streams.counts()).toEqual({ lanes: 1, own: 1, sessions: { s1: 2 } });
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => streams.counts()).toEqual({ lanes: 1, own: 0, sessions: { s1: 1 } });
    client.destroy();
    await expect.poll(() => streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
    expect(timers.count).toBe(0);
  });

  test('fifty streams share a connection, each whole, and a request beside them is answered', async () => {
    const { get, start, streams } = await serve();
    const names = Array.from({ length: 50 }, (_, n) => `s${n}`);
    const logs = names.map((name) => start(name, 1));
    const open = await Promise.all(
      names.map((name) => get(`/api/sessions/${name}/events?cursor=log-${name}:0`)),
    );
    await expect.poll(() => streams.counts().own).toBe(50);
    expect((await get('/api/sessions')).status).toBe(200);
    for (const log of logs) {
      log.count('t1', 2, 20);
      log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
      log.setActive(false);
    }
    for (const [n, { stream }] of open.entries()) {
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      const ids = [...text.matchAll(/^id: log-(s\d+):(\d+)$/gm)].map(([, name, seq]) => [
        name,
        seq,
      ]);
      expect(ids).toEqual(Array.from({ length: 23 }, (_, index) => [`s${n}`, String(index + 1)]));
    }
    await expect.poll(() => streams.counts().own).toBe(0);
  });

  test('a reader that never reads stops being read for, and harms no stream beside it', async () => {
    const { get, start, streams, timers } = await serve();
    const log = start('s1', 1);
    appendMuch(log);
    const { stream } = await get('/api/sessions/s1/events?cursor=log-s1:0');
    stream.pause();
    await expect.poll(() => log.reads).toBeGreaterThan(0);
    await untilUnread(log);
    appendMuch(log);
    timers.advance(HEARTBEAT_MS);
    const other = start('s2', 1);
    const beside = await get('/api/sessions/s2/events?cursor=log-s2:3');
    other.count('t1', 2, 2);
    expect(await readUntil(beside.stream, 'log-s2:4')).toContain('log-s2:4');
    // 32 MB wait in the log; a stream's window is 64 kB.
    expect(log.reads * log.largestRead).toBeLessThan(1024 * 1024);
    expect(streams.counts().sessions).toEqual({ s1: 1, s2: 1 });
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => streams.counts().sessions).toEqual({ s2: 1 });
  });

  test('a lane that names as many sessions as it may fits into one request', async () => {
    const { get, service } = await serve();
    const id = (n: number): string => `session-${n}`.padEnd(32, 'x');
    const logId = (n: number): string => `log-${n}`.padEnd(32, 'x');
    const all = Array.from({ length: LIMITS.laneSessions }, (_, n) => n);
    for (const n of all) service.add(id(n), { logId: logId(n) });
    const query = new URLSearchParams(all.map((n) => ['session', `${id(n)}@${logId(n)}:0`]));
    expect((await get(`/api/events?${query}`)).status).toBe(200);
  });

  test('close ends drained streams and the connection', async () => {
    const { get, start, streams, close, client } = await serve();
    start('s1', 1);
    const { stream } = await get('/api/events');
    await readUntil(stream, 'event: rows');
    const gone = new Promise((resolve) => client.once('close', resolve));
    const closed = close();
    streams.drain();
    stream.resume();
    await Promise.all([closed, gone]);
  });
});

describe('[A2] over HTTPS', () => {
  test('`:authority` stands for `Host`, and a page of another origin is refused', async () => {
    const { get, origin, port } = await serve();
    expect((await get('/api/sessions', { origin })).status).toBe(200);
    const plain = `http://127.0.0.1:${port}`;
    expect((await get('/api/sessions', { origin: plain })).status).toBe(403);
    const rebound = { ':authority': `evil.example:${port}` };
    expect((await get('/api/sessions', rebound)).status).toBe(403);
    expect((await get('/healthz', rebound)).status).toBe(403);
  });

  test('HTTP/1.1 is spoken too, with as long an address; an idle connection does not hold up the end', async () => {
    const { port, close } = await serve();
    const status = await new Promise((resolve, reject) => {
      const request = httpsRequest({
        host: '127.0.0.1',
        port,
        ca: tls.cert,
        path: `/api/sessions?${'x'.repeat(30_000)}`,
        headers: { authorization: `Bearer ${TOKEN}`, connection: 'keep-alive' },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
      request.end();
    });
    expect(status).toBe(200);
    const began = performance.now();
    await close();
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});
