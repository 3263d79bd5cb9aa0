/** A real nginx in front of the server, with its defaults and with what the README recommends. */
import type { SessionEvent } from '../shared/events.ts';
import { nginxCampaign } from './campaigns/nginx.ts';
import { hasNginx, startNginx, type Nginx } from './fixtures/nginx.ts';
import { freePort, startServer, type TestServer } from './fixtures/server.ts';
import { counted, expect, expectCounted, openTab, test as base } from './fixtures/test.ts';
import { trustingFetch } from './fixtures/tls.ts';

const WAYS = ['defaults', 'recommended'] as const;

const test = base.extend<{
  way: (typeof WAYS)[number];
  site: { nginx: Nginx; server: TestServer };
}>({
  way: ['defaults', { option: true }],
  site: async ({ way }, use) => {
    const port = await freePort();
    const nginx = await startNginx(port, way);
    const server = await startServer({ port, config: { hosts: [nginx.host] } });
    await use({ nginx, server });
    await server.stop();
    await nginx.close();
  },
  // The certificate is the test's own.
  ignoreHTTPSErrors: true,
});
test.skip(!hasNginx(), 'nginx is not installed');

for (const way of WAYS) {
  test.describe(way, () => {
    test.use({ way });

    test('events pass through nginx while the turn runs, not when it is over', async ({ site }) => {
      const { nginx, server } = site;
      const session = await server.create();
      const turnId = await server.prompt(session.id, '/count 120 40');
      const send = nginx.ca === null ? fetch : trustingFetch(nginx.ca);
      const stream = await send(
        `${nginx.origin}/api/sessions/${session.id}/events?cursor=${session.logId}:0`,
        { headers: { authorization: `Bearer ${server.token}` } },
      );
      const text = new TextDecoder();
      let got = '';
      let pieces = 0;
      let worst = 0;
      for await (const chunk of (stream.body ?? []) as AsyncIterable<Uint8Array>) {
        pieces += 1;
        const piece = text.decode(chunk, { stream: true });
        got += piece;
        const [, last] = /^data: (.*)$/m.exec(piece) ?? [];
        if (last !== undefined)
          worst = Math.max(worst, Date.now() - (JSON.parse(last) as SessionEvent).at);
        if (pieces === 3) expect((await server.row(session.id)).activeTurnId).toBe(turnId);
      }
      test.info().annotations.push({ type: 'longest way', description: `${worst} ms` });
      expect(pieces).toBeGreaterThan(20);
      expect(got).toContain('"turn.ended"');
    });

    test('[L9] [L10] [H8] a tab behind nginx sends, reads, and goes on after the server was stopped and started', async ({
      site: { nginx, server },
      context,
    }) => {
      const session = await server.create();
      const link = `${nginx.origin}/?token=${server.token}`;
      const tab = await openTab(context, nginx.origin, link, session.id);
      await expect(tab.status).toHaveText('live');
      for (let n = 0; n < 4; n += 1) {
        await server.prompt((await server.create()).id, '/count 1000 20');
      }
      await tab.send('/count 4000 40');
      await expect.poll(async () => (await tab.numbers()).length).toBeGreaterThan(20);
      // HTTP/2 to the browser is nginx's: every running session has a stream of its own (H3).
      const own = way === 'recommended' ? 5 : 3;
      await expect.poll(async () => (await server.diagnostics()).streams.own).toBe(own);

      await server.drain();
      await expect(tab.status).toContainText(/reconnecting/i);
      await server.start();
      await expect(tab.status).toHaveText('live', { timeout: 30_000 });
      await expect(tab.link(session.id)).toHaveAttribute('data-status', 'idle');
      const shown = await tab.numbers();
      expect(shown.length).toBeGreaterThan(20);
      expect(shown).toEqual(counted(shown.length));
      await tab.send('/count 60 60');
      await expect(tab.agent()).toHaveCount(2);
      await expectCounted(tab, 60);
    });
  });
}

test('[L2] [L5] [H10] readers behind nginx lose nothing when the server is drained and nginx gets new workers', async ({
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'runs without a browser, once');
  test.slow();
  const happened = await nginxCampaign.run({ seed: 20_27, rounds: 3 });
  expect(happened['connections by nginx']).toBeGreaterThan(42);
});
