/** `npm run shots [name…]`: pictures of every view into `shots/`, which git ignores; of those that a word names. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from '../server/bootstrap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
await ensureInstalled({ dev: true });
await ensureBuilt();
const words = process.argv.slice(2);
const { status } = spawnSync(
  join(dirname(here), 'node_modules', '.bin', 'playwright'),
  [
    'test',
    '--config',
    join(here, 'views'),
    '--workers=2',
    '--reporter=list',
    ...(words.length === 0 ? [] : ['--grep', words.join('|')]),
  ],
  { cwd: dirname(here), stdio: 'inherit' },
);
process.exitCode = status ?? 1;
