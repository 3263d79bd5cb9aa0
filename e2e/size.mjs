/**
 * What a first load costs, in gzipped script: of the page, of the page on a session, and of the worker. Fails above
 * the budget.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const CLIENT = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'client');
const HUB = /assets\/hub-[\w-]+\.js\b/g;

/**
 * What a script of the page names, and what that imports in its turn.
 * @param {string} file
 * @param {RegExp} pattern
 * @returns {string[]}
 */
function named(file, pattern) {
  const found = readFileSync(join(CLIENT, file), 'utf8').match(pattern) ?? [];
  const files = found.map((name) => `assets/${name.replace(/^.*\//, '')}`);
  const imports = files.flatMap((each) => named(each, /(?<=from\s*"\.\/)[\w-]+\.js(?=")/g));
  return [...files, ...imports].filter((each) => !page.includes(each));
}

/** @param {readonly string[]} files */
function gzipped(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(CLIENT, file))).length, 0);
}

const html = readFileSync(join(CLIENT, 'index.html'), 'utf8');
const page = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].flatMap(([, file]) => file ?? []);
// By the page's own reference: workers of earlier builds are kept beside it.
const worker = [
  ...new Set(page.flatMap((file) => readFileSync(join(CLIENT, file), 'utf8').match(HUB) ?? [])),
];

// What it fetches for a session; a question's form, a row's menu and the like come when they are first shown.
const pane = [...new Set(page.flatMap((file) => named(file, /\bsession-pane-[\w-]+\.js\b/g)))];
if (pane.length === 0) throw new Error('the page does not name the script of a session');

let ok = true;
for (const { name, files, budget } of [
  { name: 'page', files: page, budget: 60_000 },
  { name: 'page on a session', files: [...page, ...pane], budget: 66_000 },
  { name: 'worker', files: worker, budget: 25_000 },
]) {
  const size = gzipped(files);
  const fits = files.length > 0 && size <= budget;
  ok &&= fits;
  console.log(
    `${name}: ${(size / 1000).toFixed(1)} kB gzipped of ${budget / 1000} kB (${files.join(', ')})`,
  );
}
process.exitCode = ok ? 0 : 1;
