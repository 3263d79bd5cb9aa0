import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionState } from '../../shared/state.ts';
import { queued, started, stateOf } from '../testing/fixtures.ts';
import { startAnnouncing, TELL_MS } from './announce.ts';
import { createVoice } from './voice.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const written = (...words: string[]): SessionState =>
  stateOf('log', [
    queued('t1', 'go'),
    started('t1'),
    ...words.map((text) => ({
      type: 'update' as const,
      turnId: 't1',
      update: {
        sessionUpdate: 'agent_message_chunk' as const,
        content: { type: 'text' as const, text },
      },
    })),
  ]);

function start(visible = () => true) {
  const state = signal<SessionState | null>(written());
  const said: string[] = [];
  const stop = startAnnouncing({
    state: () => state.value,
    visible,
    timers: {
      setTimeout: (run, ms) => Number(setTimeout(run, ms)),
      clearTimeout: (id) => clearTimeout(id),
    },
    say: (words) => said.push(words),
  });
  return { state, said, stop };
}

test('[P80] many tokens are one announcement', () => {
  const { state, said, stop } = start();
  const words: string[] = [];
  for (let n = 0; n < 50; n += 1) state.value = written(...words, (words[n] = `Word ${n}a. `));
  expect(said).toEqual([]);
  vi.advanceTimersByTime(TELL_MS);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Word 0a\. Word 1a\..*Word 49a\.$|And more\.$/);
  stop();
});

test('[P80] a page out of view says nothing, and not later either', () => {
  let visible = false;
  const { state, said, stop } = start(() => visible);
  state.value = written('Unheard. ');
  vi.advanceTimersByTime(TELL_MS);
  visible = true;
  state.value = written('Unheard. ', 'Heard. ');
  vi.advanceTimersByTime(TELL_MS);
  expect(said).toEqual(['Heard.']);
  stop();
});

test('[P80] stopped, twice too, it leaves no timer', () => {
  const { state, stop } = start();
  state.value = written('Something. ');
  stop();
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('[P80] a browser without notifications gets a polite region that holds the last words only', async () => {
  const { Window } = await import('happy-dom');
  const document = new Window().document as unknown as Document;
  const say = createVoice(document);
  say('One.');
  say('Two.');
  const regions = document.querySelectorAll('[aria-live]');
  expect(regions).toHaveLength(1);
  expect(regions[0]?.textContent).toBe('Two.');
  const heard: string[] = [];
  createVoice(Object.assign(document, { ariaNotify: (words: string) => heard.push(words) }))(
    'Three.',
  );
  expect(heard).toEqual(['Three.']);
  expect(document.body.textContent).toBe('Two.');
});
