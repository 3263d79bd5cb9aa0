import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupError } from '../store/backup.ts';
import { silentLogger } from '../testing/silent-logger.ts';
import { askForBackup, openControl, type Control } from './control.ts';

let dataFolder: string;
let control: Control | null = null;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'tabcast-control-'));
});
afterEach(async () => {
  await control?.close();
  control = null;
  await rm(dataFolder, { recursive: true });
});

const serve = async (backUp: (file: string) => Promise<void>): Promise<Control> =>
  (control = await openControl({ dataFolder, log: silentLogger, backUp }));
const path = (): string => join(dataFolder, 'control.sock');

test('[L15] asks the server that runs there, and nobody else may', async () => {
  const made: string[] = [];
  await serve(async (file) => void made.push(file));
  expect((await stat(path())).mode & 0o777).toBe(0o600);
  expect(await askForBackup(dataFolder, '/backups/one')).toBe(true);
  expect(made).toEqual(['/backups/one']);
});

test('[L15] the words of what went wrong come back', async () => {
  await serve(async () => {
    throw new BackupError('No space. Nothing was written.');
  });
  await expect(askForBackup(dataFolder, '/b')).rejects.toThrow('No space. Nothing was written.');
});

test('no server: false, also where a killed one left its socket', async () => {
  expect(await askForBackup(dataFolder, '/b')).toBe(false);
  await writeFile(path(), '');
  expect(await askForBackup(dataFolder, '/b')).toBe(false);
  await serve(async () => {});
  expect(await askForBackup(dataFolder, '/b')).toBe(true);
});

test('[A3] what is no request is refused, and the next one is served', async () => {
  const made: string[] = [];
  await serve(async (file) => void made.push(file));
  for (const line of ['{}\n', 'x\n', '{"backup":"relative"}\n', 'x'.repeat(20_000)]) {
    const socket = connect(path());
    const answer = text(socket);
    socket.write(line);
    expect(JSON.parse(await answer)).toEqual({ error: 'not a request' });
  }
  expect(await askForBackup(dataFolder, '/b')).toBe(true);
  expect(made).toEqual(['/b']);
});

test('[L15] closing waits for the backup under way, not for who only connected', async () => {
  let finish = (): void => {};
  let started = (): void => {};
  const working = new Promise<void>((resolve) => (finish = resolve));
  const begun = new Promise<void>((resolve) => (started = resolve));
  const running = await serve(() => {
    started();
    return working;
  });
  const idle = connect(path());
  await once(idle, 'connect');
  const half = connect(path());
  half.write('{"backup":');
  const asked = askForBackup(dataFolder, '/b');
  await begun;
  let closed = false;
  const closing = running.close().then(() => (closed = true));
  await Promise.all([once(idle.resume(), 'close'), once(half.resume(), 'close')]);
  expect(closed).toBe(false);
  finish();
  expect(await asked).toBe(true);
  await closing;
});
