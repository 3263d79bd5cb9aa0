/** `npm run bench <name>`: installs and builds what is missing, then measures. Programs, not timed tests. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from '../server/bootstrap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
await ensureInstalled({ dev: true });
await ensureBuilt();
const main = join(here, 'bench', 'main.ts');
const { status } = spawnSync(
  process.execPath,
  ['--expose-gc', '--import', 'tsx', main, ...process.argv.slice(2)],
  { cwd: dirname(here), stdio: 'inherit' },
);
process.exitCode = status ?? 1;
