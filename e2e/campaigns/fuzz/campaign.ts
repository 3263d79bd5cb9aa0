/** The fuzz over the product's own socket: two users of the users file, each with a token. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerOf, PRINCIPALS } from './plans.ts';
import { fuzz } from './run.ts';
import { startServer } from '../../fixtures/server.ts';
import type { Campaign } from '../campaign.ts';

const USER = join(import.meta.dirname, '../../../dist/server/user.js');

export const fuzzCampaign: Campaign = {
  rounds: 20_000,
  async run({ seed, rounds }) {
    const folder = await mkdtemp(join(tmpdir(), 'tabcast-fuzz-'));
    const users = join(folder, 'users.json');
    const tokens: string[] = [];
    for (let who = 0; who < PRINCIPALS; who += 1) tokens.push(await addUser(users, `user${who}`));
    const server = await startServer({ users });
    try {
      const counts = await fuzz({
        seed,
        rounds,
        target: {
          send: (who, path, { headers, ...init }) =>
            fetch(server.origin + path, {
              ...init,
              redirect: 'manual',
              headers: { ...headers, authorization: `Bearer ${tokens[who] ?? ''}` },
            }),
        },
      });
      const healthy = await fetch(`${server.origin}/healthz`);
      const blamed = server.stderr.split('\n').filter((line) => isBad(line));
      if (!healthy.ok || blamed.length > 0) {
        throw new Error(
          `fuzz, seed ${seed}: ${healthy.status}; the log says\n${blamed.join('\n')}`,
        );
      }
      return counts;
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Every line of the log is JSON, none is an error, and none was begun by what a person or an agent said. */
function isBad(line: string): boolean {
  if (line === '') return false;
  try {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    return (
      level >= 50 ||
      msg === 'forged' ||
      Array.from({ length: PRINCIPALS }, (_, who) => markerOf(who)).includes(msg)
    );
  } catch {
    return true;
  }
}

/** @returns the user's token */
async function addUser(file: string, name: string): Promise<string> {
  await runUser(['add', name, '--users', file], 'a long password\n');
  const told = await runUser(['token', name, '--users', file], '');
  const token = /[\w-]{43}/.exec(told)?.[0];
  if (token === undefined) throw new Error(`no token in: ${told}`);
  return token;
}

function runUser(args: readonly string[], input: string): Promise<string> {
  const child = spawn(process.execPath, [USER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (told += chunk));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(told) : reject(new Error(`user ${args.join(' ')}: ${code}\n${told}`)),
    );
  });
}
