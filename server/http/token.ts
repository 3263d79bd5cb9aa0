/** The token that signs a person in: made once, kept in the data folder, readable by its owner only (A2). */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Shorter secrets could be guessed over a network. */
export const MIN_SECRET = 16;

/** For the person who starts tabcast: what is wrong with the file and what to do. */
export class TokenError extends Error {
  override name = 'TokenError';
}

/**
 * Reads `<data>/token`, or makes it: 32 random bytes, base64url, mode 0600. It survives restarts, so that
 * cookies go on working.
 * @throws TokenError when the file holds something else
 */
export async function loadToken(dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const file = join(dataFolder, 'token');
  try {
    // 'wx': of two starts at the same moment one makes it and the other reads it.
    await writeFile(file, randomBytes(32).toString('base64url') + '\n', {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const token = (await readFile(file, 'utf8')).trim();
  if (!/^[\w-]+$/.test(token) || token.length < MIN_SECRET) {
    throw new TokenError(`${file} does not hold a token. Delete it, and a new one is made.`);
  }
  return token;
}
