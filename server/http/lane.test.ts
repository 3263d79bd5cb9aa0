import type { EventSourceMessage } from 'eventsource-parser';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../shared/commands.ts';
import type { FakeSession } from './testing/fake-service.ts';
import { numbersOf, readStream } from './testing/read-stream.ts';
import { createTestApp } from './testing/test-app.ts';

function setup() {
  const test = createTestApp();
  const start = (id: string, count: number): FakeSession => {
    const session = test.service.add(id);
    session.log.setActive(true);
    session.log.append(
      { type: 'turn.queued', turnId: 't1', key: 'k', prompt: [], mode: 'queue' },
      { type: 'turn.started', turnId: 't1' },
    );
    session.log.count('t1', 1, count);
    return session;
  };
  const lane = async (...sessions: string[]) => {
    const query = new URLSearchParams(sessions.map((text) => ['session', text]));
    return readStream(await test.request(`/api/events?${query}`));
  };
  return { ...test, start, lane };
}

const of = (frames: EventSourceMessage[], logId: string): EventSourceMessage[] =>
  frames.filter(({ id }) => id?.startsWith(`${logId}:`));
const bodyOf = (frame: EventSourceMessage | undefined): unknown => JSON.parse(frame?.data ?? '');

describe('the directory', () => {
  test('all rows first, then each change', async () => {
    const { service, lane } = setup();
    const one = service.add('s1');
    const stream = await lane();
    const [rows] = await stream.frames(1);
    expect(rows).toMatchObject({ event: 'rows', id: undefined });
    expect(bodyOf(rows)).toEqual({ rows: [one.row()] });

    one.setRow({ title: 'Named' });
    const [row] = await stream.frames(1);
    expect(row).toMatchObject({ event: 'row', id: undefined });
    expect(bodyOf(row)).toEqual({ row: one.row() });

    service.remove(one);
    const [removed] = await stream.frames(1);
    expect(removed?.event).toBe('row.deleted');
    expect(bodyOf(removed)).toEqual({ logId: 'log-s1' });
    await stream.cancel();
  });

  test('an empty one is told too', async () => {
    const { lane, service } = setup();
    const stream = await lane();
    expect(bodyOf((await stream.frames(1))[0])).toEqual({ rows: [] });
    const one = service.add('s1');
    expect(bodyOf((await stream.frames(1))[0])).toEqual({ rows: [one.row()] });
    await stream.cancel();
  });

  test('[H6] a slow lane gets the last state of each row, once', async () => {
    const { service, lane } = setup();
    const one = service.add('s1');
    const two = service.add('s2');
    const stream = await lane();
    await stream.frames(1);
    for (let n = 0; n < 1000; n += 1) one.setRow({ title: `title ${n}` });
    two.setRow({ title: 'two' });
    const frames = await stream.frames(2);
    expect(frames.map(bodyOf)).toEqual([{ row: one.row() }, { row: two.row() }]);
    one.setRow({ title: 'last' });
    expect(bodyOf((await stream.frames(1))[0])).toEqual({ row: one.row() });
    await stream.cancel();
  });
});

describe('the sessions it carries', () => {
  test('each from its own cursor; without one, a snapshot', async () => {
    const { start, lane } = setup();
    start('s1', 3);
    const two = start('s2', 2);
    const stream = await lane('s1@log-s1:3', 's2@', 's2');
    const frames = await stream.frames(4);
    expect(frames[0]?.event).toBe('rows');
    expect(numbersOf(of(frames, 'log-s1'))).toEqual([2, 3]);
    const [snapshot] = of(frames, 'log-s2');
    expect(snapshot?.event).toBe('snapshot');
    expect(bodyOf(snapshot)).toEqual({ reason: 'start', state: two.log.state() });
    two.log.count('t1', 3, 3);
    expect(numbersOf(of(await stream.frames(1), 'log-s2'))).toEqual([3]);
    await stream.cancel();
  });

  test('[L4] each cursor has its own reason', async () => {
    const { start, lane } = setup();
    for (const id of ['a', 'b', 'c']) start(id, 1);
    const stream = await lane('a@log-b:1', 'b@nonsense', 'c@log-c:77');
    const frames = (await stream.frames(4)).slice(1);
    expect(frames.map(bodyOf)).toMatchObject([
      { reason: 'other-log' },
      { reason: 'malformed' },
      { reason: 'future' },
    ]);
    await stream.cancel();
  });

  test('unknown ids are told, and cost the others nothing', async () => {
    const { start, lane } = setup();
    start('s1', 1);
    const stream = await lane('gone@log-gone:3', 's1@log-s1:2', 'a b');
    const frames = await stream.frames(4);
    expect(frames.map(({ event }) => event)).toEqual(['rows', 'missing', 'missing', undefined]);
    expect(bodyOf(frames[1])).toEqual({ sessionId: 'gone' });
    expect(bodyOf(frames[2])).toEqual({ sessionId: 'a b' });
    await stream.cancel();
  });

  test('[O9] alias and canonical id are one log, sent once', async () => {
    const { start, lane } = setup();
    const one = start('s1', 1);
    one.setRow({ id: 's2', aliases: ['s1'] });
    const stream = await lane('s1@log-s1:2', 's2@log-s1:2');
    const [, ...frames] = await stream.frames(2);
    expect(numbersOf(frames)).toEqual([1]);
    one.log.count('t1', 2, 2);
    expect(numbersOf(await stream.frames(1))).toEqual([2]);
    await stream.cancel();
  });

  test('it stays open when they are idle, and when one is deleted', async () => {
    const { start, lane, service, streams } = setup();
    const one = start('s1', 1);
    const two = start('s2', 1);
    const stream = await lane('s1@log-s1:3', 's2@log-s2:3');
    await stream.frames(1);
    expect(streams.counts()).toEqual({ lanes: 1, own: 0, sessions: { s1: 1, s2: 1 } });
    one.log.append({ type: 'turn.ended', turnId: 't1', reason: 'end_turn' });
    one.log.setActive(false);
    expect(of(await stream.frames(1), 'log-s1')).toHaveLength(1);
    service.remove(two);
    expect((await stream.frames(1))[0]?.event).toBe('row.deleted');
    expect(streams.counts()).toEqual({ lanes: 1, own: 0, sessions: { s1: 1 } });
    one.log.setActive(true);
    one.log.append({ type: 'turn.queued', turnId: 't2', key: 'k2', prompt: [], mode: 'queue' });
    expect(of(await stream.frames(1), 'log-s1')).toHaveLength(1);
    await stream.cancel();
  });

  test('[H3] a long backlog does not starve the others', async () => {
    const { start, lane } = setup();
    start('long', 5000);
    start('short', 1);
    const stream = await lane('long@log-long:0', 'short@log-short:2');
    let before = '';
    while (!before.includes('id: log-short:3')) before += (await stream.chunk()) ?? '';
    expect(before).toContain('id: log-long:3');
    expect(before.length).toBeLessThan(50_000);
    await stream.cancel();
  });

  test('two hundred sessions, all gapless', async () => {
    const { start, lane } = setup();
    const sessions = Array.from({ length: 200 }, (_, n) => start(`s${n}`, 5));
    const stream = await lane(...sessions.map((_, n) => `s${n}@log-s${n}:2`));
    const first = await stream.frames(1 + 200 * 5);
    for (const { log } of sessions) log.count('t1', 6, 7);
    const second = await stream.frames(200 * 2);
    for (const n of sessions.keys()) {
      expect(numbersOf(of([...first, ...second], `log-s${n}`))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    }
    await stream.cancel();
  });

  test('a deletion during a read ends that session only', async () => {
    const { start, lane, service, logged } = setup();
    const one = start('s1', 1);
    const two = start('s2', 1);
    const stream = await lane('s1@log-s1:2', 's2@log-s2:2');
    await stream.chunk();
    const release = one.log.hold();
    one.log.failNextRead(new Error('no such log'));
    const frames = stream.frames(2);
    await expect.poll(() => one.log.reads).toBe(1);
    service.remove(one);
    release();
    expect(of(await frames, 'log-s2')).toHaveLength(1);
    two.log.count('t1', 2, 2);
    expect(logged).toEqual([]);
    await stream.cancel();
  });
});

test('[A3] at most so many sessions', async () => {
  const { request, service } = setup();
  const many = Array.from({ length: LIMITS.laneSessions + 1 }, (_, n) => `session=s${n}@`).join(
    '&',
  );
  const response = await request(`/api/events?${many}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'bad_request' } });
  expect(service.calls).toEqual([]);
});

test('a reader that leaves takes every wait with it', async () => {
  const { start, lane, service, timers, streams } = setup();
  const one = start('s1', 1);
  const stream = await lane('s1@log-s1:3');
  await stream.frames(1);
  const pending = stream.chunk();
  await expect.poll(() => one.log.waiting + service.directoryWaiters).toBe(2);
  await stream.cancel();
  expect(await pending).toBeNull();
  expect(one.log.waiting + service.directoryWaiters).toBe(0);
  expect(timers.count).toBe(0);
  expect(streams.counts()).toEqual({ lanes: 0, own: 0, sessions: {} });
});
