import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HEARTBEAT_MS } from '../shared/api.ts';
import { LIMITS } from '../shared/commands.ts';
import type { ErrorBody } from '../shared/errors.ts';
import { realTimers } from './http/timers.ts';
import { appendMuch, untilUnread } from './http/testing/fake-log.ts';
import { readUntil } from './http/testing/read-stream.ts';
import { createTestApp, TOKEN } from './http/testing/test-app.ts';
import { listen, ListenError, type Listening } from './listen.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function serve() {
  let listening: Listening | null = null;
  const test = createTestApp({ access: { port: () => listening?.port ?? 0 } });
  listening = await listen({
    fetch: (request) => test.app.fetch(request),
    port: 0,
    host: '127.0.0.1',
    timers: realTimers,
    tls: null,
  });
  const { port, refuse, close } = listening;
  cleanups.push(close, () => test.streams.drain());

  /** A response whose body is read only when somebody reads it. */
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ request: ClientRequest; response: IncomingMessage }>((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port,
        path,
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      });
      request.on('response', (response) => resolve({ request, response }));
      request.on('error', reject);
      cleanups.push(() => request.destroy());
      request.end();
    });
  const start = (count: number) => {
    const { log } = test.service.add('s1');
    log.setActive(true);
    log.append(
      { type: 'turn.queued', turnId: 't1', key: 'k', prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: 't1' },
    );
    log.count('t1', 1, count);
    return log;
  };
  return { ...test, port, refuse, close, get, start };
}

describe('streams over a real socket', () => {
  test('headers and first bytes come at once, with nothing to say', async () => {
    const { get, start } = await serve();
    const log = start(1);
    const { response } = await get(`/api/sessions/s1/events?cursor=log-s1:${log.feed.lastSeq}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(await readUntil(response, '\n\n')).toBe('retry: 1000\n\n');
    log.count('t1', 2, 2);
    expect(await readUntil(response, '\n\n')).toContain('id: log-s1:4\n');
  });

  test('fetch gets every event, and the end of the turn ends the response', async () => {
    const { port, start } = await serve();
    const log = start(500);
    const response = await fetch(`http://127.0.0.1:${port}/api/sessions/s1/events`, {
      headers: { authorization: `Bearer ${TOKEN}`, 'last-event-id': 'log-s1:2' },
    });
    log.count('t1', 501, 1000);
    log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
    log.setActive(false);
    const ids = [...(await response.text()).matchAll(/^id: log-s1:(\d+)$/gm)].map(([, seq]) =>
      Number(seq),
    );
    expect(ids).toEqual(Array.from({ length: 1001 }, (_, index) => index + 3));
  });

  test('a reader that speaks HTTP/1.0, and one whose request waits behind another, get the same', async () => {
    const { port, start } = await serve();
    const log = start(3);
    const ask = (version: string, path: string): string =>
      `GET ${path} HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
    const events = '/api/sessions/s1/events?cursor=log-s1:2';
    const texts = [ask('1.0', events), ask('1.1', '/healthz') + ask('1.1', events)].map(
      async (request) => {
        const socket = connect(port, '127.0.0.1');
        cleanups.push(() => socket.destroy());
        socket.write(request);
        let text = '';
        for await (const chunk of socket) {
          text += String(chunk);
          if (text.includes('turn.ended')) break;
          if (text.includes('id: log-s1:5') && log.feed.active) {
            log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
            log.setActive(false);
          }
        }
        return text;
      },
    );
    const [old = '', second = ''] = await Promise.all(texts);
    expect(old.toLowerCase()).not.toContain('transfer-encoding');
    expect(old).toContain('\r\n\r\nretry: 1000\n\nid: log-s1:3\n');
    expect(second).toMatch(/^HTTP\/1.1 200 OK[^]*"status":"ok"[^]*HTTP\/1.1 200 OK/);
    for (const text of [old, second]) {
      expect([...text.matchAll(/^id: log-s1:(\d+)$/gm)].map(([, seq]) => Number(seq))).toEqual([
        3, 4, 5, 6,
      ]);
    }
  });

  test('HEAD is answered without a stream, and the connection goes on', async () => {
    const { port, start, streams, timers } = await serve();
    start(1);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const address = `http://127.0.0.1:${port}/api/sessions/s1/events`;
    const response = await fetch(address, { method: 'HEAD', headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
    expect(timers.count).toBe(0);
  });

  test('[L5] three hundred readers of one log: each gets every event once', async () => {
    const { port, start } = await serve();
    const log = start(1);
    const readers = Array.from({ length: 300 }, async () => {
      const response = await fetch(
        `http://127.0.0.1:${port}/api/sessions/s1/events?cursor=log-s1:0`,
        { headers: { authorization: `Bearer ${TOKEN}` } },
      );
      return response.text();
    });
    for (let n = 2; n <= 200; n += 1) {
      log.count('t1', n, n);
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
    log.setActive(false);
    const wanted = Array.from({ length: 203 }, (_, index) => index + 1);
    for (const text of await Promise.all(readers)) {
      expect([...text.matchAll(/^id: log-s1:(\d+)$/gm)].map(([, seq]) => Number(seq))).toEqual(
        wanted,
      );
    }
  });

  test('a heartbeat reaches the reader', async () => {
    const { get, start, timers } = await serve();
    start(1);
    const { response } = await get('/api/events');
    await readUntil(response, 'event: rows');
    timers.advance(HEARTBEAT_MS);
    expect(await readUntil(response, ':\n\n')).toContain(':\n\n');
  });

  test('a reader that goes away is not counted any more', async () => {
    const { get, start, streams, timers } = await serve();
    start(1);
    const session = await get('/api/sessions/s1/events');
    const lane = await get('/api/events?session=s1@');
    await expect.poll(() => streams.counts()).toEqual({ lanes: 1, own: 1, sessions: { s1: 2 } });
    session.request.destroy();
    await expect.poll(() => streams.counts()).toEqual({ lanes: 1, own: 0, sessions: { s1: 1 } });
    lane.request.destroy();
    await expect.poll(() => streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
    expect(timers.count).toBe(0);
  });

  test('a reader that never reads stops being read for, and is let go of when it leaves', async () => {
    const { port, start, streams, timers } = await serve();
    const log = start(1);
    appendMuch(log);
    const socket: Socket = connect(port, '127.0.0.1');
    cleanups.push(() => socket.destroy());
    socket.pause();
    socket.write(
      `GET /api/sessions/s1/events?cursor=log-s1:0 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    await expect.poll(() => log.reads).toBeGreaterThan(1);
    // The sockets' buffers fill up, then nothing is read for it any more, whatever is appended.
    await untilUnread(log);
    appendMuch(log);
    timers.advance(HEARTBEAT_MS);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    // 32 MB wait in the log; what was read of them is no more than the buffers of two sockets.
    expect(log.reads * log.largestRead).toBeLessThan(16 * 1024 * 1024);
    expect(streams.counts().sessions).toEqual({ s1: 1 });
    socket.destroy();
    await expect.poll(() => streams.counts().sessions).toEqual({});
  });

  test('a lane that names as many sessions as it may fits into one request', async () => {
    const { get, service } = await serve();
    const id = (n: number): string => `session-${n}`.padEnd(32, 'x');
    for (let n = 0; n < LIMITS.laneSessions; n += 1) {
      service.add(id(n), { logId: `log-${n}`.padEnd(32, 'x') });
    }
    const query = new URLSearchParams(
      Array.from({ length: LIMITS.laneSessions }, (_, n) => [
        'session',
        `${id(n)}@${`log-${n}`.padEnd(32, 'x')}:0`,
      ]),
    );
    expect(String(query).length).toBeGreaterThan(16 * 1024);
    const { response } = await get(`/api/events?${query}`);
    expect(response.statusCode).toBe(200);
  });
});

describe('the server', () => {
  test('close ends drained streams and idle connections', async () => {
    const { get, start, streams, close, port } = await serve();
    start(1);
    const { response } = await get('/api/events');
    await readUntil(response, 'event: rows');
    const closed = close();
    streams.drain();
    response.resume();
    await closed;
    await close();
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  test('[L14] refusing takes no new connections, and an open stream goes on for as long as it has something to say', async () => {
    const { get, start, streams, refuse, close, port } = await serve();
    const log = start(1);
    const { response } = await get('/api/sessions/s1/events');
    await readUntil(response, 'event: snapshot');
    refuse();
    refuse();
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    log.count('t1', 2, 5);
    await readUntil(response, '"5 "');
    streams.drain();
    response.resume();
    await close();
  });

  test('a connection that does not end is cut after the grace time', async () => {
    const { app, timers } = createTestApp();
    const { port, close } = await listen({
      fetch: (request) => app.fetch(request),
      port: 0,
      host: '127.0.0.1',
      timers,
      tls: null,
    });
    const socket = connect(port, '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    // Half a request: neither idle nor answered.
    await new Promise((resolve) => socket.write('GET /healthz HTTP/1.1\r\n', resolve));
    const closed = close();
    await expect.poll(() => timers.count).toBe(1);
    timers.advance(2000);
    await Promise.all([closed, ended]);
    expect(timers.count).toBe(0);
  });

  test('a taken port: which, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { app } = createTestApp();
    const taken = listen({
      fetch: (request) => app.fetch(request),
      port,
      host: '127.0.0.1',
      timers: realTimers,
      tls: null,
    });
    await expect(taken).rejects.toThrow(ListenError);
    await expect(taken).rejects.toThrow(new RegExp(`Port ${port} is taken.*--port`));
  });

  test('an address of another machine', async () => {
    const { app } = createTestApp();
    const options = {
      fetch: (request: Request) => app.fetch(request),
      port: 0,
      timers: realTimers,
      tls: null,
    };
    await expect(listen({ ...options, host: '203.0.113.1' })).rejects.toThrow(/Check --host/);
  });

  test('[A3] what never reaches the app is answered in the same shape', async () => {
    const { get } = await serve();
    const { response } = await get('/api/sessions', { host: 'a b' });
    expect(response.statusCode).toBe(400);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    const body = JSON.parse(await readUntil(response, '}}')) as ErrorBody;
    expect(body.error.code).toBe('bad_request');
  });
});
