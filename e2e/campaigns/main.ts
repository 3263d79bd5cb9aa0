/** `npm run campaign -- <name> [--seed n] [--rounds n]`: runs one campaign; 0 when its rules held, 1 when not, 2 when not understood. */
import { readArguments, type CampaignArguments } from './arguments.ts';
import { agentKillCampaign } from './agent-kill.ts';
import type { Campaign } from './campaign.ts';
import { fuzzCampaign } from './fuzz/campaign.ts';
import { killCampaign } from './kill.ts';
import { nginxCampaign, rotationCampaign } from './nginx.ts';
import { proxyCampaign } from './proxy.ts';

const CAMPAIGNS: Record<string, Campaign> = {
  kill: killCampaign,
  'agent-kill': agentKillCampaign,
  proxy: proxyCampaign,
  nginx: nginxCampaign,
  rotation: rotationCampaign,
  fuzz: fuzzCampaign,
};

function understood(): CampaignArguments {
  try {
    return readArguments(process.argv.slice(2), Object.keys(CAMPAIGNS));
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

const given = understood();
const campaign = CAMPAIGNS[given.name] as Campaign;
// A chosen seed is printed first, so that a run that was broken off can be run again.
const seed = given.seed ?? Date.now() % 2 ** 31;
const rounds = given.rounds ?? campaign.rounds;
console.log(`campaign ${given.name}: seed ${seed}, ${rounds} rounds`);
const begun = performance.now();
try {
  const summary = await campaign.run({ seed, rounds });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  for (const [what, count] of Object.entries(summary)) console.log(`  ${what}: ${count}`);
  console.log(`campaign ${given.name}: held, seed ${seed}, ${rounds} rounds, ${seconds} s`);
  process.exit(0);
} catch (error) {
  console.error(error);
  console.error(`campaign ${given.name}: FAILED, seed ${seed}, ${rounds} rounds`);
  process.exit(1);
}
