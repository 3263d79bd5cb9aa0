/**
 * How a backup is asked for while the server runs: it alone has the database open, so it makes the copy itself.
 * A socket in the data folder, for whoever may read and write there; nothing of it is reachable over the network.
 * One line of JSON each way.
 */
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { BackupError } from '../store/backup.ts';

/** A path, and a little around it. */
const MAX_LINE = 16 * 1024;
const ASK_MS = 5_000;

const request = z.strictObject({ backup: z.string().max(4096).refine(isAbsolute) });
const answer = z.union([
  z.strictObject({ done: z.literal(true) }),
  z.strictObject({ error: z.string() }),
]);

export interface ControlDeps {
  dataFolder: string;
  log: Logger;
  /** @throws BackupError */
  backUp(file: string): Promise<void>;
}

export interface Control {
  /** Takes no further requests, and waits for a backup that is under way. Twice is the same. */
  close(): Promise<void>;
}

/** Opens the socket. Where there can't be one (a path that is too long), the log says so, and the server runs without. */
export async function openControl({ dataFolder, log, backUp }: ControlDeps): Promise<Control> {
  const path = socketPath(dataFolder);
  /** Those that have not said what they want. */
  const asking = new Set<Socket>();
  const working = new Set<Promise<void>>();

  const serve = async (socket: Socket): Promise<void> => {
    asking.add(socket);
    const line = await readLine(socket);
    asking.delete(socket);
    const asked = request.safeParse(parse(line));
    if (!asked.success) return reply(socket, { error: 'not a request' });
    try {
      await backUp(asked.data.backup);
      reply(socket, { done: true });
    } catch (error) {
      if (!(error instanceof BackupError)) log.error({ err: error }, 'backup failed');
      reply(socket, { error: error instanceof Error ? error.message : String(error) });
    }
  };

  const server = createServer((socket) => {
    // Whoever asked may be gone before the answer.
    socket.on('error', () => {});
    socket.setTimeout(ASK_MS, () => {
      if (asking.has(socket)) socket.destroy();
    });
    const work = serve(socket).finally(() => working.delete(work));
    working.add(work);
  });
  // One that a killed server left behind: we have the database, so nobody listens there.
  if (process.platform !== 'win32') rmSync(path, { force: true });
  await new Promise<void>((resolve) => {
    server.once('error', (error) => {
      log.warn(
        { err: error },
        'no backups while this server runs: its control socket could not be opened',
      );
      resolve();
    });
    server.listen(path, () => {
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    server.close();
    for (const socket of asking) socket.destroy();
    await Promise.all(working);
  };
  let closing: Promise<void> | null = null;
  return { close: () => (closing ??= close()) };
}

/**
 * Asks the server that runs on that folder for a backup.
 * @returns false when none answers there
 * @throws BackupError what it says went wrong
 */
export async function askForBackup(dataFolder: string, file: string): Promise<boolean> {
  const socket = connect(socketPath(dataFolder));
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!connected) return false;
  socket.on('error', () => {});
  try {
    socket.write(`${JSON.stringify({ backup: file })}\n`);
    const told = answer.safeParse(parse(await readLine(socket)));
    if (!told.success) {
      throw new BackupError(
        `The server went away before the backup was whole. ${file} was not made.`,
      );
    }
    if ('error' in told.data) throw new BackupError(told.data.error);
    return true;
  } finally {
    socket.destroy();
  }
}

function socketPath(dataFolder: string): string {
  if (process.platform !== 'win32') return join(dataFolder, 'control.sock');
  return `\\\\.\\pipe\\tabcast-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 32)}`;
}

/** The first line; empty when the socket ends before, or it is too long. */
function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
      else if (text.length > MAX_LINE) resolve('');
    });
    socket.once('close', () => resolve(''));
  });
}

function reply(socket: Socket, body: z.input<typeof answer>): void {
  socket.end(`${JSON.stringify(body)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
