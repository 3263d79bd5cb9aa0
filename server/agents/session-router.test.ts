import { expect, test } from 'vitest';
import { createSessionRouter, MAX_EARLY, MAX_EARLY_BYTES } from './session-router.ts';
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

test('[L12] early updates are bounded in bytes, too', () => {
  const router = createSessionRouter(createLog().logger);
  const seen = createRecorder();
  const opening = router.begin(null, false);
  for (let n = 0; n < 10; n += 1) router.update('a', text('x'.repeat(MAX_EARLY_BYTES / 4)));
  router.update('a', text('small'));
  opening.adopt('a', seen.handlers);
  expect(seen.updates).toHaveLength(4);
  expect(seen.text().endsWith('small')).toBe(true);
});

test('[L12] there is room when all that was handed over is stored, also when storing failed', async () => {
  const router = createSessionRouter(createLog().logger);
  const { handlers } = createRecorder();
  const settle: { resolve: () => void; reject: (error: Error) => void }[] = [];
  router.begin(null, false).adopt('a', {
    ...handlers,
    onUpdate: () => new Promise((resolve, reject) => settle.push({ resolve, reject })),
  });
  router.update('a', text('one'));
  router.update('a', text('two'));
  let free = false;
  const room = router.room()?.then(() => (free = true));
  settle[0]?.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(free).toBe(false);
  settle[1]?.reject(new Error('disk full'));
  await room;
  expect(router.room()).toBeNull();
});
