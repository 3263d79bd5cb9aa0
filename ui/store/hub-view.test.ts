import { describe, expect, test } from 'vitest';
import type { SessionReport, StreamReport } from '../../shared/hub-snapshot.ts';
import { makeSession, makeSnapshot, makeTab } from '../testing/hub-fixtures.ts';
import { countedWords, viewHub } from './hub-view.ts';

const viewOf = (...snapshots: Parameters<typeof viewHub>[0]) => {
  const view = viewHub(snapshots);
  if (view === null) throw new Error('no view');
  return view;
};

describe('[P62] rates', () => {
  test('are what came between two snapshots, by the hub’s clock', () => {
    const then = makeSnapshot({
      at: 10_000,
      lane: { stream: { state: 'none' }, frames: 5, bytes: 1_000 },
      sessions: [makeSession('a', { events: 100, size: 5_000 })],
      tabs: [makeTab('1', { batches: 10, events: 100, acks: 10, ackMs: 50 })],
    });
    const now = makeSnapshot({
      at: 12_000,
      lane: { stream: { state: 'none' }, frames: 7, bytes: 1_400 },
      sessions: [makeSession('a', { events: 180, size: 9_000 }), makeSession('b', { events: 7 })],
      tabs: [makeTab('1', { batches: 30, events: 180, acks: 29, ackMs: 88 }), makeTab('2')],
    });
    const view = viewOf(then, now);
    expect(view.lane.bytes).toBe(200);
    expect(view.sessions[0]).toMatchObject({ events: 40, bytes: 2_000 });
    // It was not listed before: what it counts is of another time.
    expect(view.sessions[1]).toMatchObject({ events: null, bytes: null });
    expect(view).toMatchObject({ events: 40, bytes: 2_000 });
    expect(view.tabs[0]).toMatchObject({ batches: 10, events: 40, batchSize: 4, ackMs: 2 });
    expect(view.tabs[1]).toMatchObject({ batches: null, batchSize: null, ackMs: null });
  });

  test('are not known of one snapshot, nor when a counter fell or the clock stood', () => {
    const one = makeSnapshot({ at: 5, sessions: [makeSession('a', { events: 9 })] });
    expect(viewOf(one).sessions[0]?.events).toBeNull();
    expect(viewOf(one, one).sessions[0]?.events).toBeNull();
    const fell = makeSnapshot({ at: 1_005, sessions: [makeSession('a', { events: 2 })] });
    expect(viewOf(one, fell).sessions[0]?.events).toBeNull();
    expect(viewHub([])).toBeNull();
  });
});

const streams: Record<StreamReport['state'], [StreamReport, string, string]> = {
  none: [{ state: 'none' }, 'none', ''],
  connecting: [{ state: 'connecting', attempt: 3, since: 0 }, 'connecting', 'attempt 3'],
  live: [{ state: 'live', since: 40_000, heardAt: 98_000 }, 'live', 'for 1 min'],
  waiting: [
    {
      state: 'waiting',
      attempt: 2,
      retryAt: 103_200,
      error: { code: 'network', message: 'No way.' },
    },
    'lost',
    'again in 4 s',
  ],
  stopped: [{ state: 'stopped', error: { code: 'forbidden', message: 'No.' } }, 'stopped', ''],
};
test.each(Object.values(streams))('[P60] a stream that is %o', (stream, word, detail) => {
  const snapshot = makeSnapshot({ at: 100_000, sessions: [makeSession('a', { stream })] });
  const session = viewOf(snapshot).sessions[0];
  expect(session?.condition).toMatchObject({ word, detail });
  expect(session?.heardMs).toBe(stream.state === 'live' ? 2_000 : null);
  // Why it is not well is always said.
  const trouble = stream.state === 'waiting' || stream.state === 'stopped';
  expect(session?.condition.why !== '').toBe(trouble);
});

test('[P60] who shows a session is counted, and who is not listed', () => {
  const shows = { sessionId: 'a', logId: 'a' };
  const view = viewOf(
    makeSnapshot({
      sessions: [makeSession('a'), makeSession('b')],
      tabs: [makeTab('1', { shows }), makeTab('2', { shows }), makeTab('3')],
      tabCount: 8,
    }),
  );
  expect(view.sessions.map(({ tabs }) => tabs)).toEqual([2, 0]);
  expect(view.moreTabs).toBe(5);
});

describe('[P63] the server’s own count', () => {
  const live: StreamReport = { state: 'live', since: 0, heardAt: 0 };
  const own = (id: string): SessionReport => makeSession(id, { seat: 'own', stream: live });
  const view = viewOf(
    makeSnapshot({
      lane: { stream: live, frames: 0, bytes: 0 },
      sessions: [own('a'), own('b'), makeSession('c', { seat: 'lane', stream: live })],
    }),
  );
  const counted = (lanes: number, ownStreams: number) =>
    countedWords(view, {
      streams: { lanes, own: ownStreams, sessions: {} },
      turns: 0,
      uptime: 0,
    });

  test('fits: a rider needs no stream', () => {
    expect(view.streams).toBe(3);
    expect(counted(1, 2)).toBe('The server counts 3 streams of yours, as this hub does.');
  });
  test('is more, or less: both are said', () => {
    expect(counted(2, 2)).toMatch(/counts 4 streams of yours; this hub has 3\. The others/);
    expect(counted(1, 0)).toMatch(/counts 1 stream of yours; this hub has 3\. Some/);
  });
});
