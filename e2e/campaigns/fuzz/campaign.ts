/** The fuzz over the product's own socket: two users of the users file, each with a token. */
import { markerOf, PRINCIPALS } from './plans.ts';
import { fuzz } from './run.ts';
import { startServer } from '../../fixtures/server.ts';
import type { Campaign } from '../campaign.ts';

export const fuzzCampaign: Campaign = {
  rounds: 20_000,
  async run({ seed, rounds }) {
    const users = Array.from({ length: PRINCIPALS }, (_, who) => `user${who}`);
    const server = await startServer({ users });
    try {
      const counts = await fuzz({
        seed,
        rounds,
        target: {
          send: (who, path, { headers, ...init }) =>
            fetch(server.origin + path, {
              ...init,
              redirect: 'manual',
              headers: { ...headers, authorization: `Bearer ${server.tokenOf(`user${who}`)}` },
            }),
        },
      });
      const healthy = await fetch(`${server.origin}/healthz`);
      const blamed = server.stderr.split('\n').filter((line) => isBad(line));
      if (!healthy.ok || blamed.length > 0) {
        throw new Error(
          `fuzz, seed ${seed}: ${healthy.status}; the log says\n${blamed.join('\n')}`,
        );
      }
      return counts;
    } finally {
      await server.stop();
    }
  },
};

/** Every line of the log is JSON, none is an error, and none was begun by what a person or an agent said. */
function isBad(line: string): boolean {
  if (line === '') return false;
  try {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    return (
      level >= 50 ||
      msg === 'forged' ||
      Array.from({ length: PRINCIPALS }, (_, who) => markerOf(who)).includes(msg)
    );
  } catch {
    return true;
  }
}
