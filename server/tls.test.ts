import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSelfSigned, type SelfSigned } from './testing/self-signed.ts';
import { loadTls, TlsError } from './tls.ts';

let one: SelfSigned;
let other: SelfSigned;
let noPem: string;

beforeAll(() => {
  one = createSelfSigned();
  other = createSelfSigned();
  noPem = join(one.folder, 'text');
  writeFileSync(noPem, 'no PEM');
});
afterAll(() => {
  one.remove();
  other.remove();
});

test('a certificate and its key are read', () => {
  expect(loadTls(one.files)).toEqual({ cert: one.cert, key: one.key });
});

test.each<[string, () => { cert?: string; key?: string }, RegExp]>([
  ['no certificate', () => ({ cert: '/nowhere/c.pem' }), /^--tls-cert: there is no file \/nowhere/],
  ['no key', () => ({ key: '/nowhere/k.pem' }), /^--tls-key: there is no file \/nowhere/],
  ['a folder', () => ({ key: one.folder }), /^--tls-key: can't be read: /],
  ['not a certificate', () => ({ cert: noPem }), /^--tls-cert: .*text is not a certificate/],
  ['not a key', () => ({ key: one.files.cert }), /^--tls-key: .*cert\.pem is not a private key/],
  ['the key of another', () => ({ key: other.files.key }), /is not the private key of the cert/],
])('what is wrong is said: %s', (_name, files, message) => {
  const given = { ...one.files, ...files() };
  expect(() => loadTls(given)).toThrow(TlsError);
  expect(() => loadTls(given)).toThrow(message);
});
