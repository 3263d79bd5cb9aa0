/**
 * SIGKILL to an agent's process while its sessions run, wait, are being cancelled, or open: each of its turns ends
 * 'failed' with words that say what happened, other agents' sessions go on, and the next turn works.
 */
import { setTimeout as pass } from 'node:timers/promises';
import { namedDemo, runningAgents, type AgentProcess } from './agent-processes.ts';
import type { Campaign } from './campaign.ts';
import { checkSessions, checkSettled, checkTaken } from './check-sessions.ts';
import { openWorld, type World } from './world.ts';

const AGENTS = ['one', 'two', 'three'];
/** How long a busy machine may take to see a death and to end the turns. */
const END_MS = 20_000;
/** What a turn says whose agent was killed. */
const KILLED =
  /^(\w+) was killed by SIGKILL( while it was starting)?\. The next prompt starts it again\.$/;

interface Kill {
  agentId: string;
  at: number;
}

export const agentKillCampaign: Campaign = {
  rounds: 50,
  async run({ seed, rounds }) {
    const agents = AGENTS.map(namedDemo);
    const world = await openWorld({ name: 'agent-kill', seed, agents });
    const { ledger, readers, traffic, random } = world;
    const kills: Kill[] = [];
    let starting = 0;
    const kill = ({ pid, agentId }: AgentProcess): void => {
      kills.push({ agentId, at: Date.now() });
      process.kill(pid, 'SIGKILL');
    };
    try {
      traffic.start();
      for (let round = 1; round <= rounds; round += 1) {
        await pass(200 + random.below(800));
        const victim = random.pick(await untilAgents(world, () => true));
        const before = liveTurns(world, victim.agentId);
        kill(victim);
        // In a third of the rounds its successor too, as soon as there is one: it starts, or opens sessions.
        if (random.below(3) === 0) {
          const isNext = ({ pid, agentId }: AgentProcess): boolean =>
            agentId === victim.agentId && pid !== victim.pid;
          const [next] = await untilAgents(world, isNext);
          await pass(random.below(300));
          if (next !== undefined) kill(next);
          starting += 1;
        }
        await untilEnded(world, before);
        world.verify(`round ${round}`);
      }
      await traffic.pause();
      await world.calm();
      await everyAgentWorks(world);
      await checkSessions(world);
      checkTaken(ledger, traffic);
      await checkSettled(world);
      const failed = checkFailures(world, kills);
      world.verify('at the end');
      if (failed < rounds)
        throw new Error(`campaign agent-kill, seed ${seed}: it hit too few turns`);
      return {
        events: ledger.events,
        prompts: traffic.prompts.length,
        kills: kills.length,
        'of them successors that had just been started': starting,
        'turns that failed by it': failed,
        connections: readers.reduce((sum, { connections }) => sum + connections, 0),
      };
    } finally {
      await world.close();
    }
  },
};

async function untilAgents(
  { ledger }: World,
  wanted: (agent: AgentProcess) => boolean,
): Promise<AgentProcess[]> {
  const deadline = Date.now() + END_MS;
  for (;;) {
    const found = runningAgents().filter(wanted);
    if (found.length > 0) return found;
    if (Date.now() > deadline) {
      ledger.blame('no prompt started an agent');
      return [];
    }
    await pass(20);
  }
}

function liveTurns({ sessions, ledger }: World, agentId: string) {
  return sessions
    .filter((session) => session.agentId === agentId)
    .flatMap(({ logId }) => {
      const turnId = ledger.of(logId).state.live?.turnId;
      return turnId === undefined ? [] : [{ logId, turnId }];
    });
}

async function untilEnded(
  { ledger, readers }: Pick<World, 'ledger' | 'readers'>,
  turns: readonly { logId: string; turnId: string }[],
): Promise<void> {
  const deadline = Date.now() + END_MS;
  for (const { logId, turnId } of turns) {
    while ((ledger.of(logId).endsOfTurn.get(turnId) ?? []).length === 0) {
      if (Date.now() > deadline) return ledger.blame(`${turnId} did not end with its agent`);
      for (const reader of readers) if (reader.states.has(logId)) reader.poke();
      await pass(10);
    }
  }
}

/** A turn of each agent does what it does on a new one. */
async function everyAgentWorks({ server, sessions, ledger, readers }: World): Promise<void> {
  for (const agentId of AGENTS) {
    const session = sessions.find((row) => row.agentId === agentId);
    if (session === undefined) throw new Error(`no session of ${agentId}`);
    const turnId = await server.prompt(session.id, '/count 5');
    await untilEnded({ ledger, readers }, [{ logId: session.logId, turnId }]);
    const [end] = ledger.of(session.logId).endsOfTurn.get(turnId) ?? [];
    if (end?.reason !== 'end_turn') {
      ledger.blame(`the turn after ${agentId} was killed: ${JSON.stringify(end)}`);
    }
  }
}

/** Only turns of an agent that was just killed say so, in these words. @returns how many */
function checkFailures({ sessions, ledger }: World, kills: readonly Kill[]): number {
  let failed = 0;
  for (const { agentId, logId } of sessions) {
    for (const [end] of ledger.of(logId).endsOfTurn.values()) {
      if (end?.reason !== 'failed' || end.error?.code === 'agent_error') continue;
      const named = KILLED.exec(end.error?.message ?? '')?.[1];
      const wasKilled = kills.some(
        (kill) => kill.agentId === agentId && kill.at <= end.at + 50 && end.at - kill.at < END_MS,
      );
      if (end.error?.code !== 'agent_exited' || named !== agentId || !wasKilled) {
        ledger.blame(`a turn of ${agentId} ended so: ${JSON.stringify(end)}`);
      }
      failed += 1;
    }
  }
  return failed;
}
