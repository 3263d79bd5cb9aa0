/** The certificate and key that HTTPS is served with. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from './config.ts';

/** PEM texts that belong together. */
export interface Tls {
  cert: string;
  key: string;
}

/** For the person who starts tabcast: what is wrong with the certificate or its key. */
export class TlsError extends Error {
  override name = 'TlsError';
}

/** Reads and checks both files. @throws TlsError */
export function loadTls(files: TlsFiles): Tls {
  const cert = read('--tls-cert', files.cert);
  const key = read('--tls-key', files.key);
  check({ cert }, `--tls-cert: ${files.cert} is not a certificate in PEM form`);
  check({ key }, `--tls-key: ${files.key} is not a private key in PEM form without a passphrase`);
  check({ cert, key }, `${files.key} is not the private key of the certificate ${files.cert}`);
  return { cert, key };
}

function read(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? `there is no file ${path}` : `can't be read: ${message}`;
    throw new TlsError(`${flag}: ${problem}.`, { cause: error });
  }
}

function check(tls: Partial<Tls>, problem: string): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new TlsError(`${problem}.`, { cause: error });
  }
}
