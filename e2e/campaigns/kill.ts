/**
 * SIGKILL to the server while 20 sessions are used and read, at any moment and at the rare ones; then again while it
 * boots. After each: the file is whole, what anybody saw is there, boot ended what ran and nothing more.
 */
import { namedDemo, runningAgents } from './agent-processes.ts';
import type { Campaign } from './campaign.ts';
import {
  checkRecovered,
  checkSessions,
  checkSettled,
  checkTaken,
  dueAtBoot,
} from './check-sessions.ts';
import { createComingsAndGoings } from './comings-and-goings.ts';
import { killOnFirstStarts } from './first-start.ts';
import { killWhileItBoots, untilMoment, type Moment } from './moments.ts';
import { inspectStopped } from './stopped-file.ts';
import { openWorld, type World } from './world.ts';

const MOMENTS: readonly Moment[] = [
  'any',
  'write',
  'read',
  'end',
  'ask',
  'answer',
  'prompt',
  'stopping',
];
/** How many of the rounds also kill a server on its first start. */
const FIRST_STARTS = 10;

export const killCampaign: Campaign = {
  rounds: 50,
  async run({ seed, rounds }) {
    const world = await openWorld({ name: 'kill', seed, agents: [namedDemo('demo')] });
    const { server, sessions, ledger, readers, traffic, random } = world;
    const others = createComingsAndGoings(server, ledger);
    const logIds = sessions.map(({ logId }) => logId);
    const hits: Record<string, number> = {};
    let bootKills = 0;
    let liveAtKill = 0;
    let queuedAtKill = 0;
    try {
      let moments: Moment[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        if (moments.length === 0) moments = random.shuffled(MOMENTS);
        const moment = moments.pop() ?? 'any';
        hits[moment] = (hits[moment] ?? 0) + 1;
        traffic.start();
        others.start();
        readers[random.below(readers.length)]?.drop();
        await untilMoment(moment, world);
        if (server.pid === null && moment !== 'stopping') ledger.blame('it ended by itself');
        await server.kill();
        await traffic.pause();
        await others.pause();
        const atRest = await inspectStopped(server.database, ledger, logIds);
        for (const { live, queue } of atRest.values()) {
          liveAtKill += live === null ? 0 : 1;
          queuedAtKill += queue.length;
        }
        bootKills += await bootAgain(world);
        await world.stopRunning((logId) => {
          const before = atRest.get(logId);
          return before !== undefined && dueAtBoot(before) !== undefined;
        });
        checkRecovered(ledger, atRest, await checkSessions(world));
        checkTaken(ledger, traffic);
        await others.check();
        for (const { pid, parent } of runningAgents()) {
          if (parent !== server.pid) ledger.blame(`the agent ${pid} outlived its server`);
        }
        world.verify(`round ${round}, killed at '${moment}'`);
        await traffic.sendCutAgain();
      }
      await world.calm();
      await checkSessions(world);
      checkTaken(ledger, traffic);
      await checkSettled(world);
      await killOnFirstStarts(ledger, random, Math.min(rounds, FIRST_STARTS));
      world.verify('at the end');
      if (liveAtKill < rounds) throw new Error(`campaign kill, seed ${seed}: it hit too few turns`);
      return {
        events: ledger.events,
        prompts: traffic.prompts.length,
        'answers that were cut': traffic.cuts,
        'turns that ran when it was killed': liveAtKill,
        'prompts that were queued then': queuedAtKill,
        'kills while it booted': bootKills,
        'other sessions made': others.made,
        'and deleted': others.deleted,
        connections: readers.reduce((sum, { connections }) => sum + connections, 0),
        ...Object.fromEntries(Object.entries(hits).map(([name, n]) => [`killed at '${name}'`, n])),
      };
    } finally {
      await others.pause();
      await world.close();
    }
  },
};

/** Starts it; in half of the rounds it is killed up to three times while it boots. @returns how often */
async function bootAgain({ server, random }: World): Promise<number> {
  const kills = random.below(2) * (1 + random.below(3));
  for (let n = 0; n < kills; n += 1) await killWhileItBoots(server, random);
  await server.start();
  return kills;
}
