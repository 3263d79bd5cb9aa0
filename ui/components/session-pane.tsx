/** The pane of one session: everything in it comes from that session's own state and row (O2). */
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks';
import { unreachable, type ApiError } from '../../shared/errors.ts';
import { projectRow, type Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { paneStatus, type Pane, type ShownView } from '../store/pane.ts';
import { AgentState } from './agent-state.tsx';
import { Composer } from './composer.tsx';
import { later } from './later.tsx';
import { Deleted, NotFound } from './lazy-pages.ts';
import { NoticesList } from './notices-list.tsx';
import { PlanBar } from './plan-bar.tsx';
import { useStore } from './store-context.ts';
import { LoadingTranscript } from './transcript-blank.tsx';
import { Transcript } from './transcript.tsx';
import { baseName, titleOf } from './words.ts';

const Queue = later(async () => (await import('./queue.tsx')).Queue, null);

const fetchCards = () => import('./cards.ts');
const SendingLines = later(async () => (await fetchCards()).SendingLines, null);

export function SessionPane({ pane }: { pane: Pane }) {
  const row = useStore().paneRow.value;
  const { view } = pane;
  switch (view.kind) {
    case 'missing':
      return view.deleted === null ? <NotFound what="session" /> : <Deleted logId={view.deleted} />;
    case 'loading':
      return (
        <section class="pane">
          <PaneHead row={row} usage={null} />
          <LoadingTranscript />
        </section>
      );
    case 'failed':
      return (
        <section class="pane">
          <PaneHead row={row} usage={null} />
          <Trouble title="The session could not be loaded yet." error={view.error} />
        </section>
      );
    case 'shown':
      return <Shown key={view.state.logId} pane={pane} view={view} row={row} />;
    default:
      return unreachable(view);
  }
}

interface ShownProps {
  pane: Pane;
  view: ShownView;
  row: Row | undefined;
}

function Shown({ pane, view, row }: ShownProps) {
  const { state } = view;
  const [broken] = useErrorBoundary();
  // Needed soon, and perhaps when the network is gone.
  useEffect(() => void fetchCards().catch(() => {}), []);
  const status = paneStatus(state, row);
  const { logId, usage, queue, commands, configOptions } = state;
  // One with turns tells by itself; some agents never do.
  const options = configOptions ?? (state.started === 0 ? 'unasked' : undefined);
  const sessionId = row?.id ?? pane.sessionId;
  const session = useMemo(() => ({ sessionId, logId }), [sessionId, logId]);
  const { activeTurnId } = row !== undefined && row.lastSeq >= state.seq ? row : projectRow(state);
  // A token changes the transcript only: the same vnode tells Preact to leave the rest (T5).
  const head = useMemo(() => <PaneHead row={row} usage={usage} />, [row, usage]);
  const foot = useMemo(
    () => (
      <div class="foot">
        <div class="column">
          <NoticesList logId={logId} />
          <Sending logId={logId} />
          <AgentState />
          {queue.length === 0 ? null : (
            <Queue session={session} queue={queue} busy={status !== 'idle'} />
          )}
          <Composer
            session={session}
            status={status}
            activeTurnId={activeTurnId}
            commands={commands}
            options={options}
          />
        </div>
      </div>
    ),
    [session, queue, status, activeTurnId, commands, options],
  );
  if (broken !== undefined) {
    const error: ApiError = { code: 'internal', message: `${String(broken)} Reload the page.` };
    return <Trouble title="This session can’t be shown." error={error} />;
  }
  return (
    <section class="pane">
      {head}
      {pane.stale === null ? null : (
        <Trouble title="What is shown may be old; more could not be loaded." error={pane.stale} />
      )}
      <Transcript session={session} view={view} status={status} />
      <PlanBar live={state.live} />
      {foot}
    </section>
  );
}

function PaneHead({ row, usage }: { row: Row | undefined; usage: SessionState['usage'] }) {
  const { agents, dialog } = useStore();
  const agent = agents.value.find(({ id }) => id === row?.agentId)?.title ?? row?.agentId;
  return (
    <header class="pane-head">
      <h1>{row === undefined ? 'Session' : titleOf(row)}</h1>
      {row === undefined ? null : (
        <p class="hint" title={row.cwd}>
          {agent} in {baseName(row.cwd)}
          {usage === null ? null : ` · ${percent(usage.used, usage.size)} of its context used`}
        </p>
      )}
      {row === undefined ? null : (
        <button
          type="button"
          class="button small quiet"
          onClick={() => {
            dialog.value = 'export';
          }}
        >
          Export
        </button>
      )}
    </header>
  );
}

const percent = (part: number, of: number) => `${of > 0 ? Math.round((100 * part) / of) : 0} %`;

function Trouble({ title, error }: { title: string; error: ApiError }) {
  return (
    <div class="card banner" role="alert">
      <p>
        <strong>{title}</strong> {error.message}
      </p>
    </div>
  );
}

function Sending({ logId }: { logId: string }) {
  const isSending = useStore().prompts.sending.value.some((one) => one.logId === logId);
  return isSending ? <SendingLines logId={logId} /> : null;
}
