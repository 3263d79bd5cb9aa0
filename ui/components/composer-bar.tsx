/** Below the text: quiet tools, and what is done with the message. */
import { useRef } from 'preact/hooks';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import { SEND_KEYS } from './enter-option.tsx';
import { Glyph } from './glyph.tsx';
import { useStore } from './store-context.ts';
import { ToolIcon } from './tool-icon.tsx';

interface Props {
  status: SessionStatus;
  /** There is something to send. */
  ready: boolean;
  onAdd(files: File[]): void;
  onSend(mode: PromptMode): void;
  onStop(): void;
}

export function ComposerBar({ status, ready, onAdd, onSend, onStop }: Props) {
  const { enter } = useStore();
  const busy = status !== 'idle';
  return (
    <div class="composer-bar">
      <div class="composer-tools">
        <AttachButton onAdd={onAdd} />
      </div>
      <p class="hint composer-hint">
        {enter.key.value === 'sends' ? 'Enter sends' : `${SEND_KEYS} sends`}
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
        <ToolIcon name="attach" />
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
