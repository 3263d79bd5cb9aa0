import { expect, test } from 'vitest';
import { makeRow } from '../testing/fixtures.ts';
import { agentOf, DEFAULTS, folderOf, inputOf, offersOf } from './new-session.ts';

test('[P10] what is not chosen is the server’s default', () => {
  expect(inputOf(DEFAULTS)).toEqual({});
  expect(inputOf({ agent: 'q', cwd: '/srv' })).toEqual({ agent: 'q', cwd: '/srv' });
  const agents = [
    { id: 'a', title: 'A', default: false },
    { id: 'b', title: 'B', default: true },
  ];
  expect(agentOf(agents, null)?.id).toBe('b');
  expect(agentOf(agents, 'a')?.id).toBe('a');
  // It was taken out of the config meanwhile.
  expect(agentOf(agents, 'gone')?.id).toBe('b');
  expect(agentOf([], null)).toBeUndefined();
  expect(['', '  ', '/', '/srv/', ' a/b '].map(folderOf)).toEqual([null, null, '/', '/srv', 'a/b']);
});

test('[P10] folders that were used before come first, once, then what the server knows', () => {
  const rows = ['/w/site', '/w/api', '/w/site', '/w/old'].map((cwd, n) => makeRow(`${n}`, { cwd }));
  const list = { roots: ['/w'], folders: ['/w', '/w/site', '/w/new'], more: false };
  const paths = (typed: string, asked = typed) =>
    offersOf(typed, rows, { asked, list }).map(({ path }) => path);
  expect(paths('')).toEqual(['/w/site', '/w/api', '/w/old', '/w', '/w/new']);
  expect(offersOf('SI', rows, null)).toEqual([{ path: '/w/site', recent: true }]);
  // The answer for what was typed before: only what fits is left of it.
  expect(paths('/w/n', '')).toEqual(['/w/new']);
  // What is there already is no offer.
  expect(paths('/w/site')).not.toContain('/w/site');
  const many = Array.from({ length: 30 }, (_, n) => makeRow(`${n}`, { cwd: `/w/${n}` }));
  expect(offersOf('', many, null)).toHaveLength(5);
});
