import { expect, test } from 'vitest';
import { createFakeAddressBar } from '../testing/fake-env.ts';
import { createRouter, parseRoute } from './route.ts';

test.each([
  ['/', { kind: 'home' }],
  ['', { kind: 'home' }],
  ['/session/abc_-9', { kind: 'session', id: 'abc_-9', turn: null }],
  ['/session/abc/', { kind: 'session', id: 'abc', turn: null }],
  ['/?token=x', { kind: 'home' }],
  ['/session/abc?turn=12', { kind: 'session', id: 'abc', turn: 12 }],
  ['/session/abc?x=1&turn=0', { kind: 'session', id: 'abc', turn: 0 }],
  ['/session/abc?turn=-1', { kind: 'session', id: 'abc', turn: null }],
  ['/session/abc?turn=x', { kind: 'session', id: 'abc', turn: null }],
  ['/session/abc?return=3', { kind: 'session', id: 'abc', turn: null }],
  ['/session/', { kind: 'unknown', path: '/session/' }],
  ['/session/a/b', { kind: 'unknown', path: '/session/a/b' }],
  ['/session/%2e%2e', { kind: 'unknown', path: '/session/%2e%2e' }],
  [`/session/${'x'.repeat(65)}`, { kind: 'unknown', path: `/session/${'x'.repeat(65)}` }],
  ['/sessions', { kind: 'unknown', path: '/sessions' }],
])('[O6] %s', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});

test('[O6] the route follows the address bar, and back', () => {
  const bar = createFakeAddressBar('/');
  const router = createRouter(bar);
  router.navigate('/session/a');
  router.navigate('/session/a');
  expect(bar.entries).toEqual(['/', '/session/a']);
  expect(router.route.value).toEqual({ kind: 'session', id: 'a', turn: null });
  router.replace('/session/b');
  expect(bar.entries).toEqual(['/', '/session/b']);
  bar.back();
  expect(router.route.value).toEqual({ kind: 'home' });
  router.close();
  router.close();
  expect(bar.listeners).toBe(0);
});
