/** `/`: what needs the person, what runs, and a place to begin. It never projects into a session (O6). */
import { useEffect, useRef, useState } from 'preact/hooks';
import { isUnread, type Row } from '../../shared/row.ts';
import { sessionPath } from '../store/route.ts';
import { DEFAULTS } from '../store/new-session.ts';
import { Glyph } from './glyph.tsx';
import { later } from './later.tsx';
import { PageLink } from './page-link.tsx';
import { Start } from './start.tsx';
import { useStore } from './store-context.ts';
import { baseName, rowGlyph, rowWords, titleOf } from './words.ts';

const HomeGuide = later(async () => (await import('./home-guide.tsx')).HomeGuide, null);
const NoAgent = later(async () => (await import('./agent-note.tsx')).NoAgent, null);

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
