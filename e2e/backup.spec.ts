/** `npm run backup` and `npm run restore`, as a person runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { startServer } from './fixtures/server.ts';
import { untilStatus } from './fixtures/steps.ts';
import { counted, expect, expectCounted, openTab, test } from './fixtures/test.ts';

const PROJECT = join(import.meta.dirname, '..');

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabcast-e2e-backup-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

async function npm(script: 'backup' | 'restore', ...args: string[]) {
  const child = spawn('npm', ['run', script, '--silent', '--prefix', PROJECT, '--', ...args], {
    // A relative file is meant from where the person is.
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<unknown[]>,
    textOf(child.stdout),
    textOf(child.stderr),
  ]);
  return { code, stdout, stderr };
}

test('[L15] [L4] a page that is open across a restore ends with what was restored, also where the log has grown past what it had', async ({
  context,
}) => {
  const server = await startServer();
  try {
    const session = await server.create('Kept');
    const tab = await openTab(context, server.origin, server.link, session.id);
    await tab.send('/count 20 200');
    await expectCounted(tab, 20);
    await untilStatus(server, session, 'idle');
    const file = join(folder, 'one.sqlite');
    const made = await npm('backup', 'one.sqlite', '--data', server.data);
    expect(made).toMatchObject({ code: 0, stdout: `tabcast: all sessions are in ${file}\n` });

    // After the backup: a turn, and a session, that the restore takes back.
    await tab.send('/count 7');
    await expect(tab.agent()).toHaveCount(2);
    await expectCounted(tab, 7);
    await untilStatus(server, session, 'idle');
    const gone = await server.create('Gone');
    await expect(tab.link(gone.id)).toBeVisible();
    const { cursor, row } = await server.view(session.id);

    const refused = await npm('restore', file, '--data', server.data);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^tabcast: \S+ is in use, probably by a tabcast that runs\. Stop it/,
    );
    await expect(tab.status).toContainText('live');

    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    const restored = await npm('restore', file, '--data', server.data);
    expect(restored.code).toBe(0);
    expect(restored.stdout).toMatch(
      /^tabcast: restored \S+one\.sqlite: 1 session\. What was there is kept as \S+\n$/,
    );
    expect((await readdir(server.data)).filter((name) => name.includes('before'))).toHaveLength(1);
    await server.start();
    // Past the place that the page has, with other events, before the page is back at all.
    await server.prompt(session.id, '/count 90 500');
    await expect
      .poll(async () => (await server.row(session.id)).lastSeq)
      .toBeGreaterThan(row.lastSeq);
    const stream = await server.request(`/api/sessions/${session.id}/events?cursor=${cursor}`);
    let text = '';
    for await (const chunk of (stream.body ?? []) as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('event: snapshot')) break;
    }
    expect(text).toContain('"reason":"other-log"');

    await expect(tab.status).toContainText('live');
    await expect(tab.agent()).toHaveCount(2);
    await expectCounted(tab, 90);
    await expect(tab.link(gone.id)).toHaveCount(0);
    await expect(tab.link(session.id)).toHaveCount(1);
    const log = await server.log(session.id);
    expect(log.map(({ seq }) => seq)).toEqual(counted(log.length));
    await tab.send('/count 3');
    await expect(tab.agent()).toHaveCount(3);
    await expectCounted(tab, 3);
  } finally {
    await server.stop();
  }
});

test('[L15] a backup while turns run is whole, and can be taken while nothing runs too', async () => {
  const server = await startServer();
  try {
    const session = await server.create('Running');
    await server.prompt(session.id, '/count 100000 100');
    await untilStatus(server, session, 'running');
    expect((await npm('backup', 'running.sqlite', '--data', server.data)).code).toBe(0);
    expect((await server.row(session.id)).status).toBe('running');
    const again = await npm('backup', 'running.sqlite', '--data', server.data);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/exists already/);
    server.signal('SIGTERM');
    await server.ended();
    expect((await npm('backup', 'stopped.sqlite', '--data', server.data)).code).toBe(0);
    for (const [name, end] of [
      ['running.sqlite', 'interrupted'],
      ['stopped.sqlite', 'interrupted'],
    ] as const) {
      expect((await npm('restore', name, '--data', server.data)).code).toBe(0);
      await server.start();
      const log = await server.log(session.id);
      expect(log.map(({ seq }) => seq)).toEqual(counted(log.length));
      expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe(end);
      server.signal('SIGTERM');
      await server.ended();
    }
  } finally {
    await server.stop();
  }
});

test('[L15] what can not be done is said in one line, and changes nothing', async () => {
  const nowhere = join(folder, 'none');
  expect(await npm('backup', 'a.sqlite', '--data', nowhere)).toMatchObject({
    code: 1,
    stderr: `tabcast: There is no database ${join(nowhere, 'tabcast.sqlite')}.\n`,
  });
  const missing = await npm('restore', 'a.sqlite', '--data', nowhere);
  expect(missing).toMatchObject({
    code: 1,
    stderr: `tabcast: There is no file ${join(folder, 'a.sqlite')}.\n`,
  });
  expect(existsSync(join(nowhere, 'tabcast.sqlite'))).toBe(false);
  const usage = await npm('backup');
  expect(usage.code).toBe(1);
  expect(usage.stderr).toContain('npm run backup -- <file>');
});
