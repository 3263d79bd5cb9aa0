/**
 * `npm start`: makes the clone ready, then runs the built server in this process.
 * Nothing else is imported before the version check.
 */
import { nodeTooOld } from './node-version.mjs';

const start = async () => {
  const { ensureBuilt, ensureInstalled } = await import('./bootstrap.mjs');
  await ensureInstalled();
  await ensureBuilt();
  await import(String(new URL('../dist/server/main.js', import.meta.url)));
};

const tooOld = nodeTooOld();
if (tooOld === null) {
  start().catch((error) => {
    console.error(`tabcast: ${error.message}`);
    process.exitCode = 1;
  });
} else {
  console.error(tooOld);
  process.exitCode = 1;
}
