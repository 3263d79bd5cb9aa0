import type { EventBody } from '../../shared/events.ts';
import type { SessionState } from '../../shared/state.ts';
import type { Append, SessionRecord } from '../store/store.ts';
export interface AppendDraft {
  /** With everything added so far. */
  state(): SessionState;
  add(bodies: readonly EventBody[]): void;
  /** Null when nothing was added. */
  append(): Append | null;
}
/** Collects the events of one write, folding as it goes. */
export declare function createAppendDraft(base: SessionState, at: number): AppendDraft;
/** The record as the store has it after that write. */
export declare function recordAfter(record: SessionRecord, append: Append): SessionRecord;
