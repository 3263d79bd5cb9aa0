/** The half-typed messages: shown from this tab, kept by the server (O13). Drives `draft.ts`. */
import { signal } from '@preact/signals';
import type { Commands } from '../../shared/hub-api.ts';
import type { Row } from '../../shared/row.ts';
import type { Timers } from '../env.ts';
import type { SessionRef } from './actions.ts';
import {
  arrived,
  canSave,
  EMPTY_BOX,
  saveBegan,
  saved,
  saveFailed,
  sent,
  told,
  typed,
  wantsText,
  type DraftBox,
} from './draft.ts';

/** From a keystroke to its save, milliseconds: the most that a tab that crashes loses. */
export const SAVE_MS = 500;
/** Until a save or a question that failed is tried again, milliseconds. */
export const RETRY_MS = 5_000;

export interface Drafts {
  /** The text of a session's box. Reads a signal. */
  text(logId: string): string;
  write(session: SessionRef, text: string): void;
  /** Puts a text back into the box, before what was typed since. */
  putBack(session: SessionRef, text: string): void;
  /** The row of the session that is shown: asks for the text if the server has a newer one. */
  show(row: Row): void;
  /** Empties the box, whose text is sent. @returns the revision that was sent; 0 when none was saved */
  take(logId: string): number;
  /** Saves what is not saved: the page is about to go. */
  flush(): void;
  /** Twice is fine; leaves no timer. */
  close(): void;
}

export interface DraftsDeps {
  commands: Pick<Commands, 'draft' | 'patchSession'>;
  timers: Timers;
}

export function createDrafts({ commands, timers }: DraftsDeps): Drafts {
  const boxes = signal<ReadonlyMap<string, DraftBox>>(new Map());
  /** The session of each box that was ever written to or shown, and the last revision its row told. */
  const known = new Map<string, { session: SessionRef; rev: number }>();
  const waiting = new Map<string, { timer: number; at: number }>();
  const asking = new Set<string>();
  let closed = false;

  // Not `boxes.value`: whoever writes must not be run again by what is written.
  const get = (logId: string): DraftBox => boxes.peek().get(logId) ?? EMPTY_BOX;
  const set = (logId: string, box: DraftBox) => {
    if (box === get(logId)) return;
    boxes.value = new Map(boxes.peek()).set(logId, box);
  };

  const later = (logId: string, ms: number) => {
    const at = timers.now() + ms;
    const before = waiting.get(logId);
    if (closed || (before !== undefined && before.at <= at)) return;
    if (before !== undefined) timers.clearTimeout(before.timer);
    const timer = timers.setTimeout(() => {
      waiting.delete(logId);
      go(logId);
    }, ms);
    waiting.set(logId, { timer, at });
  };
  /** Does what is due for a box. */
  const go = (logId: string) => {
    const entry = known.get(logId);
    if (entry === undefined || closed) return;
    const box = get(logId);
    if (canSave(box)) void save(entry.session, box);
    else if (wantsText(box, entry.rev)) void ask(entry.session);
  };

  const goSoon = (logId: string) => {
    const box = get(logId);
    if (canSave(box) || wantsText(box, known.get(logId)?.rev ?? 0)) later(logId, SAVE_MS);
  };

  const save = async ({ sessionId, logId }: SessionRef, box: DraftBox) => {
    set(logId, saveBegan(box));
    const { text, rev } = box;
    const result = await commands.patchSession(sessionId, { draft: text, draftRev: rev });
    if (result.ok) {
      set(logId, saved(get(logId), text, result.value.draftRev));
      goSoon(logId);
      return;
    }
    const again = isPassing(result.error.code);
    set(logId, saveFailed(get(logId), again));
    if (again) later(logId, RETRY_MS);
  };

  const ask = async ({ sessionId, logId }: SessionRef) => {
    if (asking.has(logId)) return;
    asking.add(logId);
    const result = await commands.draft(sessionId);
    asking.delete(logId);
    if (!result.ok) {
      if (isPassing(result.error.code)) later(logId, RETRY_MS);
      return;
    }
    set(logId, arrived(get(logId), result.value));
    goSoon(logId);
  };

  const note = (session: SessionRef, rev: number) => known.set(session.logId, { session, rev });
  const write = (session: SessionRef, text: string) => {
    const { logId } = session;
    note(session, known.get(logId)?.rev ?? 0);
    set(logId, typed(get(logId), text));
    later(logId, SAVE_MS);
  };

  return {
    text: (logId) => boxes.value.get(logId)?.text ?? '',
    write,
    putBack(session, text) {
      const { text: since } = get(session.logId);
      write(session, since === '' ? text : `${text}\n\n${since}`);
    },
    show({ id, logId, draftRev }) {
      note({ sessionId: id, logId }, draftRev);
      set(logId, told(get(logId), draftRev));
      if (wantsText(get(logId), draftRev)) go(logId);
      else goSoon(logId);
    },
    take(logId) {
      const box = get(logId);
      set(logId, sent(box));
      return box.rev;
    },
    flush() {
      for (const [logId, { session }] of known) {
        const box = get(logId);
        if (canSave(box)) void save(session, box);
      }
    },
    close() {
      closed = true;
      for (const { timer } of waiting.values()) timers.clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** Whether the same may succeed later; a deleted session and a text that is too long stay what they are. */
function isPassing(code: string): boolean {
  return code !== 'not_found' && code !== 'bad_request' && code !== 'too_large';
}
