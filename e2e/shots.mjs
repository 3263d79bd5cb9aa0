/**
 * `npm run shots [-- name…]`: pictures of every view, or of those that a word names, into `shots/`, which git ignores.
 * `shots/index.html` shows them all.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
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
const folder = join(dirname(here), 'shots');
const figures = readdirSync(folder)
  .filter((name) => name.endsWith('.png'))
  .sort()
  .map(
    (name) => `<figure><img src="${name}" loading="lazy"><figcaption>${name}</figcaption></figure>`,
  );
writeFileSync(
  join(folder, 'index.html'),
  `<!doctype html><meta charset="utf-8"><title>tabcast: every view</title>
<style>body{display:flex;flex-wrap:wrap;gap:1rem;align-items:start;font:14px system-ui}figure{margin:0}img{height:30rem}</style>
${figures.join('\n')}\n`,
);
process.exitCode = status ?? 1;
