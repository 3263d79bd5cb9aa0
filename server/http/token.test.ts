import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadToken, TokenError } from './token.ts';

const folder = mkdtempSync(join(tmpdir(), 'tabcast-token-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('[A2] the token', () => {
  test('is made once, is long, survives, and is its owner’s only', async () => {
    const data = join(folder, 'new', 'data');
    const [token, same] = await Promise.all([loadToken(data), loadToken(data)]);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(same).toBe(token);
    expect(await loadToken(data)).toBe(token);
    expect(statSync(join(data, 'token')).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  test.each(['', 'short', 'two words that are long enough'])(
    'a file that holds %j is named',
    async (content) => {
      writeFileSync(join(folder, 'token'), content);
      await expect(loadToken(folder)).rejects.toThrow(TokenError);
      await expect(loadToken(folder)).rejects.toThrow(join(folder, 'token'));
    },
  );
});
