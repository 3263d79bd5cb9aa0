/** The disk is full, really: on a tmpfs, where one may be mounted. What SQLite says is tested everywhere (server/store). */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { startServer } from './fixtures/server.ts';
import { mountSmallDisk } from './fixtures/small-disk.ts';
import { counted, expect, expectCounted, openTab, test } from './fixtures/test.ts';

test('[L13] [L3] a full disk: the page says so and keeps what it shows, commands are refused with a reason, and with space all goes on without a restart', async ({
  context,
}) => {
  const disk = mountSmallDisk(8);
  test.skip(disk === null, 'needs root on Linux, to mount a small disk');
  if (disk === null) return;
  const server = await startServer({ data: join(disk.folder, 'data') });
  try {
    const [one, other] = [await server.create('One'), await server.create('Other')];
    const tab = await openTab(context, server.origin, server.link, one.id);
    const beside = await openTab(context, server.origin, server.link, other.id);
    await beside.send('/count 3');
    await expectCounted(beside, 3);
    await tab.send('/count 100000 100');
    await expect.poll(async () => (await tab.numbers()).length).toBeGreaterThan(20);

    disk.fill();
    for (const each of [tab, beside]) {
      await expect(each.status).toContainText(/not saving.*disk is full.*Make space/s);
    }
    const shown = await tab.numbers();
    expect(shown).toEqual(counted(shown.length));
    const health = await server.request('/healthz');
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { status: 'failing', error: { code: 'storage' } },
    ]);
    expect((await server.row(one.id)).status).toBe('running');
    expect(await server.api('POST', '/api/sessions', { title: 'x' })).toMatchObject({
      status: 507,
      body: { error: { code: 'storage' } },
    });
    // Nothing of it is lost: the message is back in the box.
    await beside.send('a message for later');
    await expect(
      beside.page.getByText(/Nothing was changed, for the server's disk is full/),
    ).toBeVisible();
    await expect(beside.message).toHaveValue('a message for later');
    // Readers that come now are served as well.
    const late = await openTab(context, server.origin, server.link, one.id);
    await expect(late.status).toContainText('not saving');
    await expect(late.agent()).toHaveCount(1);
    const stored = await late.numbers();
    expect(stored).toEqual(counted(stored.length));
    expect(stored.length).toBeGreaterThanOrEqual(shown.length);

    disk.free();
    for (const each of [tab, late]) {
      await expect(each.status).not.toContainText('not saving');
      await expect(each.link(one.id)).toHaveAttribute('data-status', 'idle');
      await expect(each.agent().last()).toContainText(
        /disk is full.*is kept.*send the message again/s,
      );
      const after = await each.numbers();
      expect(after).toEqual(counted(after.length));
      expect(after.length).toBeGreaterThanOrEqual(shown.length);
    }
    expect((await server.request('/healthz')).status).toBe(200);
    await beside.button('Send').click();
    await expect(beside.agent()).toHaveCount(2);
    await tab.send('/count 5');
    await expect(tab.agent()).toHaveCount(2);
    await expectCounted(tab, 5);

    const log = await server.log(one.id);
    expect(log.map(({ seq }) => seq)).toEqual(counted(log.length));
    const ends = log.filter((event) => event.type === 'turn.ended');
    expect(ends).toMatchObject([
      { reason: 'failed', error: { code: 'storage' } },
      { reason: 'end_turn' },
    ]);
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    const db = new Database(join(server.data, 'tabcast.sqlite'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  } finally {
    await server.stop();
    disk.remove();
  }
});

test('[L13] [L10] a server that starts on a full disk serves what it has, and puts it in order when there is space', async () => {
  const disk = mountSmallDisk(8);
  test.skip(disk === null, 'needs root on Linux, to mount a small disk');
  if (disk === null) return;
  const server = await startServer({ data: join(disk.folder, 'data') });
  try {
    const session = await server.create();
    await server.prompt(session.id, '/count 100000 100');
    await expect.poll(async () => (await server.row(session.id)).lastSeq).toBeGreaterThan(20);
    await server.kill();
    disk.fill();
    await server.start();
    const before = await server.log(session.id);
    expect(before.map(({ seq }) => seq)).toEqual(counted(before.length));
    expect(before.length).toBeGreaterThan(20);
    expect((await server.request('/healthz')).status).toBe(503);
    disk.free();
    await expect.poll(async () => (await server.row(session.id)).status).toBe('idle');
    expect((await server.log(session.id)).slice(0, before.length)).toEqual(before);
    expect((await server.view(session.id)).state.turns[0]?.end?.reason).toBe('interrupted');
    expect((await server.request('/healthz')).status).toBe(200);
  } finally {
    await server.stop();
    disk.remove();
  }
});
