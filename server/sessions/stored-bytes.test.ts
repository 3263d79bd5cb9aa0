import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openSqliteStore } from '../store/sqlite.ts';
import { createWorld } from './testing/world.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whole characters and halves of them, line ends, and what JSON escapes. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  fc.constantFrom('\ud83d', '\ude00', '\n', '\r\n', '\u2028', '\ufeff', '\0', '"\\', 'é', '🦜'),
);

test('[L7] the bytes stored are the bytes sent, whatever was merged, and no text is changed by it', async () => {
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(piece, fc.nat(30)), { minLength: 1 }), async (said) => {
      const store = openSqliteStore({ file: ':memory:' });
      const world = await createWorld(store);
      const session = await world.create();
      const { feed } = session;
      await session.prompt({ prompt: [{ type: 'text', text: 'x' }], key: 'k', mode: 'queue' });
      await vi.waitFor(() => expect(world.host.prompts).toHaveLength(1), { interval: 1 });
      for (const [words, pause] of said) {
        world.host.prompts[0]?.say(words);
        world.timers.advance(pause);
      }
      world.host.prompts[0]?.end();
      await vi.waitFor(() => expect(session.row().status).toBe('idle'), { interval: 1 });

      const { frames } = await feed.read(0, Number.MAX_SAFE_INTEGER);
      const stored = await store.entriesAfter(feed.logId, 0, 10_000);
      expect(frames.map((frame) => decoder.decode(frame))).toEqual(
        stored.map(({ seq, json }) => `id: ${feed.logId}:${seq}\ndata: ${json}\n\n`),
      );
      const [turn] = session.view().state.turns;
      const text = turn?.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      expect(text).toBe(said.map(([words]) => words).join(''));
      merged += said.length - (stored.length - 3);
      await store.close();
    }),
    { numRuns: 60 },
  );
  expect(merged).toBeGreaterThan(20);
});
