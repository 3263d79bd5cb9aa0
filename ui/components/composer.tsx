/** Where a message is written. Busy is this session's alone (O2, O10). */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PromptMode } from '../../shared/events.ts';
import type { SessionStatus } from '../../shared/row.ts';
import type { SessionRef } from '../store/actions.ts';
import { sendsMessage } from '../store/enter.ts';
import { sentTexts, shownText } from '../store/history.ts';
import { CompletionList } from './completion-list.tsx';
import { ComposerBar } from './composer-bar.tsx';
import { later } from './later.tsx';
import { useStore } from './store-context.ts';
import { useCompletion } from './use-completion.ts';
import { pastedFiles, useFileDrop } from './use-file-drop.ts';
import { historyStep, useGrowing } from './use-message-box.ts';

const Attached = later(async () => (await import('./attached.tsx')).Attached);

interface Props {
  session: SessionRef;
  status: SessionStatus;
  /** The turn that 'Stop' ends: the pane's own (O3). */
  activeTurnId: string | null;
  commands: AvailableCommand[];
}

export function Composer({ session, status, activeTurnId, commands }: Props) {
  const store = useStore();
  const { prompts, drafts, actions, attachments, mentions, history } = store;
  const { logId } = session;
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const draft = drafts.text(logId);
  const browse = history.of(logId);
  const text = browse === null ? draft : shownText(browse);
  const [caret, setCaret] = useState<number | null>(null);
  /** Where the caret belongs in a text that the person did not type. */
  const placed = useRef<number | null>(null);
  const completion = useCompletion({ session, text, caret, commands });
  const files = attachments.of(logId);
  const links = mentions.linksIn(logId, text);

  useGrowing(box, text);
  useLayoutEffect(() => {
    const at = placed.current;
    placed.current = null;
    if (at !== null) box.current?.setSelectionRange(at, at);
  }, [text]);
  // While a name is being typed its completion asks for it.
  const naming = completion?.name === 'Files';
  useEffect(() => {
    if (!naming) mentions.check(session, text);
  }, [session, text, naming]);

  const add = useCallback(
    (added: File[]) => {
      const { agents, paneRow } = store;
      const agentId = paneRow.peek()?.agentId;
      const title = agents.peek().find(({ id }) => id === agentId)?.title ?? agentId ?? 'The agent';
      void attachments.add(session, title, added);
    },
    [session],
  );
  const dropping = useFileDrop(add);

  const write = (next: string) => {
    if (browse !== null) history.adopt(logId, draft);
    drafts.write(session, next);
  };
  const choose = (at: number) => {
    const next = completion?.choose(at) ?? null;
    if (next === null) return;
    placed.current = next.caret;
    write(next.text);
    setCaret(next.caret);
    box.current?.focus();
  };
  const ready = (text.trim() !== '' || files.list.length > 0) && files.reading === 0;
  const send = (mode: PromptMode) => {
    if (!ready) return;
    if (browse !== null) history.adopt(logId, draft);
    void prompts.send(session, text, mode);
    const aside = history.takeAside(logId);
    if (aside !== '') drafts.write(session, aside);
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    // Enter ends the composition of a character (keyCode 229: Safari tells it too late).
    if (event.isComposing || event.keyCode === 229) return;
    if (completion !== null) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        return completion.step(step);
      }
      if (event.key === 'Escape') return completion.close();
      const takes = event.key === 'Enter' && !event.shiftKey && !completion.whole;
      if (event.key === 'Tab' || takes) {
        event.preventDefault();
        return choose(completion.active);
      }
    }
    if (sendsMessage(store.enter.key.value, event)) {
      event.preventDefault();
      return send('queue');
    }
    const step = historyStep(event, event.currentTarget, browse !== null);
    if (step === null) return;
    const view = store.pane.peek()?.view;
    if (step === 'older') {
      const sent = view?.kind === 'shown' ? sentTexts(view.state, view.apart) : [];
      if (!history.older(logId, sent)) return;
    } else if (step === 'newer') history.newer(logId);
    else history.leave(logId);
    event.preventDefault();
    placed.current = Infinity;
  };
  const look = () => setCaret(box.current?.selectionEnd ?? null);

  return (
    <form
      class="composer"
      data-dropping={dropping || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send('queue');
      }}
    >
      {completion === null ? null : (
        <CompletionList
          id={listId}
          name={completion.name}
          options={completion.options}
          active={completion.active}
          onChoose={choose}
        />
      )}
      <textarea
        ref={box}
        rows={1}
        aria-label="Message"
        placeholder={
          commands.length > 0 ? 'Message, / for commands, @ for files' : 'Message, @ for files'
        }
        aria-autocomplete="list"
        aria-controls={completion === null ? undefined : listId}
        aria-activedescendant={completion === null ? undefined : `${listId}-${completion.active}`}
        enterkeyhint={store.enter.key.value === 'sends' ? 'send' : 'enter'}
        value={text}
        onInput={(event) => {
          write(event.currentTarget.value);
          look();
        }}
        onKeyDown={onKeyDown}
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
      {browse === null ? null : (
        <p class="hint composer-browse" aria-live="polite">
          Earlier message {browse.at + 1} of {browse.entries.length}. ↓ or Esc goes back to yours.
        </p>
      )}
      {files.list.length + files.reading + files.refused.length + links.length === 0 ? null : (
        <Attached
          files={files}
          links={links}
          onRemove={(id) => attachments.remove(logId, id)}
          onEmptied={() => box.current?.focus()}
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
      />
      {dropping ? <p class="composer-drop">Drop to attach</p> : null}
    </form>
  );
}
