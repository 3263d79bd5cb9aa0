/** The users file: names, scrypt hashes, and the hashes of their tokens. Made by `npm run user`. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { describeIssues } from '../issues.ts';
import { jsonErrorPosition } from '../json-position.ts';
import { replaceFile } from './atomic-file.ts';
import { isPasswordHash } from './password.ts';

/** For the person who keeps the file: what is wrong with it, and what to do. */
export class UsersError extends Error {
  override name = 'UsersError';
}

export const userName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,31}$/,
    'a name has 1 to 32 lower-case letters, digits, dots, hyphens and underscores, and begins with a letter or digit',
  );

const user = z.strictObject({
  name: userName,
  password: z.string().refine(isPasswordHash, 'not a password hash: make it with npm run user'),
  /** SHA-256 of the token that scripts send; a token is random, so there is nothing to slow down. */
  token: z
    .string()
    .regex(/^[\w-]{43}$/, 'not the hash of a token: make it with npm run user')
    .optional(),
});
export type User = z.output<typeof user>;

const usersFile = z.strictObject({
  users: z
    .array(user)
    .max(10_000)
    .refine(
      (users) => new Set(users.map(({ name }) => name)).size === users.length,
      'a name is there twice',
    ),
});

/** As a token is kept. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** @throws UsersError when the file is not there, not one, or open to others */
export function readUsers(file: string): User[] {
  let text: string;
  try {
    const { mode } = statSync(file);
    // Windows has other means, which this number does not tell of.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new UsersError(
        `${file} can be read by other users of this machine. Close it to them: chmod 600 ${file}`,
      );
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsersError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsersError(
      code === 'ENOENT'
        ? `There is no users file ${file}. Make it with the first user: npm run user add <name> -- --users ${file}`
        : `${file} can't be read: ${message}`,
      { cause: error },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const { line, column } = jsonErrorPosition(text);
    throw new UsersError(`${file} is not valid JSON, line ${line}, column ${column}.`, {
      cause: error,
    });
  }
  const parsed = usersFile.safeParse(json);
  if (parsed.success) return parsed.data.users;
  throw new UsersError(`${file}: ${describeIssues(parsed.error.issues)}`);
}

/** @throws what the file system throws */
export function writeUsers(file: string, users: readonly User[]): void {
  replaceFile(file, `${JSON.stringify({ users }, null, 2)}\n`);
}
