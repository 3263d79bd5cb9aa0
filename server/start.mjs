/**
 * `npm start`: makes the clone ready, then runs the built server in this process.
 * Nothing is imported before the version check, and the check itself parses on any Node with modules.
 */
const NEEDED = [20, 19];

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
};

const start = async () => {
  const { ensureBuilt, ensureInstalled } = await import('./bootstrap.mjs');
  await ensureInstalled();
  await ensureBuilt();
  await import('../dist/server/main.js');
};

if (isNewEnough(process.versions.node)) {
  start().catch((error) => {
    console.error(`tabcast: ${error.message}`);
    process.exitCode = 1;
  });
} else {
  console.error(
    `tabcast needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}. Get a newer one from https://nodejs.org.`,
  );
  process.exitCode = 1;
}
