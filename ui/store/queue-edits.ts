/**
 * Changing the text of a prompt that waits in the queue. Nothing is locked: a prompt whose turn comes starts with
 * the text it has, and what was being written goes into the session's box (O10).
 */
import { signal } from '@preact/signals';
import type { ContentBlock } from '../../shared/events.ts';
import type { ApiError } from '../../shared/errors.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { QueuedPrompt } from '../../shared/state.ts';
import type { SessionRef } from './actions.ts';
import type { Drafts } from './drafts.ts';
import type { Notices } from './notices.ts';

export interface QueueEdit {
  turnId: string;
  /** As it was when the change began. */
  before: string;
  text: string;
  /** What it has besides its text: that stays. */
  rest: readonly ContentBlock[];
  saving: boolean;
}

/** A prompt is never empty. */
export function canSave({ saving, text, rest }: QueueEdit): boolean {
  return !saving && (text.trim() !== '' || rest.length > 0);
}

export interface QueueEdits {
  /** The one in a session's pane; null when there is none. Reads a signal. */
  of(logId: string): QueueEdit | null;
  /** Another one that was begun in this session is given up. */
  begin(logId: string, prompt: Pick<QueuedPrompt, 'turnId' | 'prompt'>): void;
  write(logId: string, text: string): void;
  giveUp(logId: string): void;
  save(session: SessionRef): Promise<void>;
  /** The session's queue, as its pane shows it: is the prompt still there? */
  check(session: SessionRef, queue: readonly QueuedPrompt[]): void;
}

export interface QueueEditsDeps {
  commands: Pick<Commands, 'changeQueued'>;
  drafts: Pick<Drafts, 'putBack'>;
  notices: Notices;
}

const TOO_LATE: ApiError = {
  code: 'conflict',
  message: 'The message was sent or removed meanwhile, as it was.',
};

export function createQueueEdits({ commands, drafts, notices }: QueueEditsDeps): QueueEdits {
  const edits = signal<ReadonlyMap<string, QueueEdit>>(new Map());
  const get = (logId: string) => edits.peek().get(logId) ?? null;
  const set = (logId: string, edit: QueueEdit | null) => {
    const next = new Map(edits.peek());
    if (edit === null) next.delete(logId);
    else next.set(logId, edit);
    edits.value = next;
  };
  const change = (logId: string, part: Partial<QueueEdit>) => {
    const edit = get(logId);
    if (edit !== null) set(logId, { ...edit, ...part });
  };
  const tooLate = (session: SessionRef, { text, before }: QueueEdit, error: ApiError) => {
    set(session.logId, null);
    if (text.trim() === '' || text === before) return;
    drafts.putBack(session, text);
    notices.add(session.logId, 'Your change came too late. It is in the box below.', error);
  };

  return {
    of: (logId) => edits.value.get(logId) ?? null,
    begin(logId, { turnId, prompt }) {
      const text = textOf(prompt);
      const rest = prompt.filter(({ type }) => type !== 'text');
      set(logId, { turnId, before: text, text, rest, saving: false });
    },
    write: (logId, text) => change(logId, { text }),
    giveUp: (logId) => set(logId, null),
    async save(session) {
      const { sessionId, logId } = session;
      const edit = get(logId);
      if (edit === null || !canSave(edit)) return;
      if (edit.text === edit.before) return set(logId, null);
      change(logId, { saving: true });
      const { turnId, text, rest } = edit;
      const words: ContentBlock[] = text.trim() === '' ? [] : [{ type: 'text', text }];
      const prompt = rest.length === 0 ? text : [...words, ...rest];
      const result = await commands.changeQueued(sessionId, turnId, { prompt });
      if (get(logId)?.turnId !== turnId) return;
      if (result.ok) return set(logId, null);
      const { code } = result.error;
      if (code === 'conflict' || code === 'not_found') return tooLate(session, edit, result.error);
      change(logId, { saving: false });
      notices.add(logId, 'The change was not saved.', result.error);
    },
    check(session, queue) {
      const edit = get(session.logId);
      if (edit === null || edit.saving) return;
      if (!queue.some(({ turnId }) => turnId === edit.turnId)) tooLate(session, edit, TOO_LATE);
    },
  };
}

function textOf(prompt: readonly ContentBlock[]): string {
  return prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
}
