/** The messages that are on their way to the server. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { ContentBlock, PromptMode } from '../../shared/events.ts';
import type { Commands } from '../../shared/hub-api.ts';
import type { Aids } from './aids.ts';
import type { Attachment } from './attachments.ts';
import type { Drafts } from './drafts.ts';
import type { Notices } from './notices.ts';

/** How often a message that got no answer is sent again: an idle socket may be dead, and then another one. */
const REPEATS = 2;

export interface Sending {
  /** The prompt's key: the same one in every retry, so that it gives one turn (L9). */
  key: string;
  logId: string;
  text: string;
  attachments: readonly Attachment[];
}

export interface PromptTarget {
  sessionId: string;
  logId: string;
}

export interface Prompts {
  readonly sending: ReadonlySignal<Sending[]>;
  /**
   * Sends the text with what is attached in the session's box and the files that it names, and empties the box; when
   * that fails all of it is there again. @returns whether it was sent
   */
  send(target: PromptTarget, text: string, mode: PromptMode): Promise<boolean>;
}

export interface PromptsDeps {
  commands: Pick<Commands, 'prompt'>;
  drafts: Pick<Drafts, 'take' | 'putBack'>;
  /** Null: nothing can be attached or named yet. */
  aids(): Pick<Aids, 'attachments' | 'mentions'> | null;
  notices: Notices;
  randomId(): string;
}

export function createPrompts(deps: PromptsDeps): Prompts {
  const { commands, drafts, notices, randomId } = deps;
  const sending = signal<Sending[]>([]);
  /** Of the last message that failed, by log: sent again as it was, it keeps its key. */
  const failed = new Map<string, Sending>();

  return {
    sending,
    async send(target, text, mode) {
      const { sessionId, logId } = target;
      const before = failed.get(logId);
      const aids = deps.aids();
      const attachments = aids?.attachments.take(logId) ?? [];
      const again = before?.text === text && sameFiles(before.attachments, attachments);
      const entry: Sending = { key: again ? before.key : randomId(), logId, text, attachments };
      const { key } = entry;
      failed.delete(logId);
      sending.value = [...sending.value, entry];
      const draftRev = drafts.take(logId);
      const prompt = promptOf(text, aids?.mentions.linksIn(logId, text) ?? [], attachments);
      const input = { prompt, key, mode, ...(draftRev === 0 ? {} : { draftRev }) };
      let result = await commands.prompt(sessionId, input);
      // The answer got lost, as when the page was put aside: the same key asks what became of it.
      for (let repeats = 0; repeats < REPEATS && !result.ok; repeats += 1) {
        if (result.error.code !== 'timeout') break;
        result = await commands.prompt(sessionId, input);
      }
      sending.value = sending.value.filter((one) => one !== entry);
      if (result.ok) {
        aids?.attachments.sent(
          logId,
          attachments.map(({ id }) => id),
        );
        return true;
      }
      failed.set(logId, entry);
      if (text !== '') drafts.putBack(target, text);
      aids?.attachments.putBack(logId, attachments);
      notices.add(
        logId,
        'The message was not sent. It is back in the box; send it again.',
        result.error,
      );
      return false;
    },
  };
}

/** A text alone, or it and what goes with it as ACP blocks. */
function promptOf(
  text: string,
  links: readonly ContentBlock[],
  attachments: readonly Attachment[],
): string | ContentBlock[] {
  if (links.length + attachments.length === 0) return text;
  const words: ContentBlock[] = text.trim() === '' ? [] : [{ type: 'text', text }];
  return [...words, ...links, ...attachments.map(({ block }) => block)];
}

function sameFiles(before: readonly Attachment[], now: readonly Attachment[]): boolean {
  return before.length === now.length && before.every(({ id }, at) => id === now[at]?.id);
}
