import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandTimers } from '../http/testing/hand-timers.ts';
import { createPasswords, isPasswordHash, TooBusy } from './password.ts';
import { createUsers } from './principals.ts';
import { runUserCommand } from './user-command.ts';
import { readUsers, UsersError } from './users-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tabcast-users-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'tabcast.users.json');
/** Weak, and fast: what is tested here is not scrypt. */
const passwords = createPasswords({ N: 2, r: 1, p: 1 });
const log = { debug() {}, info() {}, warn() {}, error() {} };

async function user(command: string, password = 'long enough'): Promise<string[]> {
  const printed: string[] = [];
  await runUserCommand(command.split(' '), {
    cwd: folder,
    env: {},
    passwords,
    terminal: { askPassword: async () => password, print: (line) => printed.push(line) },
  });
  return printed;
}

beforeEach(() => rmSync(file, { force: true }));

describe('[A2] npm run user', () => {
  test('adds, lists, changes and removes; the file is its owner’s only and has no password in it', async () => {
    expect(await user('add anna')).toEqual([expect.stringContaining(`--users ${file}`)]);
    await user('add bert', 'another password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toMatch(/long enough|another password/);
    const [anna] = readUsers(file);
    await user('password anna', 'a newer password');
    expect(readUsers(file)[0]?.password).not.toBe(anna?.password);
    const [token = ''] = await user('token anna');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(file, 'utf8')).not.toContain(token);
    expect(await user('list')).toEqual(['anna  (has a token)', 'bert']);
    await user('remove anna');
    expect(await user('list')).toEqual(['bert']);
  });

  test.each([
    ['add Anna', /lower-case letters/],
    ['add', /Name one user/],
    ['add anna bert', /Name one user/],
    ['frobnicate anna', /There is no 'frobnicate anna'/],
    ['remove kurt', /no user 'kurt'/],
    ['add anna', /a user 'anna' already/],
  ])('%s is refused in words', async (command, words) => {
    await user('add anna');
    const before = readFileSync(file, 'utf8');
    await expect(user(command)).rejects.toThrow(UsersError);
    await expect(user(command)).rejects.toThrow(words);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('a short password changes nothing', async () => {
    await expect(user('add anna', 'short')).rejects.toThrow(/at least 10 characters/);
    expect(() => statSync(file)).toThrow();
  });
});

describe('[A2] the users file', () => {
  test.each([
    ['{', /not valid JSON, line 1/],
    ['{"users": [{"name": "anna"}]}', /users\.0\.password/],
    ['{"users": [{"name": "anna", "password": "plain text"}]}', /not a password hash/],
    ['{"users": [{"name": "__proto__", "password": "x"}]}', /users\.0\.name/],
    ['{"people": []}', /people|users/],
  ])('%s is refused, and says where', (text, words) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => readUsers(file)).toThrow(words);
    expect(() => readUsers(file)).toThrow(file);
  });

  test('one that others can read is refused', async () => {
    await user('add anna');
    chmodSync(file, 0o640);
    expect(() => readUsers(file)).toThrow(/chmod 600/);
  });

  test('a name twice, no file, and nobody in it', async () => {
    await user('add anna');
    const [anna] = readUsers(file);
    writeFileSync(file, JSON.stringify({ users: [anna, anna] }));
    expect(() => readUsers(file)).toThrow(/twice/);
    rmSync(file);
    expect(() => readUsers(file)).toThrow(/npm run user add/);
    writeFileSync(file, '{"users": []}', { mode: 0o600 });
    const timers = createHandTimers();
    expect(() => createUsers({ file, passwords, timers, log })).toThrow(/has no users/);
    expect(timers.count).toBe(0);
  });

  test('is followed: who is removed or has another password is known no more; a broken file changes nothing', async () => {
    await user('add anna');
    await user('add bert');
    const timers = createHandTimers();
    const users = createUsers({ file, passwords, timers, log });
    let changes = 0;
    users.onChange(() => (changes += 1));
    const claim = { name: ' Anna ', password: 'long enough' };
    const anna = await users.check(claim);
    expect(anna?.principal).toBe('anna');
    if (anna === null) throw new Error('not known');
    expect(users.holds(anna)).toBe(true);
    expect(await users.check({ name: 'anna', password: 'wrong password' })).toBeNull();
    expect(await users.check({ name: 'kurt', password: 'long enough' })).toBeNull();

    writeFileSync(file, '{');
    timers.advance(1_000);
    expect([changes, users.holds(anna)]).toEqual([0, true]);
    rmSync(file);
    await user('add bert');
    timers.advance(1_000);
    expect([changes, users.holds(anna)]).toEqual([1, false]);
    expect(await users.check(claim)).toBeNull();
    await user('add anna', 'another password');
    timers.advance(1_000);
    expect(users.holds(anna)).toBe(false);

    const [token = ''] = await user('token bert');
    timers.advance(1_000);
    const script = users.bearer(token);
    expect(script?.principal).toBe('bert');
    await user('token bert');
    timers.advance(1_000);
    expect(users.bearer(token)).toBeNull();
    expect(script !== null && users.holds(script)).toBe(false);
    users.close();
    users.close();
    expect(timers.count).toBe(0);
  });
});

describe('[A2] passwords', () => {
  test('are kept as scrypt with a salt of their own', async () => {
    const real = createPasswords();
    const [one, two] = [await real.hash('the same one'), await real.hash('the same one')];
    expect(one).toMatch(/^scrypt:32768:8:3:/);
    expect(one).not.toBe(two);
    expect(await real.matches('the same one', one)).toBe(true);
    expect(await real.matches('another one', one)).toBe(false);
  });

  test.each([
    'scrypt:1:8:1',
    'scrypt:3:8:1',
    'scrypt:262144:8:1',
    'scrypt:16:0:1',
    'scrypt:16:8:99',
  ])('%s is no cost to pay', (costs) => {
    expect(isPasswordHash(`${costs}:${'a'.repeat(22)}:${'a'.repeat(43)}`)).toBe(false);
  });

  test('an unknown name costs the same work, and too many at once are refused', async () => {
    expect(await passwords.matches('x', null)).toBe(false);
    const many = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.matches('x', null)),
    );
    const refused = many.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(60 - 2 - 32);
    expect(refused.every((each) => 'reason' in each && each.reason instanceof TooBusy)).toBe(true);
    expect(await passwords.matches('x', null)).toBe(false);
  });

  test('[A2] an unknown name costs what a wrong password does', async () => {
    const real = createPasswords();
    const known = await real.hash('the right one');
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let n = 0; n < 2; n += 1) {
      for (const kind of ['known', 'unknown'] as const) {
        const begin = performance.now();
        await real.matches('a wrong one', kind === 'known' ? known : null);
        times[kind].push(performance.now() - begin);
      }
    }
    // The fastest of each, and far apart only when one of them did nothing: this machine does other things too.
    const [a, b] = [Math.min(...times.known), Math.min(...times.unknown)];
    expect(Math.max(a, b) / Math.min(a, b)).toBeLessThan(5);
  });
});
