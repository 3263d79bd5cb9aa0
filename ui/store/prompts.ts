/** The messages that are on their way to the server. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { PromptMode } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { Drafts } from './drafts.ts';
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
  /** Sends and empties the textbox; when that fails the text goes back into it. @returns whether it was sent */
  send(target: PromptTarget, text: string, mode: PromptMode): Promise<boolean>;
}

export interface PromptsDeps {
  commands: Pick<Commands, 'prompt'>;
  drafts: Pick<Drafts, 'take' | 'putBack'>;
  notices: Notices;
  randomId(): string;
}

export function createPrompts({ commands, drafts, notices, randomId }: PromptsDeps): Prompts {
  const sending = signal<Sending[]>([]);
  /** Of the last message that failed, by log: sent again as it was, it keeps its key. */
  const failed = new Map<string, Sending>();

  return {
    sending,
    async send(target, text, mode) {
      const { sessionId, logId } = target;
      const before = failed.get(logId);
      const key = before?.text === text ? before.key : randomId();
      const entry: Sending = { key, logId, text };
      failed.delete(logId);
      sending.value = [...sending.value, entry];
      const draftRev = drafts.take(logId);
      const input = { prompt: text, key, mode, ...(draftRev === 0 ? {} : { draftRev }) };
      let result = await commands.prompt(sessionId, input);
      // The answer got lost, as when the page was put aside: the same key asks what became of it.
      for (let again = 0; again < REPEATS && !result.ok; again += 1) {
        if (result.error.code !== 'timeout') break;
        result = await commands.prompt(sessionId, input);
      }
      sending.value = sending.value.filter((one) => one !== entry);
      if (result.ok) return true;
      failed.set(logId, entry);
      drafts.putBack(target, text);
      notices.add(
        logId,
        'The message was not sent. It is back in the box; send it again.',
        result.error,
      );
      return false;
    },
  };
}
