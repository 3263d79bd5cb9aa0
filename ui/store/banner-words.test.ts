import { expect, test } from 'vitest';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';
import { bannerOf, BLIP_MS, countWords, type Situation } from './banner-words.ts';

const hub = { protocol: 1, build: 'b', hubId: 'h' };
const error = { code: 'network' as const, message: 'The server cannot be reached.' };
const attached: Link = { state: 'attached', hub, inPage: false };
const situation = (fields: Partial<Situation>): Situation => ({
  link: attached,
  connection: { state: 'live' },
  lostAt: null,
  replacedAt: null,
  updated: false,
  ...fields,
});

type Told = [title: RegExp, action: string | null] | null;

const links: Record<Link['state'], [Link, Told]> = {
  attached: [attached, null],
  suspended: [{ state: 'suspended' }, null],
  connecting: [{ state: 'connecting', attempt: 2 }, [/hub .* does not answer/, null]],
  waiting: [{ state: 'waiting', attempt: 2, error }, [/hub .* does not answer/, 'retry']],
  failed: [{ state: 'failed', error }, [/No hub could be started/, 'again']],
  outdated: [{ state: 'outdated', hub }, [/was updated/, 'reload']],
  closed: [{ state: 'closed' }, [/closed/, 'reload']],
};
test.each(Object.values(links))('[P66] link %o', (link, told) => {
  const banner = bannerOf(situation({ link, lostAt: 1_000 }));
  if (told === null) expect(banner).toBeNull();
  else expect(banner).toMatchObject({ title: expect.stringMatching(told[0]), action: told[1] });
});

const connections: Record<Connection['state'], [Connection, Told]> = {
  connecting: [{ state: 'connecting' }, null],
  live: [{ state: 'live' }, null],
  reconnecting: [
    { state: 'reconnecting', attempt: 1, since: 5_000, retryAt: 9_000, error },
    [/cannot be reached/, 'retry'],
  ],
  'signed-out': [{ state: 'signed-out' }, [/signed out/, 'sign-in']],
  refused: [{ state: 'refused', error }, [/refuses/, 'retry']],
};
test.each(Object.values(connections))('[P66] connection %o', (connection, told) => {
  const banner = bannerOf(situation({ connection }));
  if (told === null) expect(banner).toBeNull();
  else {
    expect(banner).toMatchObject({ title: expect.stringMatching(told[0]), action: told[1] });
    expect(banner?.kept).toMatch(/what you typed|What this page shows/);
  }
});

test('[P66] a blip is not worth a banner: it begins two seconds after the loss', () => {
  const [connection] = connections.reconnecting;
  expect(bannerOf(situation({ connection }))?.from).toBe(5_000 + BLIP_MS);
  expect(bannerOf(situation({ link: links.waiting[0], lostAt: 700 }))?.from).toBe(700 + BLIP_MS);
  expect(bannerOf(situation({ connection: { state: 'signed-out' } }))?.from).toBe(0);
});

test('[P66] a first connection is none either', () => {
  const link: Link = { state: 'connecting', attempt: 1 };
  expect(bannerOf(situation({ link, connection: null }))).toBeNull();
});

test('[P66] [L13] [L14] what the server says is wrong with it is told in its own words', () => {
  const told = (code: 'storage' | 'unavailable') =>
    bannerOf(
      situation({ connection: { state: 'live', problem: { code, message: 'What. To do.' } } }),
    );
  expect(told('storage')).toMatchObject({
    title: expect.stringMatching(/saved/),
    text: 'What. To do.',
    action: null,
  });
  expect(told('unavailable')).toMatchObject({
    title: expect.stringMatching(/about to go/),
    text: 'What. To do.',
  });
});

test('[P66] a server that said why it goes is quoted; the network’s own words add nothing', () => {
  const away = (code: 'network' | 'unavailable') =>
    bannerOf(
      situation({
        connection: {
          state: 'reconnecting',
          attempt: 1,
          since: 1,
          retryAt: 2,
          error: { code, message: 'It is restarted.' },
        },
      }),
    )?.text;
  expect(away('unavailable')).toBe('It is restarted.');
  expect(away('network')).toBe('');
});

test('[P67] a new hub, and a newer version, are told quietly, and only when nothing is wrong', () => {
  expect(bannerOf(situation({ replacedAt: 7 }))).toMatchObject({ tone: 'note', dismiss: true });
  expect(bannerOf(situation({ updated: true }))).toMatchObject({
    tone: 'note',
    action: 'reload',
    dismiss: true,
  });
  const all = { replacedAt: 7, updated: true, connection: connections.refused[0] };
  expect(bannerOf(situation(all))?.title).toMatch(/refuses/);
});

test('[P66] how long it lasts, and when it is tried again', () => {
  const banner = bannerOf(situation({ connection: connections.reconnecting[0] }));
  if (banner === null) throw new Error('no banner');
  expect(countWords(banner, 7_100)).toBe('Lost 2 s ago. Trying again in 2 s.');
  expect(countWords(banner, 9_500)).toBe('Lost 4 s ago. Trying…');
  const signedOut = bannerOf(situation({ connection: { state: 'signed-out' } }));
  expect(signedOut === null ? null : countWords(signedOut, 1)).toBe('');
});
