/** Why an agent can't be used now, and what to do. Told where it matters; nothing is ever run by itself. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AgentInfo, AgentProblem } from '../../shared/api.ts';
import type { Row } from '../../shared/row.ts';
import { sessionPath } from '../store/route.ts';
import { CopyLine } from './copy-line.tsx';
import { ExportLinks } from './export-links.tsx';
import { Glyph } from './glyph.tsx';
import { useStore } from './store-context.ts';
import { baseName } from './words.ts';

const TITLES: Record<AgentProblem['code'], (title: string) => string> = {
  agent_missing: (title) => `${title} is not installed`,
  agent_auth: (title) => `${title} wants you to sign in first`,
  agent_start: (title) => `${title} could not be started`,
  agent_exited: (title) => `${title} stopped when it was started`,
};

/** An agent that is configured, but has a problem. */
export function AgentTrouble({ agent }: { agent: AgentInfo }) {
  const { problem, title } = agent;
  if (problem === undefined) return null;
  const { code, message, hint, detail } = problem;
  return (
    <Note title={TITLES[code](title)}>
      <p>{message}</p>
      {hint === undefined ? null : (
        <>
          <p class="hint">
            {code === 'agent_auth'
              ? 'To sign in, run this in a terminal on the server:'
              : 'To install it, run this in a terminal on the server:'}
          </p>
          <CopyLine text={hint} what="the command" />
        </>
      )}
      {detail === undefined ? null : (
        <details class="fold">
          <summary>What it wrote last</summary>
          <pre tabIndex={0}>{detail}</pre>
        </details>
      )}
      <p class="buttons">
        <CheckAgain />
      </p>
    </Note>
  );
}

/** A session whose agent is not configured any more: it can be read, and gone on from elsewhere. */
export function AgentGone({ row }: { row: Row }) {
  const { agents, actions, router } = useStore();
  const [making, setMaking] = useState(false);
  const next = agents.value.find((agent) => agent.default);
  const goOn = async () => {
    setMaking(true);
    const made = await actions.create({ cwd: row.cwd });
    setMaking(false);
    if (made !== null) router.navigate(sessionPath(made.id));
  };
  return (
    <Note title="The agent of this session is gone">
      <p>
        “{row.agentId}” is not in <code>tabcast.config.json</code> any more. This session is kept
        and can be read; messages would go nowhere. Put the agent back and restart tabcast, or go on
        in a new session.
      </p>
      <p class="buttons">
        {next === undefined ? null : (
          <button type="button" class="button" disabled={making} onClick={() => void goOn()}>
            New session with {next.title} in {baseName(row.cwd)}
          </button>
        )}
        <CheckAgain />
      </p>
      <p>Or take it along as a file:</p>
      <ExportLinks sessionId={row.id} />
    </Note>
  );
}

/** The config names no agent at all. */
export function NoAgent() {
  return (
    <Note title="No agent is configured">
      <p>
        <code>tabcast.config.json</code> says <code>"agents": []</code>, so there is nothing to
        start. Leave <code>agents</code> out to use what is installed, or name some, as here; then
        restart tabcast. Sessions from before are kept.
      </p>
      <CopyLine text={CONFIG_SNIPPET} what="the config" />
    </Note>
  );
}

/** One agent of one's own, and the built-in one. */
export const CONFIG_SNIPPET = `{
  "agents": [
    {
      "id": "mine",
      "title": "My agent",
      "command": "my-agent",
      "args": ["acp"]
    },
    { "id": "demo", "builtin": "demo" }
  ]
}`;

function Note({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="agent-note" aria-label={title}>
      <h2>
        <Glyph name="failed" />
        {title}
      </h2>
      {children}
    </section>
  );
}

function CheckAgain() {
  const { lookForAgents } = useStore();
  const [state, setState] = useState<'rest' | 'checking' | 'same'>('rest');
  const check = async () => {
    setState('checking');
    await lookForAgents();
    // Where it is over, this is not there any more.
    setState('same');
  };
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={state === 'checking'}
        onClick={() => void check()}
      >
        Check again
      </button>
      <span class="hint" role="status">
        {state === 'same' ? 'Still so.' : ''}
      </span>
    </>
  );
}
