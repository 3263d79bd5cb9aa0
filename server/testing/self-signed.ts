/** A certificate for 127.0.0.1 and localhost, and its key, made by the openssl command. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsFiles } from '../config.ts';
import type { Tls } from '../tls.ts';

export interface SelfSigned extends Tls {
  folder: string;
  files: TlsFiles;
  remove(): void;
}

export function createSelfSigned(): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'tabcast-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const subject = ['-subj', '/CN=tabcast', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, ...subject, '-days', '2', '-keyout', files.key, '-out', files.cert],
    { stdio: 'pipe' },
  );
  return {
    folder,
    files,
    cert: readFileSync(files.cert, 'utf8'),
    key: readFileSync(files.key, 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
