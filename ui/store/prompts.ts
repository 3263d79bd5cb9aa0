/** The half-typed messages of this tab, and the messages that are on their way to the server. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { PromptMode } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { Notices } from './notices.ts';

/** How often a message that got no answer is sent again: an idle socket may be dead, and then another one. */
const REPEATS = 2;

export interface Sending {
  /** The prompt's key: the same one in every retry, so that it gives one turn (L9). */
  key: string;
  logId: string;
  text: string;
}

export interface PromptTarget {
  sessionId: string;
  logId: string;
}

export interface Prompts {
  readonly sending: ReadonlySignal<Sending[]>;
  /** The text of a session's textbox. */
  draft(logId: string): string;
  setDraft(logId: string, text: string): void;
  /** Sends and empties the textbox; when that fails the text goes back into it. @returns whether it was sent */
  send(target: PromptTarget, text: string, mode: PromptMode): Promise<boolean>;
}

export interface PromptsDeps {
  commands: Pick<Commands, 'prompt'>;
  notices: Notices;
  randomId(): string;
}

/** No drafts at first. */
export function createPrompts({ commands, notices, randomId }: PromptsDeps): Prompts {
  const drafts = signal<ReadonlyMap<string, string>>(new Map());
  const sending = signal<Sending[]>([]);
  /** Of the last message that failed, by log: sent again as it was, it keeps its key. */
  const failed = new Map<string, Sending>();

  const setDraft = (logId: string, text: string) => {
    drafts.value = new Map(drafts.value).set(logId, text);
  };

  return {
    sending,
    draft: (logId) => drafts.value.get(logId) ?? '',
    setDraft,
    async send({ sessionId, logId }, text, mode) {
      const before = failed.get(logId);
      const key = before?.text === text ? before.key : randomId();
      const entry: Sending = { key, logId, text };
      failed.delete(logId);
      sending.value = [...sending.value, entry];
      setDraft(logId, '');
      const input = { prompt: text, key, mode };
      let result = await commands.prompt(sessionId, input);
      // The answer got lost, as when the page was put aside: the same key asks what became of it.
      for (let again = 0; again < REPEATS && !result.ok; again += 1) {
        if (result.error.code !== 'timeout') break;
        result = await commands.prompt(sessionId, input);
      }
      sending.value = sending.value.filter((one) => one !== entry);
      if (result.ok) return true;
      failed.set(logId, entry);
      const typed = drafts.value.get(logId) ?? '';
      setDraft(logId, typed === '' ? text : `${text}\n\n${typed}`);
      notices.add(
        logId,
        'The message was not sent. It is back in the box; send it again.',
        result.error,
      );
      return false;
    },
  };
}
