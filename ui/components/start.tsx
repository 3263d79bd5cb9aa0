/** The first message of a session that is made with it: a box as a session's own (P85). */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { sendsMessage } from '../store/enter.ts';
import { agentOf, FIRST_BOX, inputOf, type Beginning } from '../store/new-session.ts';
import { sessionPath } from '../store/route.ts';
import { AttachButton, EnterHint, NOT_LOADED } from './box-tools.tsx';
import { later } from './later.tsx';
import { SessionPlace } from './session-place.tsx';
import { useStore } from './store-context.ts';
import { pastedFiles, useFileDrop } from './use-file-drop.ts';
import { useGrowing } from './use-growing.ts';

const AgentTrouble = later(async () => (await import('./agent-note.tsx')).AgentTrouble, null);
const FirstFiles = later(async () => (await import('./first-files.tsx')).FirstFiles, null);

interface Props {
  box: RefObject<HTMLTextAreaElement | null>;
  beginning: Beginning;
  onBeginning(beginning: Beginning): void;
}

export function Start({ box, beginning, onBeginning }: Props) {
  const { agents, actions, prompts, router, firstMessage, enter, notices, loadAids, ...store } =
    useStore();
  const text = firstMessage.value;
  const [making, setMaking] = useState(false);
  /** The chosen agent does not take what is attached, or that is not known yet. */
  const [barred, setBarred] = useState(false);
  const chosen = agentOf(agents.value, beginning.agent);
  const agentId = beginning.agent;
  const agent = chosen?.title ?? agentId ?? 'The agent';
  const attachments = store.aids.value?.attachments;
  const files = attachments?.of(FIRST_BOX);
  const attached = files?.list.length ?? 0;
  const shown = attached + (files?.reading ?? 0) + (files?.refused.length ?? 0) > 0;
  const ready = (text.trim() !== '' || attached > 0) && !files?.reading && !barred && !making;

  useEffect(() => void loadAids().catch(() => {}), []);
  useGrowing(box, text);
  const add = useCallback(
    (added: File[]) => {
      loadAids().then(
        (aids) => aids.attachments.addFirst(agentId, agent, added),
        () => notices.add(null, 'The files were not added.', NOT_LOADED),
      );
    },
    [agentId, agent],
  );
  const dropping = useFileDrop(add);

  const start = async () => {
    if (!ready) return;
    setMaking(true);
    const row = await actions.create(inputOf(beginning));
    setMaking(false);
    if (row === null) return;
    firstMessage.value = '';
    attachments?.handOver(row.logId);
    router.navigate(sessionPath(row.id));
    await prompts.send({ sessionId: row.id, logId: row.logId }, text, 'queue');
  };
  return (
    <>
      <form
        class="start"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <textarea
          ref={box}
          data-keeps-focus
          rows={3}
          aria-label="First message"
          placeholder="Describe the task"
          enterkeyhint={enter.value.value === 'sends' ? 'send' : 'enter'}
          value={text}
          onInput={(event) => {
            firstMessage.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            // Enter ends the composition of a character (keyCode 229: Safari tells it too late).
            if (event.isComposing || event.keyCode === 229) return;
            if (!sendsMessage(enter.value.value, event)) return;
            event.preventDefault();
            void start();
          }}
          onPaste={(event) => {
            const pasted = pastedFiles(event.clipboardData);
            if (pasted.length === 0) return;
            event.preventDefault();
            add(pasted);
          }}
        />
        {attachments === undefined || !shown ? null : (
          <FirstFiles
            attachments={attachments}
            agentId={agentId}
            agent={agent}
            onBarred={setBarred}
            onEmptied={() => box.current?.focus()}
          />
        )}
        {dropping ? <p class="composer-drop">Drop to attach</p> : null}
        <div class="start-tools">
          <AttachButton onAdd={add} />
          <SessionPlace value={beginning} onChange={onBeginning} />
          <EnterHint />
          <button type="submit" class="button primary" disabled={!ready}>
            Start
          </button>
        </div>
      </form>
      {chosen?.problem === undefined ? null : <AgentTrouble agent={chosen} />}
    </>
  );
}
