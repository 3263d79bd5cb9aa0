import { expect, test } from 'vitest';
import { createSessionRouter, MAX_EARLY } from './session-router.ts';
import { createLog } from './testing/host-world.ts';
import { createRecorder } from './testing/recorder.ts';
import { commands, text } from './testing/scripted-agent.ts';

test('early updates are bounded: the first ones are kept', () => {
  const router = createSessionRouter(createLog().logger);
  const seen = createRecorder();
  const opening = router.begin(null, false);
  for (let n = 0; n < MAX_EARLY + 10; n += 1) router.update('a', text(`${n} `));
  opening.adopt('a', seen.handlers);
  expect(seen.updates).toHaveLength(MAX_EARLY);
  expect(seen.text().startsWith('0 1 2 ')).toBe(true);
});

test('early updates wait as long as any opening is under way, not longer', () => {
  const router = createSessionRouter(createLog().logger);
  const [a, b] = [createRecorder(), createRecorder()];
  const first = router.begin(null, false);
  const second = router.begin(null, false);
  router.update('b', text('for b'));
  first.adopt('a', a.handlers);
  second.adopt('b', b.handlers);
  expect([a.text(), b.text()]).toEqual(['', 'for b']);
  router.update('c', text('for nobody'));
  router.begin(null, false).adopt('c', a.handlers);
  expect(a.text()).toBe('');
});

test('of a replay only the commands are kept; of a refused one nothing', () => {
  const router = createSessionRouter(createLog().logger);
  const seen = createRecorder();
  const refused = router.begin('a', true);
  router.update('a', text('old'));
  router.update('a', commands('old'));
  refused.abandon();
  const loaded = router.begin('a', true);
  router.update('a', text('old'));
  router.update('a', commands('go'));
  loaded.adopt('a', seen.handlers);
  router.update('a', text('new'));
  expect(seen.updates).toEqual([commands('go'), text('new')]);
});

test('forgetting ends only the own adoption', () => {
  const router = createSessionRouter(createLog().logger);
  const [a, b] = [createRecorder(), createRecorder()];
  const forget = router.begin(null, false).adopt('s', a.handlers);
  router.begin('s', false).adopt('s', b.handlers);
  forget();
  forget();
  expect(router.find('s')).toBe(b.handlers);
  expect(router.size).toBe(1);
});
