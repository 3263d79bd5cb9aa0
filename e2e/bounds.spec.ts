/** What one agent, one reader or one person may do to a server that others use, too: on the built product. */
import { expect, openTab, test } from './fixtures/test.ts';
import { askMeanwhile, noticesOf, startUnruly, textOf } from './fixtures/unruly.ts';
import { stuckReaders } from './fixtures/stuck-reader.ts';

const MB = 1024 * 1024;

test('[L12] what is not ACP, no JSON, no UTF-8, too deep or meant to pollute costs nobody anything', async () => {
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    await server.prompt(session, 'shapes');
    const turn = await server.settled(session);
    expect(turn.end).toMatchObject({ reason: 'end_turn', error: null });
    expect(textOf(turn.parts)).toBe('a\ufffdb € fine');
    const call = turn.parts.flatMap((part) => (part.kind === 'tool' ? [part.call] : []));
    expect(call).toHaveLength(1);
    expect(call[0]).toMatchObject({ toolCallId: 'tool1', title: 'named' });
    expect(JSON.stringify(call[0]?.rawOutput)).toContain('left out: too deep');
    expect(noticesOf(turn.parts)).toEqual(['Part of what the agent sent was left out']);
    expect({} as Record<string, unknown>).not.toHaveProperty('polluted');
    // The same process goes on.
    await server.prompt(session, 'hello');
    expect(textOf((await server.settled(session)).parts)).toBe('fine');
  } finally {
    await server.stop();
  }
});

test('[L12] one piece of 30 MB is cut and says so; a flood on stderr is read and let go of', async () => {
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    await server.prompt(session, 'say 30');
    const said = await server.settled(session);
    expect(textOf(said.parts)).toMatch(
      /^s{900000,}\n\[… 30,\d{3},\d{3} characters were left out\]fine$/,
    );
    expect(noticesOf(said.parts)).toEqual(['Part of what the agent sent was left out']);
    await server.prompt(session, 'image 20');
    expect(JSON.stringify((await server.settled(session)).parts)).toContain(
      '[image/png of 20,971,520 characters was left out]',
    );
    await server.prompt(session, 'stderr 50');
    expect((await server.settled(session)).end?.reason).toBe('end_turn');
  } finally {
    await server.stop();
  }
});

test('[L12] a line without an end: the agent is ended, clearly, and memory stays bounded @alone', async () => {
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    await server.prompt(session, 'hello');
    await server.settled(session);
    const before = await server.memory();
    await server.prompt(session, 'endless');
    const turn = await server.settled(session);
    expect(turn.end).toMatchObject({
      reason: 'failed',
      error: {
        code: 'agent_exited',
        message: expect.stringMatching(
          /because it sent a message of more than 33554432 bytes.*starts it again/,
        ),
      },
    });
    expect((await server.memory()) - before).toBeLessThan(200 * MB);
    await server.prompt(session, 'again');
    expect(textOf((await server.settled(session)).parts)).toBe('fine');
  } finally {
    await server.stop();
  }
});

test('[L12] an agent that reads no more: its prompts can be stopped, others go on, and what waits is bounded', async () => {
  test.setTimeout(120_000);
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    await server.prompt(session, 'deaf');
    await server.settled(session);
    const large = 'x'.repeat(MB);
    const stuck = await server.prompt(session, large);
    const demo = await server.create();
    await server.prompt(demo.id, '/count 5 100');
    expect(textOf((await server.settled(demo.id)).parts)).toBe('1 2 3 4 5 ');
    await server.api('POST', `/api/sessions/${session}/turns/${stuck}/cancel`);
    expect((await server.settled(session)).end?.reason).toBe('cancelled');
  } finally {
    await server.stop();
  }
});

test('[L12] thousands of permissions at once: some are asked, the rest is answered, the pane says so', async () => {
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    const turnId = await server.prompt(session, 'ask 5000');
    await expect.poll(async () => (await server.row(session)).openRequests).toBe(64);
    const { live } = (await server.view(session)).state;
    expect(noticesOf(live?.parts ?? [])).toEqual([
      'The agent asked for more than 64 things at once',
    ]);
    await server.api('POST', `/api/sessions/${session}/turns/${turnId}/cancel`);
    expect((await server.settled(session)).end?.reason).toBe('cancelled');
  } finally {
    await server.stop();
  }
});

for (const [what, words] of [
  ['texts', 'flood 30000 10000'],
  ['updates that are no text', 'tools 10000 10000'],
] as const) {
  test(`[L12] 10,000 ${what} a second: nothing is lost, and everybody else is served in time @alone`, async () => {
    test.setTimeout(180_000);
    const server = await startUnruly();
    try {
      const [session, demo] = [await server.unruly(), await server.create()];
      await server.prompt(session, 'hello');
      await server.settled(session);
      await server.prompt(session, words);
      await server.prompt(demo.id, '/count 200 50');
      const asking = askMeanwhile(() =>
        server.api('PATCH', `/api/sessions/${demo.id}`, { pinned: true }),
      );
      const began = performance.now();
      const turn = await server.settled(session);
      const took = performance.now() - began;
      const { longest, count } = await asking();
      const log = await server.log(session);
      if (words.startsWith('flood')) {
        const numbers = textOf(turn.parts).split(' ').slice(0, -1).map(Number);
        expect(numbers).toEqual(Array.from({ length: 30_000 }, (_, n) => n));
      } else {
        expect(turn.parts).toMatchObject([{ kind: 'tool', call: { title: 'step 9999' } }, {}]);
        expect(log.filter(({ type }) => type === 'update').length).toBeGreaterThan(10_000);
      }
      await server.settled(demo.id);
      const times = (await server.log(demo.id)).flatMap((event) =>
        event.type === 'update' ? [event.at] : [],
      );
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
      const figures = `took ${took.toFixed()} ms, ${count} requests, longest ${longest.toFixed()} ms, gap ${Math.max(...gaps)} ms`;
      test.info().annotations.push({ type: 'figures', description: figures });
      expect(longest, figures).toBeLessThan(1000);
      expect(Math.max(...gaps), figures).toBeLessThan(1000);
    } finally {
      await server.stop();
    }
  });
}

test('[L12] a turn of 400 MB: memory stays bounded, the turn says what is not kept, ends, and opens @alone', async () => {
  test.setTimeout(240_000);
  const server = await startUnruly();
  try {
    const session = await server.unruly();
    await server.prompt(session, 'run 40');
    await server.idle(session);
    const before = await server.memory();
    await server.prompt(session, 'run 400');
    await server.idle(session);
    const grown = (await server.memory()) - before;
    test.info().annotations.push({ type: 'figures', description: `${(grown / MB).toFixed()} MB` });
    expect(grown).toBeLessThan(300 * MB);
    const turn = await server.settled(session);
    expect(turn.end?.reason).toBe('end_turn');
    expect(noticesOf(turn.parts)).toEqual(['More than 16 MB came in this turn']);
    expect(textOf(turn.parts).length).toBeGreaterThan(15 * MB);
  } finally {
    await server.stop();
  }
});

for (const tls of [false, true]) {
  test(`[L12] readers that never read cost no memory while 200 MB pass, over HTTP/${tls ? 2 : '1.1'} @alone`, async () => {
    test.setTimeout(240_000);
    // A small heap: with a large one garbage stays for hundreds of megabytes, and hides what is held.
    const env = { NODE_OPTIONS: '--max-old-space-size=96' };
    const server = await startUnruly({ tls, env });
    const readers = stuckReaders(server);
    try {
      const session = await server.unruly();
      // The first hundred megabytes pass without a reader: what that takes is no reader's.
      await server.prompt(session, 'resend 400 256');
      await server.settled(session);
      const before = await server.memory();
      await server.prompt(session, 'resend 800 256');
      await expect.poll(() => server.status(session)).toBe('running');
      for (let n = 0; n < 20; n += 1) await readers.open(`/api/sessions/${session}/events`);
      await expect.poll(async () => (await server.diagnostics()).streams.own).toBe(20);
      await server.settled(session);
      expect((await server.row(session)).lastSeq).toBeGreaterThan(1200);
      const grown = (await server.memory()) - before;
      test
        .info()
        .annotations.push({ type: 'figures', description: `${(grown / MB).toFixed()} MB` });
      expect((await server.diagnostics()).streams.own).toBe(20);
      expect(grown).toBeLessThan(100 * MB);
    } finally {
      readers.close();
      await server.stop();
    }
  });
}

test('[A5] sessions, turns and streams beyond the configured number: 429, what to do, and nothing else is hurt', async () => {
  const server = await startUnruly({
    config: { limits: { sessions: 3, turns: 1, streams: 2 } },
  });
  const readers = stuckReaders(server);
  try {
    const [a, b] = [await server.create(), await server.create(), await server.create()];
    const create = await server.api('POST', '/api/sessions', {});
    expect(create).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
    const turnId = await server.prompt(a.id, '/slow 60');
    const refused = { prompt: 'hello', key: 'refused' };
    expect(await server.api('POST', `/api/sessions/${b.id}/turns`, refused)).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many', message: expect.stringMatching(/^1 turn runs already/) } },
    });
    for (let n = 0; n < 2; n += 1) await readers.open('/api/events');
    await expect.poll(async () => (await server.diagnostics()).streams.lanes).toBe(2);
    const stream = await server.request('/api/events');
    expect([stream.status, stream.headers.get('retry-after')]).toEqual([429, '5']);
    await server.api('POST', `/api/sessions/${a.id}/turns/${turnId}/cancel`);
    await server.settled(a.id);
    // The same key as that which was refused: it was not kept, so it runs.
    expect((await server.api('POST', `/api/sessions/${b.id}/turns`, refused)).status).toBe(202);
    await server.settled(b.id);
    readers.close();
    await expect.poll(async () => (await server.diagnostics()).streams.lanes).toBe(0);
  } finally {
    readers.close();
    await server.stop();
  }
});

test('[A5] a message that finds no free place is back in the box with the reason; a lane that is refused comes later', async ({
  browser,
}) => {
  const server = await startUnruly({ config: { limits: { turns: 1, streams: 2 } } });
  const readers = stuckReaders(server);
  const context = await browser.newContext();
  try {
    const [busy, session] = [await server.create(), await server.create()];
    const turnId = await server.prompt(busy.id, '/slow 60');
    for (let n = 0; n < 2; n += 1) await readers.open('/api/events');
    await expect.poll(async () => (await server.diagnostics()).streams.lanes).toBe(2);
    const tab = await openTab(context, server.origin, server.link, session.id);
    await expect(tab.status).not.toHaveText(/^live/i);
    readers.close();
    await expect(tab.status).toHaveText(/live/i, { timeout: 30_000 });
    await tab.send('/count 3');
    await expect(tab.page.getByText('1 turn runs already')).toBeVisible();
    await expect(tab.message).toHaveValue('/count 3');
    expect((await server.row(session.id)).lastSeq).toBe(0);
    await server.api('POST', `/api/sessions/${busy.id}/turns/${turnId}/cancel`);
    await server.idle(busy.id);
    await tab.button('Send').click();
    await expect.poll(() => tab.numbers()).toEqual([1, 2, 3]);
  } finally {
    readers.close();
    await context.close();
    await server.stop();
  }
});
