import { afterEach, describe, expect, test } from 'vitest';
import type { SearchHit } from '../../shared/api.ts';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { createFakeTimers } from '../testing/fake-env.ts';
import { createSearch, PAUSE_MS } from './search.ts';

const hit = (title: string): SearchHit => ({
  sessionId: 's',
  logId: 'log-s',
  title,
  turnId: 't',
  ordinal: 3,
  snippet: [],
});

function setUp() {
  const timers = createFakeTimers();
  const asked: { words: string; answer(result: Result<SearchHit[]>): Promise<void> }[] = [];
  const search = createSearch({
    timers,
    commands: {
      search: (words) =>
        new Promise((resolve) => {
          asked.push({
            words,
            async answer(result) {
              resolve(result);
              await Promise.resolve();
            },
          });
        }),
    },
  });
  const type = (text: string) => {
    search.want(text);
    timers.advance(PAUSE_MS);
  };
  return { timers, asked, search, type };
}

let leftOver = (): number => 0;
afterEach(() => expect(leftOver()).toBe(0));

describe('[L11] the search box', () => {
  test('asks once, when the person pauses, and says that it searches from the first letter on', () => {
    const { search, timers, asked } = setUp();
    for (const text of ['li', 'lin', 'link']) {
      search.want(text);
      expect(search.findings.value).toEqual({ kind: 'searching', hits: [] });
      timers.advance(PAUSE_MS - 1);
    }
    expect(asked).toEqual([]);
    timers.advance(1);
    expect(asked.map(({ words }) => words)).toEqual(['link']);
  });

  test('too little is not asked for; emptied, it shows nothing', async () => {
    const { search, asked, type } = setUp();
    type('l');
    expect(search.findings.value).toEqual({ kind: 'none' });
    expect(asked).toEqual([]);
    type('li');
    await asked[0]?.answer(ok([hit('a')]));
    expect(search.findings.value).toEqual({ kind: 'found', hits: [hit('a')] });
    type(' ');
    expect(search.findings.value).toEqual({ kind: 'none' });
  });

  test('a stale answer never replaces a newer one, nor what is looked for now', async () => {
    const { search, asked, type } = setUp();
    type('one');
    type('two');
    await asked[0]?.answer(ok([hit('of one')]));
    expect(search.findings.value).toEqual({ kind: 'searching', hits: [] });
    await asked[1]?.answer(ok([hit('of two')]));
    type('three');
    type('four');
    await asked[3]?.answer(ok([hit('of four')]));
    await asked[2]?.answer(fail('network', 'late'));
    expect(search.findings.value).toEqual({ kind: 'found', hits: [hit('of four')] });
  });

  test('while one types on, the hits before stay', async () => {
    const { search, asked, type } = setUp();
    type('one');
    await asked[0]?.answer(ok([hit('a')]));
    type('one m');
    expect(search.findings.value).toEqual({ kind: 'searching', hits: [hit('a')] });
  });

  test('a failure is told, and can be tried again', async () => {
    const { search, asked, type, timers } = setUp();
    type('one');
    await asked[0]?.answer(fail('network', 'no way'));
    expect(search.findings.value).toMatchObject({ kind: 'failed', error: { code: 'network' } });
    search.retry();
    timers.advance(0);
    await asked[1]?.answer(ok([]));
    expect(search.findings.value).toEqual({ kind: 'found', hits: [] });
  });

  test('close leaves no timer', () => {
    const { search, timers } = setUp();
    leftOver = () => timers.count;
    search.want('one');
    search.close();
    search.close();
  });
});
