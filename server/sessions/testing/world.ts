/** A session service on the in-memory store and the fake agent, with a hand-turned clock. */
import type { SessionEvent } from '../../../shared/events.ts';
import { silentLogger } from '../../testing/silent-logger.ts';
import type { Store } from '../../store/store.ts';
import { createMemoryStore } from '../../store/testing/memory.ts';
import type { Timers } from '../coalescer.ts';
import type { LogFeed, SessionHandle, SessionService } from '../service.ts';
import { createSessionService } from '../sessions.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';

export const OWNER = 'local';

export interface World {
  store: Store;
  host: FakeHost;
  service: SessionService;
  timers: ManualTimers;
  create(): Promise<SessionHandle>;
  /** As if the process had been killed and started again: what was not stored is gone. */
  restart(): Promise<World>;
}

export async function createWorld(store: Store = createMemoryStore(), first = 0): Promise<World> {
  const host = createFakeHost();
  const timers = createManualTimers();
  let ids = first;
  const service = await createSessionService({
    store,
    host,
    logger: silentLogger,
    timers,
    now: () => timers.now(),
    newId: () => `id${(ids += 1)}`,
    roots: [import.meta.dirname],
  });
  return {
    store,
    host,
    service,
    timers,
    async create() {
      const row = await service.create(OWNER, {});
      return service.open(OWNER, row.id);
    },
    restart: () => createWorld(store, ids + 1000),
  };
}

export interface ManualTimers extends Timers {
  now(): number;
  /** Runs what is due, in order. */
  advance(ms: number): void;
  readonly pending: number;
}

export function createManualTimers(): ManualTimers {
  let now = 1_000_000;
  let ids = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => now,
    set(run, ms) {
      ids += 1;
      timers.set(ids, { at: now + ms, run });
      return ids;
    },
    clear: (timer) => void timers.delete(timer as number),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end);
        const [next] = due.sort(([, a], [, b]) => a.at - b.at);
        if (next === undefined) break;
        now = next[1].at;
        timers.delete(next[0]);
        next[1].run();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Everything committed so far, decoded from the frames that readers get. */
export async function readAll(feed: LogFeed, after = 0): Promise<SessionEvent[]> {
  const events: SessionEvent[] = [];
  let seq = after;
  for (;;) {
    const read = await feed.read(seq, 1024);
    if (read.bytes.byteLength === 0) return events;
    ({ seq } = read);
    events.push(...decodeFrames(read.bytes));
  }
}

export function decodeFrames(bytes: Uint8Array): SessionEvent[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as SessionEvent);
}
