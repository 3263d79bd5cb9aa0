import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentError } from '../agents/agent-host.ts';
import { createMemoryStore } from '../store/testing/memory.ts';
import { createWorld, OWNER } from './testing/world.ts';

test('[P43] the files of a session’s folder; of a folder that is gone, a word', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tabcast-files-')));
  writeFileSync(join(folder, 'notes.md'), 'x');
  const { service } = await createWorld(createMemoryStore(), 0, { roots: [folder] });
  const row = await service.create(OWNER, {});
  const session = await service.open(OWNER, row.id);
  const hit = { path: 'notes.md', size: 1 };
  expect(await session.files('note', 5)).toEqual({ folder, files: [hit], more: false });
  rmSync(folder, { recursive: true });
  await expect(session.files('note', 5)).rejects.toMatchObject({ code: 'bad_request' });
});

test('[P44] what the agent takes; one that can’t be asked says why', async () => {
  const { service, host } = await createWorld();
  const session = await service.open(OWNER, (await service.create(OWNER, {})).id);
  expect(await session.takes()).toEqual({ image: true, audio: false, embeddedContext: true });
  expect(await service.takes()).toEqual(await session.takes());
  await expect(service.takes('gone')).rejects.toMatchObject({ code: 'not_found' });
  host.next.error = new AgentError('agent_start', 'The command could not be run.');
  await expect(session.takes()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The command could not be run.',
  });
  await expect(service.takes()).rejects.toMatchObject({ code: 'unavailable' });
});
