/** Where a message is written. Busy is this session's alone (O2, O10). */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import type { SessionRef } from '../store/actions.ts';
import { completeCommand, isWhole, matchCommands } from '../store/slash.ts';
import { CommandList } from './command-list.tsx';
import { useStore } from './store-context.ts';

interface Props {
  session: SessionRef;
  status: SessionStatus;
  /** The turn that 'Stop' ends: the pane's own (O3). */
  activeTurnId: string | null;
  commands: AvailableCommand[];
}

export function Composer({ session, status, activeTurnId, commands }: Props) {
  const { prompts, drafts, actions } = useStore();
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const text = drafts.text(session.logId);
  const busy = status !== 'idle';
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [chosen, setChosen] = useState({ text: '', at: 0 });
  const matches = closedFor === text ? [] : matchCommands(commands, text);
  const at = chosen.text === text ? Math.min(chosen.at, matches.length - 1) : 0;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const write = (next: string) => drafts.write(session, next);
  const complete = (command: AvailableCommand) => {
    const next = completeCommand(command);
    write(next);
    setClosedFor(next);
    box.current?.focus();
  };
  const send = (mode: PromptMode) => {
    if (text.trim() === '') return;
    void prompts.send(session, text, mode);
    box.current?.focus();
  };
  const stop = () => {
    if (activeTurnId !== null) void actions.cancel(session, activeTurnId);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter ends the composition of a character (keyCode 229: Safari tells it too late).
    if (event.isComposing || event.keyCode === 229) return;
    const match = matches[at];
    if (match !== undefined) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        setChosen({ text, at: (at + step + matches.length) % matches.length });
        return;
      }
      if (event.key === 'Escape') {
        setClosedFor(text);
        return;
      }
      if (event.key === 'Tab' || (event.key === 'Enter' && !isWhole(match, text))) {
        event.preventDefault();
        complete(match);
        return;
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send('queue');
    }
  };

  const empty = text.trim() === '';
  const open = matches.length > 0;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send('queue');
      }}
    >
      {open ? <CommandList id={listId} commands={matches} active={at} onChoose={complete} /> : null}
      <textarea
        ref={box}
        data-keeps-focus
        rows={1}
        aria-label="Message"
        placeholder={commands.length > 0 ? 'Message, or / for commands' : 'Message'}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${at}` : undefined}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="buttons">
        {busy ? <StopButton status={status} onStop={stop} /> : null}
        {busy && !empty ? (
          <button type="button" class="button" onClick={() => send('interrupt')}>
            Stop and send
          </button>
        ) : null}
        <button type="submit" class="button primary" disabled={empty}>
          {busy ? 'Queue' : 'Send'}
        </button>
      </div>
    </form>
  );
}

function StopButton({ status, onStop }: { status: SessionStatus; onStop(): void }) {
  return status === 'cancelling' ? (
    <button type="button" class="button" disabled>
      Stopping…
    </button>
  ) : (
    <button type="button" class="button danger" onClick={onStop}>
      Stop
    </button>
  );
}
