/** Below the text: quiet tools, and what is done with the message. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import { SEND_KEYS } from '../store/enter.ts';
import { Glyph } from './glyph.tsx';
import { useStore } from './store-context.ts';

interface Props {
  status: SessionStatus;
  /** There is something to send. */
  ready: boolean;
  onAdd(files: File[]): void;
  onSend(mode: PromptMode): void;
  onStop(): void;
  /** What the agent lets one choose. */
  children: ComponentChildren;
}

export function ComposerBar({ status, ready, onAdd, onSend, onStop, children }: Props) {
  const busy = status !== 'idle';
  return (
    <div class="composer-bar">
      <div class="composer-tools">
        <AttachButton onAdd={onAdd} />
        {children}
      </div>
      <p class="hint composer-hint">
        {useStore().enter.value.value === 'sends' ? 'Enter sends' : `${SEND_KEYS} sends`}
      </p>
      <div class="buttons">
        {busy ? <StopButton status={status} onStop={onStop} /> : null}
        {busy && ready ? (
          <button type="button" class="button" onClick={() => onSend('interrupt')}>
            Stop and send
          </button>
        ) : null}
        <button type="submit" class="button primary" disabled={!ready}>
          {busy ? 'Queue' : 'Send'}
        </button>
      </div>
    </div>
  );
}

function AttachButton({ onAdd }: Pick<Props, 'onAdd'>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="tool-button"
        aria-label="Attach files"
        title="Attach images or files. They can also be pasted, or dropped on the page."
        onClick={() => input.current?.click()}
      >
        <svg class="tool-icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M10.8 4.6 6 9.4a1.6 1.6 0 0 0 2.3 2.3l5-5a3.2 3.2 0 0 0-4.6-4.5L3.4 7.5a4.8 4.8 0 0 0 6.8 6.8l4-4" />
        </svg>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onAdd([...(event.currentTarget.files ?? [])]);
          // The same file again is a change, too.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function StopButton({ status, onStop }: Pick<Props, 'status' | 'onStop'>) {
  return status === 'cancelling' ? (
    <button type="button" class="button" disabled>
      Stopping…
    </button>
  ) : (
    <button type="button" class="button stop" onClick={onStop}>
      <Glyph name="stopping" />
      Stop
    </button>
  );
}
