/** Acceptance of a store: search over titles and what was said in settled turns. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches, parseQuery, turnText } from '../search-text.ts';
import type { Store } from '../store.ts';
import { append, newSession, settledTurn, stateAt } from './samples.ts';

/** Registers the tests; `subject` gives the empty store of the running one. */
export function searchCases(subject: () => Store): void {
  const settle = (store: Store, logId: string, ordinal: number, text: string) =>
    store.append(
      append(logId, ordinal, 1, {
        settled: [settledTurn(ordinal, text)],
        checkpoint: stateAt(logId, ordinal + 1, ordinal + 1),
      }),
    );
  /** What was found: `<logId> title`, or `<logId> <ordinal>`. */
  const found = async (store: Store, query: string, owner = 'ada'): Promise<string[]> =>
    (await store.search(owner, query, 50))
      .map(({ logId, ordinal }) => `${logId} ${ordinal ?? 'title'}`)
      .sort();

  describe('search', () => {
    test('[L11] finds turns and titles by their words, wherever they are, folded, the last by its beginning', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'Fix the build' }));
      await store.createSession(newSession('b', { title: 'Holidays' }));
      await settle(store, 'log-a', 0, 'The linker is naïve.');
      await settle(store, 'log-a', 1, 'Building went well: the cache was cold.');
      await settle(store, 'log-b', 0, 'A café in Lisbon. The build waits.');
      expect(await found(store, 'build')).toEqual(['log-a 1', 'log-a title', 'log-b 0']);
      expect(await found(store, 'NAIVE linker')).toEqual(['log-a 0']);
      expect(await found(store, 'linker cold')).toEqual([]);
      expect(await found(store, 'lisbon Café')).toEqual(['log-b 0']);
      expect(await found(store, 'lis café')).toEqual([]);
      expect(await found(store, 'café lis')).toEqual(['log-b 0']);
      expect(await found(store, 'question 1')).toEqual(['log-a 1']);
      expect(await found(store, 'the-cache')).toEqual(['log-a 1']);
      expect(await found(store, 'cache-the')).toEqual([]);
    });

    test('[L11] a hit names session, turn and title, and shows the words in their place', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'Trip' }));
      await settle(store, 'log-a', 0, 'nothing');
      await settle(store, 'log-a', 1, 'We went to Lisbon.');
      expect(await store.search('ada', 'lisb', 10)).toEqual([
        {
          sessionId: 'a',
          logId: 'log-a',
          title: 'Trip',
          turnId: 'turn-1',
          ordinal: 1,
          snippet: [
            { text: 'question 1 We went to ', marked: false },
            { text: 'Lisbon', marked: true },
            { text: '.', marked: false },
          ],
        },
      ]);
      expect(await store.search('ada', 'TRIP', 10)).toEqual([
        {
          sessionId: 'a',
          logId: 'log-a',
          title: 'Trip',
          turnId: null,
          ordinal: null,
          snippet: [{ text: 'Trip', marked: true }],
        },
      ]);
    });

    test('[A1] only the owner’s', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'Secret' }));
      await store.createSession(newSession('b', { owner: 'bob', title: 'Secret too' }));
      await settle(store, 'log-b', 0, 'a secret of bob');
      expect(await found(store, 'secret')).toEqual(['log-a title']);
      expect(await found(store, 'secret', 'bob')).toEqual(['log-b 0', 'log-b title']);
      expect(await found(store, 'secret', 'nobody')).toEqual([]);
    });

    test('[O9] follows renames and rotations, and a deleted session is gone', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'Old name' }));
      await settle(store, 'log-a', 0, 'some words');
      await store.patch('log-a', { title: 'New name' });
      expect(await found(store, 'old')).toEqual([]);
      expect(await found(store, 'new')).toEqual(['log-a title']);
      await store.patch('log-a', { pinned: true });
      expect(await found(store, 'name')).toEqual(['log-a title']);

      await store.append(append('log-a', 1, 1, { rotateTo: 'a2' }));
      const [hit] = await store.search('ada', 'words', 10);
      expect(hit).toMatchObject({ sessionId: 'a2', title: 'New name', ordinal: 0 });

      await store.deleteSession('log-a');
      expect(await found(store, 'words')).toEqual([]);
      expect(await found(store, 'name')).toEqual([]);
      // The log's id may come back, with other words.
      await store.createSession(newSession('a', { title: 'Third' }));
      await settle(store, 'log-a', 0, 'other');
      expect(await found(store, 'words')).toEqual([]);
      expect(await found(store, 'other')).toEqual(['log-a 0']);
    });

    test('a refused append or rename leaves no words', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'Kept' }));
      await store.createSession(newSession('b'));
      const wrong = append('log-a', 0, 1, {
        settled: [settledTurn(0, 'phantom')],
        checkpoint: stateAt('log-a', 1),
        rotateTo: 'b',
      });
      await expect(store.append(wrong)).rejects.toThrow('taken');
      await expect(store.createSession(newSession('b', { logId: 'x' }))).rejects.toThrow('taken');
      await expect(store.patch('unknown', { title: 'phantom' })).rejects.toThrow('no session');
      expect(await found(store, 'phantom')).toEqual([]);
      expect(await found(store, 'session')).toEqual(['log-b title']);
    });

    test('[L11] newest first, at most the limit', async () => {
      const store = subject();
      await store.createSession(newSession('a'));
      for (let at = 0; at < 5; at += 1) await settle(store, 'log-a', at, 'same');
      const hits = await store.search('ada', 'same', 3);
      expect(hits.map(({ ordinal }) => ordinal)).toEqual([4, 3, 2]);
      expect(await store.search('ada', 'same', 0)).toEqual([]);
      await expect(store.search('ada', 'same', -1)).rejects.toThrow(RangeError);
    });

    test('[A3] a query is words: no sign in it is syntax, none is an error', async () => {
      const store = subject();
      await store.createSession(newSession('a', { title: 'alpha or beta near gamma' }));
      for (const query of ['', ' ', '"', '*', '""', '"*"', '^', '()', '\0', '-', '🦜']) {
        expect(await found(store, query)).toEqual([]);
      }
      for (const query of [
        '"alpha',
        'alpha"',
        'alpha*',
        'alpha AND',
        'NEAR(alpha gamma)',
        'text:alpha',
        'alpha OR nothing',
        'alpha NOT beta',
        '{alpha}',
        'alpha + beta',
        "alpha'; DROP TABLE search",
      ]) {
        const phrases = parseQuery(query);
        const expected = matches('alpha or beta near gamma', phrases) ? ['log-a title'] : [];
        expect(await found(store, query)).toEqual(expected);
      }
      expect(await found(store, 'ALPHA OR')).toEqual(['log-a title']);
    });

    test('[L11] any text and any query: found exactly when the words are in it', async () => {
      const store = subject();
      const piece = fc.oneof(
        fc.constantFrom('a', 'ab', 'Á', 'ß', '東', '京', ' ', ' ', '-', '"', 'x1'),
        fc.string({ unit: 'binary', maxLength: 2 }),
      );
      const text = (maxLength: number) =>
        fc.array(piece, { maxLength }).map((pieces) => pieces.join(''));
      let round = 0;
      let hits = 0;
      await fc.assert(
        fc.asyncProperty(text(12), text(3), async (said, query) => {
          round += 1;
          const owner = `owner-${round}`;
          const id = `s${round}`;
          await store.createSession(newSession(id, { owner, title: '-' }));
          await settle(store, `log-${id}`, 0, said);
          const phrases = parseQuery(query);
          const wanted = phrases.length > 0 && matches(turnText(settledTurn(0, said)), phrases);
          hits += Number(wanted);
          expect(await found(store, query, owner)).toEqual(wanted ? [`log-${id} 0`] : []);
        }),
        { numRuns: 300 },
      );
      expect(hits).toBeGreaterThan(10);
    }, 30_000);
  });
}
