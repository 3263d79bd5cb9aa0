/** Where a message is written. Busy is this session's alone (O2, O10). */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import type { SessionRef } from '../store/actions.ts';
import { sendsMessage } from '../store/enter.ts';
import { NOT_LOADED } from './box-tools.tsx';
import type { Hands } from './composer-aids.tsx';
import { ComposerBar } from './composer-bar.tsx';
import { later } from './later.tsx';
import type { Offered } from './pickers.tsx';
import { useStore } from './store-context.ts';
import { pastedFiles, useFileDrop } from './use-file-drop.ts';
import { useGrowing } from './use-growing.ts';

const ComposerAids = later(async () => (await import('./composer-aids.tsx')).ComposerAids, null);

const Pickers = later(async () => (await import('./pickers.tsx')).Pickers, null);

export interface ComposerProps {
  session: SessionRef;
  status: SessionStatus;
  /** The turn that 'Stop' ends: the pane's own (O3). */
  activeTurnId: string | null;
  commands: AvailableCommand[];
  options: Offered;
}

export function Composer({ session, status, activeTurnId, commands, options }: ComposerProps) {
  const { prompts, drafts, actions, enter, loadAids, ...store } = useStore();
  const { logId } = session;
  const box = useRef<HTMLTextAreaElement>(null);
  const hands = useRef<Hands | null>(null);
  const aids = store.aids.value;
  const draft = drafts.text(logId);
  const browse = aids?.history.of(logId) ?? null;
  const text = browse === null ? draft : (browse.entries[browse.at] ?? '');
  const files = aids?.attachments.of(logId);
  const [caret, setCaret] = useState<number | null>(null);
  /** Where the caret belongs in a text that the person did not type. */
  const placed = useRef<number | null>(null);

  useEffect(() => void loadAids().catch(() => {}), []);
  useGrowing(box, text);
  useLayoutEffect(() => {
    const at = placed.current;
    placed.current = null;
    if (at !== null) box.current?.setSelectionRange(at, at);
  }, [text]);

  const add = useCallback(
    (added: File[]) => {
      const agentId = store.paneRow.peek()?.agentId;
      const agent = store.agents.peek().find(({ id }) => id === agentId)?.title;
      loadAids().then(
        ({ attachments }) => attachments.add(session, agent ?? agentId ?? 'The agent', added),
        () => store.notices.add(logId, 'The files were not added.', NOT_LOADED),
      );
    },
    [session],
  );
  // What is dropped or pasted before the aids are there waits for them.
  const dropping = useFileDrop(add);
  const write = (next: string) => {
    // What was half-typed is laid aside, and comes back (P45).
    if (browse !== null) aids?.history.adopt(logId, draft);
    drafts.write(session, next);
  };
  const ready = (text.trim() !== '' || (files?.list.length ?? 0) > 0) && !files?.reading;
  const send = (mode: PromptMode) => {
    if (!ready) return;
    if (browse !== null) aids?.history.adopt(logId, draft);
    void prompts.send(session, text, mode);
    const aside = aids?.history.takeAside(logId) ?? '';
    if (aside !== '') drafts.write(session, aside);
    box.current?.focus();
  };
  const look = () => setCaret(box.current?.selectionEnd ?? null);

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send('queue');
      }}
    >
      <textarea
        ref={box}
        data-keeps-focus
        rows={1}
        aria-label="Message"
        placeholder={`Message, ${commands.length > 0 ? '/ for commands, ' : ''}@ for files`}
        aria-autocomplete="list"
        enterkeyhint={enter.value.value === 'sends' ? 'send' : 'enter'}
        value={text}
        onInput={(event) => {
          write(event.currentTarget.value);
          look();
        }}
        onKeyDown={(event) => {
          // Enter ends the composition of a character (keyCode 229: Safari tells it too late).
          if (event.isComposing || event.keyCode === 229) return;
          if (hands.current?.key(event) === true) return event.preventDefault();
          if (!sendsMessage(enter.value.value, event)) return;
          event.preventDefault();
          send('queue');
        }}
        onKeyUp={look}
        onClick={look}
        onBlur={() => setCaret(null)}
        onPaste={(event) => {
          const pasted = pastedFiles(event.clipboardData);
          if (pasted.length === 0) return;
          event.preventDefault();
          add(pasted);
        }}
      />
      {aids === null ? null : (
        <ComposerAids
          session={session}
          aids={aids}
          commands={commands}
          box={box}
          text={text}
          caret={caret}
          hands={hands}
          onWrite={(next, at) => {
            placed.current = at;
            write(next);
            setCaret(at);
          }}
          dropping={dropping}
        />
      )}
      <ComposerBar
        status={status}
        ready={ready}
        onAdd={add}
        onSend={send}
        onStop={() => {
          if (activeTurnId !== null) void actions.cancel(session, activeTurnId);
        }}
      >
        <Pickers session={session} options={options} />
      </ComposerBar>
    </form>
  );
}
