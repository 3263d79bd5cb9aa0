/** `/`: what needs the person, what runs, and a place to begin. It never projects into a session (O6). */
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isUnread, type Row } from '../../shared/row.ts';
import { sessionPath } from '../store/route.ts';
import { agentOf, DEFAULTS, inputOf, type Beginning } from '../store/new-session.ts';
import { Glyph } from './glyph.tsx';
import { later } from './later.tsx';
import { PageLink } from './page-link.tsx';
import { SessionPlace } from './session-place.tsx';
import { useStore } from './store-context.ts';
import { baseName, rowGlyph, rowWords, titleOf } from './words.ts';

const HomeGuide = later(async () => (await import('./home-guide.tsx')).HomeGuide, null);
const NoAgent = later(async () => (await import('./agent-note.tsx')).NoAgent, null);
const AgentTrouble = later(async () => (await import('./agent-note.tsx')).AgentTrouble, null);

const RECENT = 5;

export function Home() {
  const { rows, agents, agentsKnown, lookForAgents, firstMessage } = useStore();
  const [beginning, setBeginning] = useState(DEFAULTS);
  const box = useRef<HTMLTextAreaElement>(null);
  // What was wrong with an agent may be over.
  useEffect(() => void lookForAgents(), []);
  const all = rows.sorted.value;
  const needing = all.filter((row) => row.status === 'waiting');
  const running = all.filter((row) => row.status === 'running' || row.status === 'cancelling');
  const idle = all.filter((row) => row.status === 'idle' && !row.archived);
  const unread = idle.filter(isUnread);
  const recent = idle.filter((row) => !isUnread(row)).slice(0, RECENT);
  const asking = rows.asking.value;
  const isFirst = rows.known.value && all.length === 0;
  const none = agentsKnown.value && agents.value.length === 0;

  const onTry = (command: string) => {
    setBeginning({ ...beginning, agent: 'demo' });
    firstMessage.value = command;
    box.current?.focus();
  };
  return (
    <section class="home">
      <header class="home-head">
        <h1>What should an agent do?</h1>
        {isFirst ? (
          <p class="home-lead">
            tabcast runs agents on this server and shows them live in every tab. Close the tab, and
            they work on.
          </p>
        ) : null}
      </header>
      {none ? <NoAgent /> : <Start box={box} beginning={beginning} onBeginning={setBeginning} />}
      <RowList heading={asking > 1 ? `Needs you (${asking})` : 'Needs you'} rows={needing} />
      <RowList heading="Running" rows={running} />
      <RowList heading="Ended, not read yet" rows={unread} />
      <RowList heading="Recent" rows={recent} />
      {isFirst ? <HomeGuide onTry={onTry} /> : null}
      {rows.known.value && !isFirst ? <MoreGuide onTry={onTry} /> : null}
    </section>
  );
}

/** For who has been here before it is folded away, and fetched when it is opened. */
function MoreGuide({ onTry }: { onTry(command: string): void }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="fold home-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Demo commands, and your own agents</summary>
      {open ? <HomeGuide onTry={onTry} /> : null}
    </details>
  );
}

interface StartProps {
  box: RefObject<HTMLTextAreaElement | null>;
  beginning: Beginning;
  onBeginning(beginning: Beginning): void;
}

function Start({ box, beginning, onBeginning }: StartProps) {
  const { agents, actions, prompts, router, firstMessage } = useStore();
  const text = firstMessage.value;
  const [making, setMaking] = useState(false);
  const chosen = agentOf(agents.value, beginning.agent);

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
    <>
      <form
        class="start"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <textarea
          ref={box}
          data-keeps-focus
          rows={3}
          aria-label="First message"
          placeholder="Describe the task"
          value={text}
          onInput={(event) => {
            firstMessage.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
        <div class="start-tools">
          <SessionPlace value={beginning} onChange={onBeginning} />
          <button type="submit" class="button primary" disabled={making || text.trim() === ''}>
            Start
          </button>
        </div>
      </form>
      {chosen?.problem === undefined ? null : <AgentTrouble agent={chosen} />}
    </>
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
            <span class="home-glyph" data-status={row.status}>
              {rowWords(row) === '' ? null : <Glyph name={rowGlyph(row)} />}
            </span>
            <PageLink href={sessionPath(row.id)}>{titleOf(row)}</PageLink>
            <span class="hint">{rowWords(row) === '' ? baseName(row.cwd) : rowWords(row)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
