import { expect, test } from 'vitest';
import type { Connection } from '../../shared/hub-api.ts';
import type { Link } from '../hub/link.ts';
import { statusWords } from './status-words.ts';

const hub = { protocol: 1, build: 'b', hubId: 'h' };
const error = { code: 'network' as const, message: 'The server does not answer.' };

const links: Record<Link['state'], [Link, string, string]> = {
  connecting: [{ state: 'connecting', attempt: 1 }, 'connecting', 'busy'],
  attached: [{ state: 'attached', hub, inPage: false }, 'connecting', 'busy'],
  waiting: [{ state: 'waiting', attempt: 2, error }, 'reconnecting', 'lost'],
  failed: [{ state: 'failed', error }, 'no hub', 'trouble'],
  outdated: [{ state: 'outdated', hub }, 'outdated', 'trouble'],
  suspended: [{ state: 'suspended' }, 'connecting', 'busy'],
  closed: [{ state: 'closed' }, 'closed', 'trouble'],
};
test.each(Object.values(links))('[P65] link %o', (link, word, shape) => {
  expect(statusWords(link, null)).toMatchObject({ word, shape });
});

const connections: Record<Connection['state'], [Connection, string, string]> = {
  connecting: [{ state: 'connecting' }, 'connecting', 'busy'],
  live: [{ state: 'live' }, 'live', 'live'],
  reconnecting: [
    { state: 'reconnecting', attempt: 1, since: 1, retryAt: 2, error },
    'reconnecting',
    'lost',
  ],
  'signed-out': [{ state: 'signed-out' }, 'signed out', 'out'],
  refused: [{ state: 'refused', error }, 'refused', 'trouble'],
};
test.each(Object.values(connections))('[H8] [P65] connection %o', (connection, word, shape) => {
  const words = statusWords({ state: 'attached', hub, inPage: false }, connection);
  expect(words).toMatchObject({ word, shape });
  expect(words.detail === '').toBe(words.tone !== 'bad');
});

test.each([
  ['storage', 'not saving'],
  ['unavailable', 'restarting'],
] as const)('[L13] [L14] what the server says is wrong with it: %s', (code, word) => {
  const problem = { code, message: 'What happened. What to do.' };
  const words = statusWords({ state: 'attached', hub, inPage: true }, { state: 'live', problem });
  expect(words).toEqual({ word, detail: problem.message, tone: 'bad', shape: 'trouble' });
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
    shape: 'page',
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
