/** What every implementation of the store port must do. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { logCases } from './acceptance-log.ts';
import { searchCases } from './acceptance-search.ts';
import { sessionCases } from './acceptance-sessions.ts';
import { append, newSession } from './samples.ts';
import { createStoreModel, type Outcome } from './store-model.ts';
import { compare, steps, take } from './store-operations.ts';

/** An empty store, opened for one test. */
export interface OpenStore {
  store: Store;
  /** Closes and opens the same data again; missing where nothing outlives `close`. */
  reopen?(): Promise<Store>;
  /** Closes the store and removes its data. */
  cleanup(): Promise<void>;
}

/** Registers the suite; `open` is called for each test. */
export function storeAcceptance(name: string, open: () => Promise<OpenStore>): void {
  describe(`acceptance: ${name}`, () => {
    let opened: OpenStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterEach(() => opened.cleanup());

    sessionCases(() => store);
    logCases(() => store);
    searchCases(() => store);

    test('closed: every call is rejected, and closing again is fine', async () => {
      await store.createSession(newSession('a'));
      await store.close();
      await store.close();
      const calls = [
        () => store.createSession(newSession('b')),
        () => store.sessions('ada'),
        () => store.session('ada', 'a'),
        () => store.unsettled(),
        () => store.patch('log-a', {}),
        () => store.deleteSession('log-a'),
        () => store.append(append('log-a', 0)),
        () => store.entriesAfter('log-a', 0, 1),
        () => store.compact('log-a', 0, 1),
        () => store.compactedSeq('log-a'),
        () => store.uncompacted(),
        () => store.checkpoint('log-a'),
        () => store.turns('log-a', null, 1),
        () => store.turnByKey('log-a', 'k'),
        () => store.search('ada', 'a', 1),
        () => store.check(),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow('the store is closed');
    });

    test('[L1] [L2] [L8] [L9] [O9] [A1] random steps: the store answers as the model does', async () => {
      const seen = { ok: 0, conflict: 0, missing: 0, error: 0 } satisfies Record<Outcome, number>;
      await fc.assert(
        fc.asyncProperty(steps, async (list) => {
          const run = await open();
          try {
            let current = run.store;
            const model = createStoreModel();
            for (const step of list) {
              if (step.kind === 'reopen') {
                current = (await run.reopen?.()) ?? current;
              } else {
                const outcome = await take(step, current, model);
                seen[outcome] += 1;
                if (outcome !== 'ok') await compare(current, model);
              }
            }
            await compare(current, model);
          } finally {
            await run.cleanup();
          }
        }),
        { numRuns: 150 },
      );
      // A run that never got anywhere would prove nothing.
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
    }, 60_000);
  });
}
