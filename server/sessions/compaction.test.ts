import { describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../testing/silent-logger.ts';
import { StoreMissing } from '../store/store.ts';
import { takeDue, type Ending } from './compaction-plan.ts';
import { createCompactor } from './compactor.ts';
import { createManualTimers } from './testing/world.ts';

const ending = (logId: string, seq: number, dueAt: number): Ending => ({ logId, seq, dueAt });

describe('what is due', () => {
  test('[L8] an ending whose time has come, the last of each log, and when the next is due', () => {
    const endings = [
      ending('a', 5, 10),
      ending('b', 7, 20),
      ending('a', 9, 15),
      ending('a', 12, 30),
    ];
    expect(takeDue(endings, 9)).toMatchObject({ later: endings, nextAt: 10 });
    const due = takeDue(endings, 15);
    expect([...due.now]).toEqual([['a', 9]]);
    expect(due.later).toEqual([ending('b', 7, 20), ending('a', 12, 30)]);
    expect(due.nextAt).toBe(20);
    expect(takeDue(endings, 30)).toMatchObject({ later: [], nextAt: null });
    expect(takeDue([], 0).now.size).toBe(0);
  });
});

interface Call {
  logId: string;
  upTo: number;
}

/** Logs that lose `piece` entries at a time. */
function createRig(piece: number) {
  const timers = createManualTimers();
  const gone = new Map<string, number>();
  const calls: Call[] = [];
  const rig = { timers, gone, calls, error: null as Error | null };
  const compactor = createCompactor({
    async compact(logId, upTo) {
      calls.push({ logId, upTo });
      if (rig.error !== null) throw rig.error;
      const next = Math.min(upTo, (gone.get(logId) ?? 0) + piece);
      gone.set(logId, next);
      return next;
    },
    graceMs: 60_000,
    timers,
    now: timers.now,
    logger: silentLogger,
  });
  return { ...rig, rig, compactor };
}

/** Turns the clock until all is done that is due by then. */
async function pass(timers: ReturnType<typeof createManualTimers>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5) {
    timers.advance(Math.min(5, left));
    for (let n = 0; n < 4; n += 1) await Promise.resolve();
  }
}

describe('the compactor', () => {
  test('[L8] takes a log its grace after a turn’s end, not before', async () => {
    const { timers, compactor, calls } = createRig(100);
    compactor.ended('a', 5, timers.now());
    await pass(timers, 59_900);
    expect(calls).toEqual([]);
    await pass(timers, 1_200);
    expect(calls).toEqual([{ logId: 'a', upTo: 5 }]);
    expect(timers.pending).toBe(0);
  });

  test('[L8] goes piece by piece with a pause, one log after the other', async () => {
    const { timers, compactor, gone, calls } = createRig(2);
    compactor.ended('a', 5, 0);
    compactor.ended('b', 3, 0);
    timers.advance(1_000);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect([...gone]).toEqual([['a', 2]]);
    await pass(timers, 50);
    expect(calls.map(({ logId }) => logId)).toEqual(['a', 'a', 'a', 'b', 'b']);
    expect([...gone]).toEqual([
      ['a', 5],
      ['b', 3],
    ]);
  });

  test('[L8] an end that is due sooner than what it waits for is not kept waiting', async () => {
    const { timers, compactor, calls } = createRig(100);
    compactor.ended('a', 5, timers.now());
    compactor.ended('b', 5, 0);
    await pass(timers, 1_010);
    expect(calls).toEqual([{ logId: 'b', upTo: 5 }]);
    await pass(timers, 60_000);
    expect(calls.at(-1)).toEqual({ logId: 'a', upTo: 5 });
  });

  test('[L8] what failed is tried again a grace later; a log that was deleted is not', async () => {
    const { timers, compactor, calls, rig } = createRig(100);
    rig.error = new Error('disk full');
    compactor.ended('a', 5, 0);
    await pass(timers, 1_010);
    expect(calls).toHaveLength(1);
    rig.error = new StoreMissing('deleted');
    await pass(timers, 60_010);
    expect(calls).toHaveLength(2);
    expect(timers.pending).toBe(0);
  });

  test('[L8] closed in the middle it ends after that piece, and leaves no timer', async () => {
    const { timers, compactor, calls } = createRig(1);
    compactor.ended('a', 50, 0);
    compactor.ended('b', 50, timers.now());
    timers.advance(1_000);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    await compactor.close();
    await compactor.close();
    compactor.ended('c', 1, 0);
    expect(calls).toHaveLength(1);
    expect(timers.pending).toBe(0);
  });
});
