/** `npm run soak -- <seeds> [first]`: that many lives of a hub, one seed after the other; prints what happened in them. */
import { simulate } from './random-walk.ts';
import { createTally } from './take-step.ts';

const MOST = 10_000_000;

async function main(): Promise<void> {
  const [seeds = 10_000, first = 1] = process.argv.slice(2).map(Number);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST || !Number.isInteger(first)) {
    throw new Error(`npm run soak -- <seeds, 1 to ${MOST}> [first seed]`);
  }
  const tally = createTally();
  const failures: string[] = [];
  const begun = performance.now();
  let done = 0;
  for (let seed = first; seed < first + seeds && failures.length < 10; seed += 1) {
    try {
      await simulate(seed, tally);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    done += 1;
  }
  const seconds = (performance.now() - begun) / 1000;
  const figures = Object.entries(tally).map(([name, count]) => `${name} ${count}`);
  process.stdout.write(
    `${done} seeds from ${first} in ${seconds.toFixed(1)} s (${(done / seconds).toFixed(0)} a second)\n` +
      `${figures.join(', ')}\n${failures.map((failure) => `FAILED ${failure}\n`).join('')}`,
  );
  if (failures.length > 0) process.exitCode = 1;
}

await main();
