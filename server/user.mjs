/** `npm run user`: makes the clone ready, then runs the built program. Nothing else is imported before the version check. */
import { nodeTooOld } from './node-version.mjs';

const run = async () => {
  const { ensureBuilt, ensureInstalled } = await import('./bootstrap.mjs');
  await ensureInstalled();
  await ensureBuilt();
  await import(String(new URL('../dist/server/user.js', import.meta.url)));
};

const tooOld = nodeTooOld();
if (tooOld === null) {
  run().catch((error) => {
    console.error(`tabcast: ${error.message}`);
    process.exitCode = 1;
  });
} else {
  console.error(tooOld);
  process.exitCode = 1;
}
