/** What helps to write a message: completion, what goes along with it, what was sent before. Fetched after the page. */
import type { AvailableCommand } from '@agentclientprotocol/sdk';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionRef } from '../store/actions.ts';
import type { Aids } from '../store/aids.ts';
import { attachmentsIn } from '../store/attachments.ts';
import { sentTexts } from '../store/history.ts';
import { Attached } from './attached.tsx';
import { CompletionList } from './completion-list.tsx';
import { historyStep } from './history-keys.ts';
import { useStore } from './store-context.ts';
import { useCompletion } from './use-completion.ts';

/** What the box asks before it does anything itself. @returns true: it was done here */
export interface Hands {
  key(event: KeyboardEvent): boolean;
}

export interface AidsProps {
  session: SessionRef;
  aids: Aids;
  commands: readonly AvailableCommand[];
  box: { current: HTMLTextAreaElement | null };
  text: string;
  /** Null while the box does not have the focus. */
  caret: number | null;
  hands: { current: Hands | null };
  /** Puts a text into the box, as if it were typed. */
  onWrite(text: string, caret: number): void;
  /** Files are over the page. */
  dropping: boolean;
}

export function ComposerAids(props: AidsProps) {
  const { session, aids, commands, box, text, caret, hands, onWrite, dropping } = props;
  const { attachments, mentions, history } = aids;
  const { pane } = useStore();
  const { logId } = session;
  const listId = useId();
  const completion = useCompletion({ session, mentions, text, caret, commands });
  const browse = history.of(logId);
  const files = attachments.of(logId);
  const links = mentions.linksIn(logId, text);

  useEffect(() => attachments.show(logId), [attachments, logId]);
  // With what changes a session's messages this is rendered.
  useEffect(() => {
    const view = pane.peek()?.view;
    if (files.list.length === 0 || view?.kind !== 'shown') return;
    const inLog = new Set(attachmentsIn(view.state));
    attachments.sent(
      logId,
      files.list.flatMap(({ id }) => (inLog.has(id) ? [id] : [])),
    );
  });
  // While a name is being typed its completion asks for it.
  const naming = completion?.name === 'Files';
  useEffect(() => {
    if (!naming) mentions.check(session, text);
  }, [session, text, naming]);

  const active = completion?.active ?? null;
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || active === null) return;
    element.setAttribute('aria-controls', listId);
    element.setAttribute('aria-activedescendant', `${listId}-${active}`);
    return () => {
      element.removeAttribute('aria-controls');
      element.removeAttribute('aria-activedescendant');
    };
  }, [active]);

  /** Where the caret belongs once the text is in the box. */
  const atEnd = useRef(false);
  useLayoutEffect(() => {
    const end = text.length;
    if (atEnd.current) box.current?.setSelectionRange(end, end);
    atEnd.current = false;
  }, [text]);

  const choose = (at: number) => {
    const next = completion?.choose(at) ?? null;
    if (next === null) return;
    onWrite(next.text, next.caret);
    box.current?.focus();
  };
  const complete = (event: KeyboardEvent): boolean => {
    if (completion === null) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const enters = event.key === 'Enter' && !event.shiftKey && !completion.whole;
    if (step !== undefined) completion.step(step);
    else if (event.key === 'Escape') completion.close();
    else if (event.key === 'Tab' || enters) choose(completion.active);
    else return false;
    return true;
  };
  const goThroughHistory = (event: KeyboardEvent): boolean => {
    const step = box.current === null ? null : historyStep(event, box.current, browse !== null);
    switch (step) {
      case null:
        return false;
      case 'older': {
        const view = pane.peek()?.view;
        const sent = view?.kind === 'shown' ? sentTexts(view.state, view.apart) : [];
        if (!history.older(logId, sent)) return false;
        break;
      }
      case 'newer':
        history.newer(logId);
        break;
      case 'leave':
        history.leave(logId);
    }
    atEnd.current = true;
    return true;
  };
  hands.current = { key: (event) => complete(event) || goThroughHistory(event) };
  useEffect(
    () => () => {
      hands.current = null;
    },
    [],
  );

  return (
    <>
      {completion === null ? null : (
        <CompletionList
          id={listId}
          name={completion.name}
          options={completion.options}
          active={completion.active}
          onChoose={choose}
        />
      )}
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
      {dropping ? <p class="composer-drop">Drop to attach</p> : null}
    </>
  );
}
