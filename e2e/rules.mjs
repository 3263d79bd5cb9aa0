/** Every rule in SPEC.md has a test that carries its ID, and every ID in a test's name is a rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = ['shared', 'worker', 'ui', 'server', 'e2e'];

const rules = new Set(
  [...readFileSync(join(PROJECT, 'SPEC.md'), 'utf8').matchAll(/\*\*([OLHTAP]\d+)\*\*/g)].map(
    ([, id]) => id,
  ),
);
const tested = new Map();
for (const folder of FOLDERS) {
  for (const file of readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(test\.tsx?|spec\.ts)$|testing\/.*\.ts$/.test(file)) continue;
    const text = readFileSync(join(PROJECT, folder, file), 'utf8');
    for (const [, id] of text.matchAll(/\[([OLHTAP]\d+)\]/g)) {
      tested.set(id, (tested.get(id) ?? 0) + 1);
    }
  }
}
const untested = [...rules].filter((id) => !tested.has(id));
const unknown = [...tested.keys()].filter((id) => !rules.has(id));
if (untested.length > 0) console.log(`Rules without a test: ${untested.join(' ')}`);
if (unknown.length > 0) console.log(`Tests of no rule: ${unknown.join(' ')}`);
console.log(
  `${rules.size} rules, ${[...tested.values()].reduce((a, b) => a + b, 0)} mentions in tests`,
);
process.exitCode = untested.length + unknown.length === 0 ? 0 : 1;
