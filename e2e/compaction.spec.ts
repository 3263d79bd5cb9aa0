/** What goes with time: the events of settled turns, which readers and pages must not miss; and what a browser keeps. */
import type { StreamFrames, TurnsPage } from '../shared/api.ts';
import { startServer, type TestServer } from './fixtures/server.ts';
import { expect, expectCounted, openTab, test } from './fixtures/test.ts';

async function idle(server: TestServer, id: string): Promise<void> {
  await expect.poll(async () => (await server.row(id)).status).toBe('idle');
}

/** The first frame for a reader with that cursor; null when it has everything. */
async function firstFrame(server: TestServer, id: string, cursor: string): Promise<string | null> {
  const stop = new AbortController();
  const path = `/api/sessions/${id}/events?cursor=${cursor}`;
  const response = await server.request(path, { signal: stop.signal });
  if (response.status === 204) return null;
  let text = '';
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk, { stream: true });
      const frame = /^(?:event: .*\n)?id: .*\ndata: .*\n\n/m.exec(text)?.[0];
      if (frame !== undefined) return frame;
    }
  } finally {
    stop.abort();
  }
  throw new Error(`no frame: ${text}`);
}

test('[L8] [L4] events go after the turn; its readers are told, its panes miss nothing, before and after a restart', async ({
  context,
}) => {
  const server = await startServer({ config: { compactAfter: 1 } });
  try {
    const session = await server.create();
    const { id, logId } = session;
    const tab = await openTab(context, server.origin, server.link, id);
    await tab.send('/count 60 60');
    await expectCounted(tab, 60);
    await idle(server, id);
    const { lastSeq } = await server.row(id);
    const inside = `${logId}:${Math.floor(lastSeq / 2)}`;
    await expect
      .poll(async () => (await firstFrame(server, id, inside))?.split('\n')[0])
      .toBe('event: snapshot');
    const told = JSON.parse(
      /^data: (.*)$/m.exec((await firstFrame(server, id, inside)) ?? '')?.[1] ?? '',
    ) as StreamFrames['snapshot'];
    expect(told.reason).toBe('compacted');
    expect(told.state.seq).toBe(lastSeq);
    expect(await firstFrame(server, id, `${logId}:${lastSeq}`)).toBeNull();

    // The pane goes on at its cursor, and a page that is loaded anew shows the same.
    await tab.send('/count 30 60');
    await expect.poll(async () => (await tab.numbers()).length).toBe(30);
    await tab.page.reload();
    await expectCounted(tab, 30);
    await expect(tab.agent()).toHaveCount(2);

    // It was killed before the grace was over: what was due then goes after the start.
    await server.kill();
    await server.start();
    await idle(server, id);
    const after = await server.row(id);
    await expect
      .poll(async () => await firstFrame(server, id, `${logId}:${lastSeq + 1}`))
      .toMatch(/^event: snapshot\n/);
    const { state } = await server.view(id);
    expect(state.seq).toBe(after.lastSeq);
    expect(state.turns.map(({ end }) => end?.reason)).toEqual(['end_turn', 'end_turn']);
    await expect(tab.agent()).toHaveCount(2);
    await tab.send('/count 20 60');
    await expectCounted(tab, 20);
  } finally {
    await server.stop();
  }
});

test('[L8] [A1] older turns come from the browser’s own cache the next time, but for nobody else', async ({
  server,
  context,
  tab,
}) => {
  const session = await server.create();
  for (let n = 0; n < 25; n += 1) await server.prompt(session.id, `/count ${300 + n} 0`);
  await idle(server, session.id);
  const pages = async (): Promise<number> => {
    const text = await (await server.request('/metrics')).text();
    const line =
      /^tabcast_http_requests_total\{method="GET",route="\/api\/sessions\/:id\/turns",.*\} (\d+)$/m;
    return Number(line.exec(text)?.[1] ?? 0);
  };
  const reader = await tab(session.id);
  const readAll = async (): Promise<void> => {
    // Its first page is put in from the end on (P71).
    await expect(reader.agent()).toHaveCount(20);
    await reader.transcript.getByRole('article').first().scrollIntoViewIfNeeded();
    await expect(reader.agent()).toHaveCount(25);
  };
  await readAll();
  expect(await pages()).toBe(1);
  await reader.page.reload();
  await readAll();
  expect(await pages()).toBe(1);

  // The same address, as the page itself would ask: from the cache, until the cookie is another or gone.
  const path = `/api/sessions/${session.id}/turns?before=5&log=${session.logId}`;
  const ask = (): Promise<{ status: number; turns: number }> =>
    reader.page.evaluate(async (address) => {
      const response = await fetch(address);
      const body = (await response.json()) as Partial<TurnsPage>;
      return { status: response.status, turns: body.turns?.length ?? 0 };
    }, path);
  expect(await ask()).toEqual({ status: 200, turns: 5 });
  expect(await pages()).toBe(1);
  const cookies = await context.cookies();
  await context.clearCookies();
  expect(await ask()).toEqual({ status: 401, turns: 0 });
  for (const cookie of cookies) cookie.value = 'somebody-else';
  await context.addCookies(cookies);
  expect(await ask()).toEqual({ status: 401, turns: 0 });
});
