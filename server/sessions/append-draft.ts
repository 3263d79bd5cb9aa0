import type { EventBody, SessionEvent } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { projectRow } from '../../shared/row.ts';
import type { SessionState } from '../../shared/state.ts';
import type { Append, LogEntry, SessionRecord } from '../store/store.ts';

export interface AppendDraft {
  /** With everything added so far. */
  state(): SessionState;
  add(bodies: readonly EventBody[]): void;
  /** Null when nothing was added. */
  append(): Append | null;
}

/** Collects the events of one write, folding as it goes. */
export function createAppendDraft(base: SessionState, at: number): AppendDraft {
  let state = base;
  const entries: LogEntry[] = [];
  const keys: Append['keys'] = [];
  let rotateTo: string | null = null;

  return {
    state: () => state,
    add(bodies: readonly EventBody[]) {
      for (const body of bodies) {
        const event: SessionEvent = { seq: state.seq + 1, at, ...body };
        const applied = applyEvent(state, event);
        if (applied.kind !== 'applied') throw new Error(`event ${event.seq} does not follow`);
        state = applied.state;
        entries.push({ seq: event.seq, json: JSON.stringify(event) });
        if (body.type === 'turn.queued') keys.push({ key: body.key, turnId: body.turnId });
        if (body.type === 'session.rotated') rotateTo = body.to;
      }
    },
    append(): Append | null {
      if (entries.length === 0) return null;
      const known = base.turns.length;
      const settled = state.turns.slice(known);
      return {
        logId: base.logId,
        after: base.seq,
        entries,
        row: projectRow(state),
        updatedAt: at,
        keys,
        settled,
        checkpoint: settled.length > 0 ? { ...state, turns: [] } : null,
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
