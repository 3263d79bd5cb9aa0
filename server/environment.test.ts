import { expect, test } from 'vitest';
import { opens, pageUrl } from './environment.ts';

test.each([
  ['127.0.0.1', false, null],
  ['::1', false, null],
  ['0.0.0.0', false, /every address of this machine, port 4180.*plain HTTP.*--tls-cert/],
  ['192.168.1.5', false, /at 192\.168\.1\.5:4180.*plain HTTP/],
  ['::', true, /every address of this machine, port 4180: whoever signs in runs agents here\.$/],
])('[A2] what %s opens is said at the start (HTTPS: %s)', (host, secure, words) => {
  const said = opens({ host, port: 4180, secure });
  if (words === null) expect(said).toBeNull();
  else expect(said).toMatch(words);
});

test('[A2] the printed address has the token, or none where people have names', () => {
  const served = { host: '::', port: 4180, secure: false };
  expect(pageUrl(served, 'a&b')).toBe('http://[::1]:4180/?token=a%26b');
  expect(pageUrl(served, null)).toBe('http://[::1]:4180/');
});
