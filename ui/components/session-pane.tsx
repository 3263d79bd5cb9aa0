/** The pane of one session: everything in it comes from that session's own state and row (O2). */
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks';
import { unreachable, type ApiError } from '../../shared/errors.ts';
import { projectRow, type Row } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import { memo } from '../memo.ts';
import { paneStatus, type Pane, type ShownView } from '../store/pane.ts';
import { Deleted, NotFound } from './lazy-pages.ts';
import { PaneFoot } from './pane-foot.tsx';
import { PlanBar } from './plan-bar.tsx';
import { useStore } from './store-context.ts';
import { LoadingTranscript } from './transcript-blank.tsx';
import { Transcript } from './transcript.tsx';
import { baseName, titleOf } from './words.ts';

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
  useEffect(() => void import('./cards.ts').catch(() => {}), []);
  const status = paneStatus(state, row);
  const { logId, usage, queue, commands, configOptions } = state;
  // One with turns tells by itself; some agents never do.
  const options = configOptions ?? (state.started === 0 ? 'unasked' : undefined);
  const sessionId = row?.id ?? pane.sessionId;
  const session = useMemo(() => ({ sessionId, logId }), [sessionId, logId]);
  const { activeTurnId } = row !== undefined && row.lastSeq >= state.seq ? row : projectRow(state);
  if (broken !== undefined) {
    const error: ApiError = { code: 'internal', message: `${String(broken)} Reload the page.` };
    return <Trouble title="This session can’t be shown." error={error} />;
  }
  return (
    <section class="pane">
      <PaneHead row={row} usage={usage} />
      {pane.stale === null ? null : (
        <Trouble title="What is shown may be old; more could not be loaded." error={pane.stale} />
      )}
      <Transcript session={session} view={view} status={status} />
      <PlanBar live={state.live} />
      <PaneFoot
        session={session}
        queue={queue}
        status={status}
        activeTurnId={activeTurnId}
        commands={commands}
        options={options}
      />
    </section>
  );
}

interface HeadProps {
  row: Row | undefined;
  usage: SessionState['usage'];
}

const PaneHead = memo(function Head({ row, usage }: HeadProps) {
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
});

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
