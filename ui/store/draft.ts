/**
 * The box of one session's half-typed message, as a pure machine (O13). What is typed here is never replaced; what
 * was typed elsewhere comes in only where nothing of this tab's is lost by it.
 */
import type { Draft } from '../../shared/api.ts';

export interface DraftBox {
  text: string;
  /** The revision that the text was saved as, or made from. */
  rev: number;
  /** The newest revision that was looked at, taken or not. */
  seen: number;
  /** False until it is known what the server has: till then nothing is saved over it. */
  loaded: boolean;
  /** Typed since the last save began. */
  dirty: boolean;
  saving: boolean;
  /** The text is of this tab's keyboard. */
  own: boolean;
}

export const EMPTY_BOX: DraftBox = {
  text: '',
  rev: 0,
  seen: 0,
  loaded: false,
  dirty: false,
  saving: false,
  own: false,
};

/** Somebody typed here: from now on this tab’s text counts. */
export function typed(box: DraftBox, text: string): DraftBox {
  return { ...box, text, dirty: true, own: true };
}

/** The server's revision became known. */
export function told(box: DraftBox, rev: number): DraftBox {
  return box.loaded || rev > 0 ? box : { ...box, loaded: true };
}

/** True when the server may have a text that belongs here. */
export function wantsText(box: DraftBox, rev: number): boolean {
  return rev > box.seen && !box.saving && (!box.dirty || !box.loaded);
}

/** The server's text has come. */
export function arrived(box: DraftBox, { text, rev, fork }: Draft): DraftBox {
  if (!box.loaded) {
    // Typed before it was known what is there: both are kept.
    const whole = box.own && text !== '' ? `${text}\n\n${box.text}` : box.own ? box.text : text;
    return { ...box, text: whole, rev, seen: rev, loaded: true };
  }
  if (rev <= box.seen || box.dirty || box.saving) return box;
  const knewMine = fork <= box.rev;
  return !box.own || box.text === '' || knewMine
    ? { ...box, text, rev, seen: rev, own: false }
    : { ...box, seen: rev };
}

/** One save at a time, and none before it is known what is written over. */
export function canSave(box: DraftBox): boolean {
  return box.dirty && box.loaded && !box.saving;
}

/** What is typed from here on is for the next save. */
export function saveBegan(box: DraftBox): DraftBox {
  return { ...box, dirty: false, saving: true };
}

/** @param rev the row's after the save */
export function saved(box: DraftBox, text: string, rev: number): DraftBox {
  const next = { ...box, saving: false };
  // An empty box takes nothing that it did not know: then the server still has another's text.
  const refused = text === '' && rev > box.rev + 1;
  return refused ? next : { ...next, rev, seen: rev };
}

/** @param again whether it makes sense to try */
export function saveFailed(box: DraftBox, again: boolean): DraftBox {
  return { ...box, saving: false, dirty: box.dirty || again };
}

/** The text is on its way as a message. A save that is under way may still bring it back: then it is cleared again. */
export function sent(box: DraftBox): DraftBox {
  return { ...box, text: '', dirty: box.saving, own: false };
}
