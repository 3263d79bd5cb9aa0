import type { EventBody, SessionEvent } from '../../shared/events.ts';
import type { Append, LogEntry, SessionRecord } from '../store/store.ts';
import type { LogFold } from './log-fold.ts';

export interface AppendDraft {
  /** With everything added so far. */
  readonly fold: LogFold;
  add(bodies: readonly EventBody[]): void;
  /** Null when nothing was added. */
  append(): Append | null;
}

/** Collects the events of one write, folding as it goes. */
export function createAppendDraft(logId: string, base: LogFold, at: number): AppendDraft {
  let fold = base;
  /** Updates settle no turn: then nothing need be folded to know that. */
  let settles = false;
  const entries: LogEntry[] = [];
  const keys: Append['keys'] = [];
  let rotateTo: string | null = null;

  return {
    get fold() {
      return fold;
    },
    add(bodies: readonly EventBody[]) {
      for (const body of bodies) {
        const event: SessionEvent = { seq: fold.seq + 1, at, ...body };
        fold = fold.after(event);
        settles ||= body.type === 'turn.ended';
        entries.push({ seq: event.seq, json: JSON.stringify(event) });
        if (body.type === 'turn.queued') keys.push({ key: body.key, turnId: body.turnId });
        if (body.type === 'session.rotated') rotateTo = body.to;
      }
    },
    append(): Append | null {
      if (entries.length === 0) return null;
      const settled = settles ? fold.full().turns.slice(base.full().turns.length) : [];
      return {
        logId,
        after: base.seq,
        entries,
        row: fold.row,
        updatedAt: at,
        keys,
        settled,
        checkpoint: settled.length > 0 ? { ...fold.full(), turns: [] } : null,
        rotateTo,
      };
    },
  };
}

/** The record as the store has it after that write. */
export function recordAfter(record: SessionRecord, append: Append): SessionRecord {
  const next = { ...record, ...append.row, updatedAt: append.updatedAt };
  if (append.rotateTo === null) return next;
  const aliases = [...record.aliases, record.id].filter((alias) => alias !== append.rotateTo);
  return { ...next, id: append.rotateTo, aliases };
}
