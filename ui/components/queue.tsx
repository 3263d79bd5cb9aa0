/** Prompts that wait for their turn, in the order in which they run (O10). */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { runOrder, type QueuedPrompt } from '../../shared/state.ts';
import type { SessionRef } from '../store/actions.ts';
import { Glyph } from './glyph.tsx';
import { QueueEditor } from './queue-editor.tsx';
import { useStore } from './store-context.ts';
import { attachedWords, promptText } from './prompt-words.ts';

/** Of a long prompt a line shows this much. */
const SHOWN = 300;

interface Props {
  session: SessionRef;
  queue: QueuedPrompt[];
  /** A turn runs: a held prompt can't be started now. */
  busy: boolean;
}

export function Queue({ session, queue, busy }: Props) {
  const { actions, queueEdits } = useStore();
  const box = useRef<HTMLUListElement>(null);
  const order = runOrder(queue);
  const edit = queueEdits.of(session.logId);
  const keepFocus = useKeepFocus(box, order.map(({ turnId }) => turnId).join());
  useReturnFocus(box, edit?.turnId ?? null);
  if (order.length === 0) return null;
  const held = order.filter((prompt) => prompt.held).length;
  return (
    <div class="queue">
      {held === 0 ? null : (
        <div class="queue-head">
          <Glyph name="held" />
          <p class="hint">Not sent, because a turn was stopped or failed. These wait for you.</p>
          {held === 1 ? null : (
            <button
              type="button"
              class="button small"
              onClick={() => void actions.releaseQueue(session)}
            >
              Send all in turn
            </button>
          )}
        </div>
      )}
      <ul aria-label="Queue" ref={box}>
        {order.map((prompt, at) => (
          <li key={prompt.turnId} data-turn-id={prompt.turnId}>
            {edit?.turnId === prompt.turnId ? (
              <QueueEditor session={session} edit={edit} />
            ) : (
              <Line
                session={session}
                prompt={prompt}
                busy={busy}
                next={at === 0}
                up={neighbour(prompt, order[at - 1])}
                down={neighbour(prompt, order[at + 1])}
                after={order[at + 2]?.turnId ?? null}
                onMove={keepFocus}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface LineProps {
  session: SessionRef;
  prompt: QueuedPrompt;
  busy: boolean;
  next: boolean;
  /** The turns that it may change places with. */
  up: string | null;
  down: string | null;
  /** The one after `down`. */
  after: string | null;
  onMove(turnId: string, name: string): void;
}

function Line({ session, prompt, busy, next, up, down, after, onMove }: LineProps) {
  const { actions, queueEdits } = useStore();
  const { turnId, held } = prompt;
  const text = promptText(prompt.prompt);
  const attached = attachedWords(prompt.prompt);
  const move = (name: string, before: string | null) => {
    onMove(turnId, name);
    void actions.moveQueued(session, turnId, before);
  };
  return (
    <>
      <span class="queue-text" title={text.slice(0, SHOWN)}>
        {text.slice(0, SHOWN)}
      </span>
      {attached === '' ? null : <span class="hint queue-attached">{attached}</span>}
      <span class="hint">{held ? 'waiting' : next ? 'next' : ''}</span>
      <span class="queue-actions">
        {held ? (
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={() => void actions.startQueued(session, turnId)}
          >
            Send now
          </button>
        ) : null}
        {up === null && down === null ? null : (
          <>
            <MoveButton name="Move up" sign="↑" to={up} onMove={(name) => move(name, up)} />
            <MoveButton name="Move down" sign="↓" to={down} onMove={(name) => move(name, after)} />
          </>
        )}
        <button
          type="button"
          class="button small quiet queue-edit"
          onClick={() => queueEdits.begin(session.logId, prompt)}
        >
          Edit
        </button>
        <button
          type="button"
          class="button small quiet"
          onClick={() => void actions.removeQueued(session, turnId)}
        >
          Remove
        </button>
      </span>
    </>
  );
}

interface MoveProps {
  name: string;
  sign: string;
  to: string | null;
  onMove(name: string): void;
}

function MoveButton({ name, sign, to, onMove }: MoveProps) {
  return (
    <button
      type="button"
      class="button small quiet icon"
      aria-label={name}
      title={name}
      disabled={to === null}
      onClick={() => onMove(name)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

/** The other's turn, if the order of the two is free: 'stop and send' goes first, and what waits does not run. */
function neighbour(one: QueuedPrompt, other: QueuedPrompt | undefined): string | null {
  if (other === undefined || one.held !== other.held) return null;
  const urgent = !one.held && (one.mode === 'interrupt' || other.mode === 'interrupt');
  return urgent ? null : other.turnId;
}

/** A line that moves takes its focus along: its button, or the other one where that has no further way to go. */
function useKeepFocus(box: { current: HTMLElement | null }, order: string) {
  const moved = useRef<{ turnId: string; name: string } | null>(null);
  useLayoutEffect(() => {
    if (moved.current === null) return;
    const { turnId, name } = moved.current;
    moved.current = null;
    const line = lineOf(box.current, turnId);
    const button =
      line?.querySelector<HTMLElement>(`button[aria-label="${name}"]:enabled`) ??
      line?.querySelector<HTMLElement>('button[aria-label]:enabled');
    button?.focus();
  }, [order]);
  return (turnId: string, name: string) => {
    moved.current = { turnId, name };
  };
}

/** After an edit the focus is where it began, unless it went elsewhere. */
function useReturnFocus(box: { current: HTMLElement | null }, editing: string | null) {
  const was = useRef<string | null>(null);
  useLayoutEffect(() => {
    const before = was.current;
    was.current = editing;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (before === null || editing !== null || !lost) return;
    lineOf(box.current, before)?.querySelector<HTMLElement>('.queue-edit')?.focus();
  }, [editing]);
}

function lineOf(box: HTMLElement | null, turnId: string): Element | null | undefined {
  return box?.querySelector(`[data-turn-id="${CSS.escape(turnId)}"]`);
}
