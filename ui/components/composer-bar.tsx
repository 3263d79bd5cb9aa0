/** Below the text: quiet tools, and what is done with the message. */
import type { ComponentChildren } from 'preact';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import { AttachButton, EnterHint } from './box-tools.tsx';
import { Glyph } from './glyph.tsx';

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
      <EnterHint />
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
