/** `/`: what needs the person, what runs, and a place to begin. It never projects into a session (O6). */
import { useState } from 'preact/hooks';
import { isUnread, type Row } from '../../shared/row.ts';
import { sessionPath } from '../store/route.ts';
import { DEFAULTS, inputOf } from '../store/new-session.ts';
import { PageLink } from './page-link.tsx';
import { SessionPlace } from './session-place.tsx';
import { useStore } from './store-context.ts';
import { rowWords, titleOf } from './words.ts';

const RECENT = 5;
/** What the demo agent can do without a key or a network. */
const DEMO = ['/count 100 10', '/markdown 8', '/permission', '/question', '/plan', '/tool'];

export function Home() {
  const { rows } = useStore();
  const all = rows.sorted.value;
  const needing = all.filter((row) => row.status === 'waiting');
  const running = all.filter((row) => row.status === 'running' || row.status === 'cancelling');
  const idle = all.filter((row) => row.status === 'idle' && !row.archived);
  const unread = idle.filter(isUnread);
  const recent = idle.filter((row) => !isUnread(row)).slice(0, RECENT);
  const asking = rows.asking.value;
  return (
    <section class="home">
      <h1>What should an agent do?</h1>
      <Start />
      <RowList heading={asking > 1 ? `Needs you (${asking})` : 'Needs you'} rows={needing} />
      <RowList heading="Running" rows={running} />
      <RowList heading="Ended, not read yet" rows={unread} />
      <RowList heading="Recent" rows={recent} />
    </section>
  );
}

function Start() {
  const { agents, actions, prompts, router, firstMessage } = useStore();
  const text = firstMessage.value;
  const [beginning, setBeginning] = useState(DEFAULTS);
  const [making, setMaking] = useState(false);
  const demo = agents.value.find(({ id }) => id === 'demo');

  const start = async () => {
    if (text.trim() === '') return;
    setMaking(true);
    const row = await actions.create(inputOf(beginning));
    setMaking(false);
    if (row === null) return;
    firstMessage.value = '';
    router.navigate(sessionPath(row.id));
    await prompts.send({ sessionId: row.id, logId: row.logId }, text, 'queue');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void start();
  };
  return (
    <form
      class="start"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <textarea
        data-keeps-focus
        rows={3}
        aria-label="First message"
        placeholder="Describe the task. It runs on when you close the tab."
        value={text}
        onInput={(event) => {
          firstMessage.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      <div class="buttons">
        <SessionPlace value={beginning} onChange={setBeginning} />
        <button type="submit" class="button primary" disabled={making || text.trim() === ''}>
          Start
        </button>
      </div>
      {demo === undefined ? null : (
        <p class="demo">
          <span class="hint">Try the {demo.title}:</span>
          {DEMO.map((command) => (
            <button
              key={command}
              type="button"
              class="button small chip"
              onClick={() => {
                setBeginning({ ...beginning, agent: demo.id });
                firstMessage.value = command;
              }}
            >
              {command}
            </button>
          ))}
        </p>
      )}
    </form>
  );
}

function RowList({ heading, rows }: { heading: string; rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="home-list" aria-label={heading}>
      <h2>{heading}</h2>
      <ul>
        {rows.map((row) => (
          <li key={row.logId}>
            <PageLink href={sessionPath(row.id)}>{titleOf(row)}</PageLink>
            <span class="hint">{rowWords(row)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
