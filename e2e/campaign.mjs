/** `npm run campaign -- <name> [--seed n] [--rounds n]`: installs and builds what is missing, then runs e2e/campaigns/main.ts. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from '../server/bootstrap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
await ensureInstalled({ dev: true });
await ensureBuilt();
const main = join(here, 'campaigns', 'main.ts');
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', main, ...process.argv.slice(2)],
  {
    cwd: dirname(here),
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
