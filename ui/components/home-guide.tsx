/** For who is here for the first time: what to try, and how to bring an agent of one's own. */
import { useEffect, useState } from 'preact/hooks';
import type { KnownAgent, KnownAgents } from '../../shared/api.ts';
import { CONFIG_SNIPPET } from './agent-note.tsx';
import { CopyLine } from './copy-line.tsx';
import { Glyph } from './glyph.tsx';
import { useStore } from './store-context.ts';

/** What the demo agent can do without a key or a network, and what one then sees. */
const DEMO: readonly [command: string, sees: string][] = [
  ['/count 300 30', 'Counts for ten seconds. Open a second tab: both show the same turn.'],
  ['/permission', 'Wants to delete a folder, and waits until you allow it or don’t.'],
  ['/question', 'Asks you something with a form.'],
  ['/plan', 'Works along a checklist.'],
  ['/tool', 'Changes a file and shows the difference.'],
  ['/markdown 8', 'Writes a long text with tables and code.'],
];

interface Props {
  /** Puts a command for the demo agent where the first message is written. */
  onTry(command: string): void;
}

export function HomeGuide({ onTry }: Props) {
  const hasDemo = useStore().agents.value.some(({ id }) => id === 'demo');
  return (
    <>
      {hasDemo ? (
        <section class="try" aria-label="Try the demo agent">
          <h2>Try the demo agent</h2>
          <p class="hint">It is built in, and needs no key and no network.</p>
          <ul class="try-cards">
            {DEMO.map(([command, sees]) => (
              <li key={command}>
                <button type="button" class="try-card" onClick={() => onTry(command)}>
                  <code>{command}</code>
                  <span>{sees}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <OwnAgents />
    </>
  );
}

function OwnAgents() {
  const { actions, lookForAgents } = useStore();
  const [all, setAll] = useState<KnownAgents | 'asking' | 'failed'>('asking');
  const look = async () => {
    setAll((await actions.knownAgents()) ?? 'failed');
  };
  useEffect(() => void look(), []);
  const lookAgain = async () => {
    await Promise.all([look(), lookForAgents()]);
  };
  return (
    <section class="own-agents" aria-label="Add your own agent">
      <h2>Add your own agent</h2>
      {all === 'asking' ? <p class="hint">Looking for agents…</p> : null}
      {all === 'failed' ? <p class="hint">The server did not say which agents there are.</p> : null}
      {typeof all === 'string' ? null : (
        <>
          <p class="hint">
            {all.configured
              ? 'tabcast runs any agent that speaks ACP. Here, tabcast.config.json says which: to use another one, install it, add it there and restart tabcast.'
              : 'tabcast runs any agent that speaks ACP. These are found by themselves once they are installed on the server.'}
          </p>
          <ul class="known-agents">
            {all.known
              .toSorted((a, b) => Number(b.found) - Number(a.found))
              .map((agent) => (
                <Known key={agent.id} agent={agent} />
              ))}
          </ul>
        </>
      )}
      <p class="buttons">
        <button type="button" class="button small" onClick={() => void lookAgain()}>
          Check again
        </button>
      </p>
      <details class="fold">
        <summary>Any other agent: name it in a config</summary>
        <p class="hint">
          Save this as <code>tabcast.config.json</code> in the folder that tabcast is started from,
          with your agent’s command, and restart tabcast.
        </p>
        <CopyLine text={CONFIG_SNIPPET} what="the config" />
      </details>
    </section>
  );
}

function Known({ agent }: { agent: KnownAgent }) {
  const { title, url, install, found } = agent;
  return (
    <li>
      <p class="known-head">
        <a href={url} target="_blank" rel="noreferrer">
          {title}
        </a>
        {found ? (
          <span class="known-found">
            <Glyph name="done" /> installed
          </span>
        ) : null}
      </p>
      {found ? null : <CopyLine text={install} what={`the command that installs ${title}`} />}
    </li>
  );
}
