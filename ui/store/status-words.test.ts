import { expect, test } from 'vitest';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';
import { statusWords } from './status-words.ts';

const hub = { protocol: 1, build: 'b', hubId: 'h' };
const error = { code: 'network' as const, message: 'The server does not answer.' };

const links: Record<Link['state'], [Link, string, string | null]> = {
  connecting: [{ state: 'connecting', attempt: 1 }, 'connecting', null],
  attached: [{ state: 'attached', hub, inPage: false }, 'connecting', null],
  waiting: [{ state: 'waiting', attempt: 2, error }, 'reconnecting', 'retry'],
  failed: [{ state: 'failed', error }, 'no hub', 'again'],
  outdated: [{ state: 'outdated', hub }, 'outdated', 'reload'],
  suspended: [{ state: 'suspended' }, 'connecting', null],
  closed: [{ state: 'closed' }, 'closed', 'reload'],
};
test.each(Object.values(links))('link %o', (link, word, action) => {
  expect(statusWords(link, null)).toMatchObject({ word, action });
});

const connections: Record<Connection['state'], [Connection, string, string | null]> = {
  connecting: [{ state: 'connecting' }, 'connecting', null],
  live: [{ state: 'live' }, 'live', null],
  reconnecting: [
    { state: 'reconnecting', attempt: 1, since: 1, retryAt: 2, error },
    'reconnecting',
    'retry',
  ],
  'signed-out': [{ state: 'signed-out' }, 'signed out', 'sign-in'],
  refused: [{ state: 'refused', error }, 'refused', 'retry'],
};
test.each(Object.values(connections))('[H8] connection %o', (connection, word, action) => {
  const words = statusWords({ state: 'attached', hub, inPage: false }, connection);
  expect(words).toMatchObject({ word, action });
  expect(words.detail === '').toBe(words.tone !== 'bad');
});

test('a tab without its hub does not claim to be live', () => {
  expect(statusWords({ state: 'connecting', attempt: 3 }, { state: 'live' }).word).toBe(
    'reconnecting',
  );
});

test('[T4] a hub in this page is told of, once all is well', () => {
  const link: Link = { state: 'attached', hub, inPage: true };
  expect(statusWords(link, { state: 'live' })).toEqual({
    word: 'live',
    detail: 'hub in this page',
    tone: 'good',
    action: null,
  });
  expect(statusWords(link, { state: 'signed-out' })).toEqual(
    statusWords({ ...link, inPage: false }, { state: 'signed-out' }),
  );
});

test('[T4] when nothing runs a hub, the words say why and what was tried', () => {
  const { detail } = statusWords({ state: 'failed', error }, null);
  expect(detail).toContain(error.message);
  expect(detail).toContain('in this page');
});
