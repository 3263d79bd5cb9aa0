/** How the process begins and ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { startServer, type TestServer } from './fixtures/server.ts';
import { untilStatus } from './fixtures/steps.ts';
import { counted, expect, expectCounted, openTab, test } from './fixtures/test.ts';

const PROJECT = join(import.meta.dirname, '..');
const PROGRAM = join(PROJECT, 'dist/server/main.js');

/** Runs the built server to its end. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<unknown[]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

async function running(server: TestServer, words: string) {
  const session = await server.create();
  const turnId = await server.prompt(session.id, words);
  await untilStatus(server, session, 'running');
  return { session, turnId };
}

const endOf = async (server: TestServer, sessionId: string) =>
  (await server.view(sessionId)).state.turns[0]?.end;

test('[L14] SIGTERM: the page says it, sees the running turn to its end, and goes on by itself after the restart', async ({
  context,
}) => {
  const server = await startServer({ env: { TABCAST_GRACE: '' } });
  try {
    const session = await server.create();
    const tab = await openTab(context, server.origin, server.link, session.id);
    await tab.send('/count 60 20');
    await expect.poll(async () => (await tab.numbers()).length).toBeGreaterThan(5);
    const lane = server.request('/api/events').then((response) => response.text());
    await expect.poll(async () => (await server.diagnostics()).streams.lanes).toBe(2);
    server.signal('SIGTERM');
    await expect(tab.status).toContainText(/restarting.*stopped or restarted/s);
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
    expect(await server.ended()).toBe(0);
    expect(await lane).toMatch(/event: problem\ndata: .*unavailable/);
    await expectCounted(tab, 60);
    await expect(tab.status).toContainText(/reconnecting.*stopped or restarted/s);

    await server.start();
    await expect(tab.status).toContainText('live');
    await expectCounted(tab, 60);
    expect(await endOf(server, session.id)).toMatchObject({ reason: 'end_turn' });
    await tab.send('/count 3');
    await expect(tab.agent()).toHaveCount(2);
    await expectCounted(tab, 3);
    expect(server.stderr).not.toMatch(/"level":(50|60)/);
  } finally {
    await server.stop();
  }
});

test('[L14] [L10] a turn that takes longer than the grace is interrupted, and what waits behind it stays', async () => {
  const server = await startServer({ env: { TABCAST_GRACE: '1' } });
  try {
    const { session } = await running(server, '/count 100000 20');
    await server.prompt(session.id, '/count 1');
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    await server.start();
    expect(await endOf(server, session.id)).toMatchObject({ reason: 'interrupted' });
    expect((await server.view(session.id)).state.queue).toMatchObject([{ held: true }]);
  } finally {
    await server.stop();
  }
});

test('[L14] with nothing running it stops at once; a second signal ends it at once, and nothing stored is lost', async () => {
  const server = await startServer({ env: { TABCAST_GRACE: '3600' } });
  try {
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    await server.start();
    const { session } = await running(server, '/count 100000 50');
    await expect.poll(async () => (await server.log(session.id)).length).toBeGreaterThan(10);
    const before = await server.log(session.id);
    server.signal('SIGINT');
    await expect(async () => {
      await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
    }).toPass();
    // Again and again: what comes within moments is the same Ctrl-C, through the terminal and from npm.
    const impatient = setInterval(() => server.signal('SIGTERM'), 50);
    expect(await server.ended()).toBe(1);
    clearInterval(impatient);
    await server.start();
    const after = await server.log(session.id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ seq }) => seq)).toEqual(counted(after.length));
    expect(await endOf(server, session.id)).toMatchObject({ reason: 'interrupted' });
  } finally {
    await server.stop();
  }
});

for (const how of ['SIGTERM to npm', 'Ctrl-C in its terminal'] as const) {
  test(`[L14] npm start stops cleanly: ${how}`, async () => {
    test.skip(process.platform === 'win32', 'there are no signals');
    const data = await mkdtemp(join(tmpdir(), 'tabcast-e2e-npm-'));
    const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--data', data], {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TABCAST_GRACE: '0' },
      // A group of its own, which is what a terminal sends its signals to.
      detached: true,
    });
    const group = -(npm.pid ?? 0);
    try {
      const [line] = (await once(createInterface(npm.stdout), 'line')) as [string];
      const { origin, searchParams } = new URL(line.replace(/^tabcast: /, ''));
      const headers = {
        authorization: `Bearer ${searchParams.get('token')}`,
        'content-type': 'application/json',
      };
      const ask = async (path: string, body: object): Promise<Record<string, string>> => {
        const init = { method: 'POST', headers, body: JSON.stringify(body) };
        return (await fetch(origin + path, init)).json() as Promise<Record<string, string>>;
      };
      const { id } = await ask('/api/sessions', {});
      await ask(`/api/sessions/${id}/turns`, { prompt: '/count 100000 50', key: 'k' });
      process.kill(
        how === 'SIGTERM to npm' ? (npm.pid ?? 0) : group,
        how === 'SIGTERM to npm' ? 'SIGTERM' : 'SIGINT',
      );
      if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
      // The server ends soon after, and has put an end to its turn itself.
      let status: unknown;
      await expect(async () => {
        const db = new Database(join(data, 'tabcast.sqlite'), { timeout: 0 });
        try {
          status = db.prepare('SELECT status FROM sessions').pluck().get();
        } finally {
          db.close();
        }
      }).toPass({ timeout: 10_000 });
      expect(status).toBe('idle');
    } finally {
      try {
        process.kill(group, 'SIGKILL');
      } catch {
        // Nothing is left of it, as it should be.
      }
      await rm(data, { recursive: true, force: true });
    }
  });
}

test('[L14] a second start on the same data is refused in one line that names the file, and does not disturb the first', async () => {
  const server = await startServer();
  try {
    const { session } = await running(server, '/count 100000 50');
    const { code, stdout, stderr } = await run('--port', '0', '--data', server.data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^tabcast: \S+tabcast\.sqlite is in use by another process, probably another tabcast\. Stop that one, or start with another data folder \(--data\)\.\n$/,
    );
    const { lastSeq } = await server.row(session.id);
    await expect.poll(async () => (await server.row(session.id)).lastSeq).toBeGreaterThan(lastSeq);
    expect((await server.row(session.id)).status).toBe('running');
    expect(server.stderr).toBe('');
  } finally {
    await server.stop();
  }
});

test('a database of a newer tabcast is refused in one line, and left as it is', async () => {
  const server = await startServer();
  try {
    await server.create('Kept');
    server.signal('SIGTERM');
    await server.ended();
    const file = join(server.data, 'tabcast.sqlite');
    const raw = <T>(work: (db: Database.Database) => T): T => {
      const db = new Database(file);
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    const version = raw((db) => Number(db.pragma('user_version', { simple: true })));
    raw((db) => db.pragma(`user_version = ${version + 1}`));
    const { code, stdout, stderr } = await run('--port', '0', '--data', server.data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(
        `^tabcast: can't use ${file}: it has schema version ${version + 1}, and this tabcast knows versions up to ${version}: .*newer tabcast.*\n$`,
      ),
    );
    expect(raw((db) => db.pragma('user_version', { simple: true }))).toBe(version + 1);
    raw((db) => db.pragma(`user_version = ${version}`));
    await server.start();
    expect(await server.api('GET', '/api/sessions')).toMatchObject({
      body: { sessions: [{ title: 'Kept' }] },
    });
  } finally {
    await server.stop();
  }
});
