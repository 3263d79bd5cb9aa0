/**
 * The simplest thing a store could be, for comparison: it keeps the accepted steps of each log and
 * computes every answer from all of them.
 */
import type { SessionState, Turn } from '../../../shared/state.ts';
import type { Append, LogEntry, NewSession, RecordPatch, SessionRecord } from '../store.ts';

type Step =
  | { kind: 'append'; append: Append }
  | { kind: 'patch'; patch: RecordPatch }
  | { kind: 'compact'; upTo: number };

export type Outcome = 'ok' | 'conflict' | 'missing' | 'error';

export interface StoreModel {
  create(session: NewSession): Outcome;
  patch(logId: string, patch: RecordPatch): Outcome;
  append(append: Append): Outcome;
  /** All of it, not in pieces. */
  compact(logId: string, upTo: number): Outcome;
  deleteSession(logId: string): void;
  compactedSeq(logId: string): number;
  /** `logId`s, sorted. */
  uncompacted(): string[];
  lastSeq(logId: string): number;
  records(): SessionRecord[];
  entries(logId: string): LogEntry[];
  checkpoint(logId: string): SessionState | null;
  turns(logId: string): Turn[];
  keys(logId: string): { key: string; turnId: string }[];
}

/** A model with no sessions. */
export function createStoreModel(): StoreModel {
  const logs = new Map<string, { session: NewSession; steps: Step[] }>();

  const appends = (logId: string): Append[] =>
    (logs.get(logId)?.steps ?? []).flatMap((step) => (step.kind === 'append' ? [step.append] : []));
  const names = (logId: string): string[] => {
    const first = logs.get(logId)?.session.id;
    return [
      ...(first === undefined ? [] : [first]),
      ...appends(logId).flatMap(({ rotateTo }) => (rotateTo === null ? [] : [rotateTo])),
    ];
  };
  const isTaken = (id: string) => [...logs.keys()].some((logId) => names(logId).includes(id));
  const written = (logId: string) => appends(logId).flatMap((append) => append.entries);
  const compactedSeq = (logId: string): number =>
    (logs.get(logId)?.steps ?? []).reduce(
      (most, step) => (step.kind === 'compact' ? Math.max(most, step.upTo) : most),
      0,
    );
  const entries = (logId: string) => written(logId).filter(({ seq }) => seq > compactedSeq(logId));
  const checkpoint = (logId: string): SessionState | null => {
    const last = appends(logId).findLast((append) => append.checkpoint !== null)?.checkpoint;
    return last === undefined || last === null ? null : { ...last, turns: [] };
  };
  const turns = (logId: string) => appends(logId).flatMap((append) => append.settled);
  const keys = (logId: string) => appends(logId).flatMap((append) => append.keys);
  const repeats = (values: readonly (string | number)[]) => new Set(values).size < values.length;

  const record = (logId: string): SessionRecord[] => {
    const log = logs.get(logId);
    if (log === undefined) return [];
    const all = names(logId);
    const fresh: SessionRecord = {
      ...log.session,
      id: all.at(-1) ?? log.session.id,
      aliases: all.slice(0, -1),
      agentSessionId: null,
      pinned: false,
      archived: false,
      readSeq: 0,
      readMark: 0,
      draft: '',
      draftRev: 0,
      draftFork: 0,
      updatedAt: log.session.createdAt,
      status: 'idle',
      activeTurnId: null,
      openRequests: 0,
      queued: 0,
      lastSeq: 0,
      endedSeq: 0,
      asks: [],
      lastEnd: null,
    };
    for (const step of log.steps) {
      if (step.kind === 'patch') Object.assign(fresh, step.patch);
      if (step.kind === 'append')
        Object.assign(fresh, step.append.row, { updatedAt: step.append.updatedAt });
    }
    return [fresh];
  };

  return {
    create(session) {
      if (logs.has(session.logId) || isTaken(session.id)) return 'conflict';
      logs.set(session.logId, { session, steps: [] });
      return 'ok';
    },
    patch(logId, patch) {
      logs.get(logId)?.steps.push({ kind: 'patch', patch });
      return logs.has(logId) ? 'ok' : 'missing';
    },
    append(append) {
      const { logId, after, rotateTo } = append;
      if (append.entries.some(({ seq }, index) => seq !== after + 1 + index)) return 'error';
      if (!logs.has(logId)) return 'missing';
      if (
        after !== written(logId).length ||
        repeats([...keys(logId), ...append.keys].map(({ key }) => key)) ||
        repeats([...turns(logId), ...append.settled].map(({ ordinal }) => ordinal)) ||
        (rotateTo !== null && isTaken(rotateTo))
      ) {
        return 'conflict';
      }
      logs.get(logId)?.steps.push({ kind: 'append', append });
      return 'ok';
    },
    compact(logId, upTo) {
      if (!logs.has(logId)) return 'missing';
      if (upTo > (checkpoint(logId)?.seq ?? 0)) return 'error';
      logs.get(logId)?.steps.push({ kind: 'compact', upTo });
      return 'ok';
    },
    deleteSession(logId) {
      logs.delete(logId);
    },
    lastSeq: (logId) => written(logId).length,
    compactedSeq,
    uncompacted: () =>
      [...logs.keys()]
        .filter(
          (logId) => (entries(logId)[0]?.seq ?? Infinity) <= (record(logId)[0]?.endedSeq ?? 0),
        )
        .sort(),
    records: () => [...logs.keys()].flatMap(record),
    entries,
    checkpoint,
    turns: (logId) => turns(logId).toSorted((a, b) => a.ordinal - b.ordinal),
    keys,
  };
}
