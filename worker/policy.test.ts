import { expect, test } from 'vitest';
import { emptyState, type QueuedPrompt, type SessionState, type Turn } from '../shared/state.ts';
import { needsStream, type StreamNeed } from './policy.ts';

const live = { turnId: 't' } as Turn;
const queued = (held: boolean): QueuedPrompt => ({
  turnId: 'q',
  key: 'q',
  prompt: [],
  mode: 'queue',
  at: 0,
  held,
});
const log = (seq: number, patch: Partial<SessionState> = {}): SessionState => ({
  ...emptyState('log'),
  seq,
  ...patch,
});
const idle = { status: 'idle', lastSeq: 5 } as const;
const busy = { status: 'running', lastSeq: 5 } as const;
const base: StreamNeed = {
  row: undefined,
  log: null,
  watched: false,
  streaming: false,
  loading: false,
  upToDate: null,
};

test.each<[boolean, string, Partial<StreamNeed>]>([
  [false, '[H2] nothing is known', { watched: true }],
  [false, '[H2] gone, with a stream still open', { streaming: true, log: log(5, { live }) }],
  [true, '[H2] running, not shown, nothing cached', { row: busy }],
  [true, '[H2] waiting', { row: { ...busy, status: 'waiting' } }],
  [true, '[H2] cancelling', { row: { ...busy, status: 'cancelling' } }],
  [false, '[H2] running, and its state is being loaded', { row: busy, loading: true }],
  [false, '[H2] idle, nothing cached: one request is enough', { row: idle, watched: true }],
  [true, '[H2] ended while its stream was opening', { row: idle, watched: true, streaming: true }],
  [false, '[H2] the same, not shown', { row: idle, streaming: true }],
  [false, '[H2] idle and all here', { row: idle, log: log(5), watched: true }],
  [true, '[H2] running and all here', { row: busy, log: log(5, { live }) }],
  [
    true,
    '[H2] the log has begun a turn that the row does not tell yet',
    { row: idle, log: log(7, { live }) },
  ],
  [
    false,
    '[H9] the log has ended a turn that the row still tells',
    { row: busy, log: log(7), watched: true, streaming: true },
  ],
  [
    true,
    '[H9] ended, and the next prompt is about to start',
    { row: idle, log: log(5, { queue: [queued(false)] }) },
  ],
  [
    false,
    '[H9] ended, and what is queued waits for a person',
    { row: idle, log: log(5, { queue: [queued(true)] }) },
  ],
  [
    true,
    '[O12] idle, but the pane lacks the end',
    { row: idle, log: log(3, { live }), watched: true },
  ],
  [
    true,
    '[O12] idle, and the end is on its way',
    { row: idle, log: log(3, { live }), streaming: true },
  ],
  [false, '[H2] idle and behind, but not shown', { row: idle, log: log(3, { live }) }],
  [true, '[H2] running and behind', { row: busy, log: log(3) }],
  [
    false,
    '[H9] the server said that nothing more is to come',
    { row: busy, log: log(5, { live }), upToDate: 5 },
  ],
  [true, '[H9] since then more came', { row: busy, log: log(6, { live }), upToDate: 5 }],
  [
    true,
    '[H9] since then the row told of more',
    { row: { ...busy, lastSeq: 6 }, log: log(5), upToDate: 5 },
  ],
])('%s: %s', (needed, _why, patch) => {
  expect(needsStream({ ...base, ...patch })).toBe(needed);
});
