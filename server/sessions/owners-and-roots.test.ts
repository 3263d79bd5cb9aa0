import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../store/testing/memory.ts';
import { createWorld, OWNER } from './testing/world.ts';

test('[A3] a folder that is outside the roots by now ends the turn, and says so', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tabcast-roots-')));
  const store = createMemoryStore();
  mkdirSync(join(folder, 'work'));
  const one = await createWorld(store, 0, { roots: [folder] });
  const row = await one.service.create(OWNER, { cwd: 'work' });
  rmSync(join(folder, 'work'), { recursive: true });
  symlinkSync('/', join(folder, 'work'));
  const session = await one.service.open(OWNER, row.id);
  await session.prompt({ prompt: [{ type: 'text', text: 'x' }], key: 'k1', mode: 'queue' });
  await vi.waitFor(() => expect(session.row().status).toBe('idle'));
  const [turn] = session.view().state.turns;
  expect(turn?.end).toMatchObject({ reason: 'failed', error: { code: 'agent_folder' } });
  expect(turn?.end?.error?.message).toMatch(/outside the folders/);
  expect(one.host.opened).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('[A1] each principal has its own; foreign and unknown are the same, as fast', async () => {
  const world = await createWorld();
  const mine = await world.service.create('anna', { title: 'of Anna' });
  const refusal = async (id: string): Promise<string> => {
    try {
      await world.service.open('bert', id);
      return 'open';
    } catch (error) {
      return JSON.stringify([error, (error as Error).message, (error as Error).name]);
    }
  };
  expect(await refusal(mine.id)).toBe(await refusal('nothing'));
  const { directory } = await world.service.directory('bert');
  expect(directory.rows()).toEqual([]);
  expect(await world.service.search('bert', 'Anna', 10)).toEqual([]);
  // Neither reaches the store: that is where they could differ in time.
  const asked = vi.spyOn(world.store, 'session');
  await refusal(mine.id);
  await refusal('nothing');
  expect(asked).not.toHaveBeenCalled();
  const times = { foreign: [] as number[], unknown: [] as number[] };
  for (let n = 0; n < 1_000; n += 1) {
    for (const [kind, id] of [
      ['foreign', mine.id],
      ['unknown', 'nothing'],
    ] as const) {
      const begin = performance.now();
      await refusal(id);
      times[kind].push(performance.now() - begin);
    }
  }
  const median = (all: number[]) => all.sort((a, b) => a - b)[all.length / 2] ?? 0;
  const [foreign, unknown] = [median(times.foreign), median(times.unknown)];
  expect(Math.max(foreign, unknown) / Math.min(foreign, unknown)).toBeLessThan(1.5);
});
