/** What stands in the way of a session's agent; nothing, mostly. */
import { useEffect } from 'preact/hooks';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';

const AgentTrouble = later(async () => (await import('./agent-note.tsx')).AgentTrouble, null);
const AgentGone = later(async () => (await import('./agent-note.tsx')).AgentGone, null);

/** Of the pane's session. Its row changes often: nothing but this is rendered for it. */
export function AgentState() {
  const { agents, agentsKnown, lookForAgents, paneRow } = useStore();
  const row = paneRow.value;
  const failed = row?.lastEnd?.reason === 'failed' ? row.endedSeq : null;
  useEffect(() => {
    if (failed !== null) void lookForAgents();
  }, [failed]);
  if (row === undefined || !agentsKnown.value) return null;
  const agent = agents.value.find(({ id }) => id === row.agentId);
  if (agent === undefined) return <AgentGone row={row} />;
  return agent.problem === undefined ? null : <AgentTrouble agent={agent} />;
}
