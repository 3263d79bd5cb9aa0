/** The store as a fake: nothing outlives it. It clones what passes through, as a database would. */
import type { SearchHit } from '../../../shared/api.ts';
import type { SessionState, Turn } from '../../../shared/state.ts';
import { checkAppend, checkCompact, checkLimit } from '../check.ts';
import { matches, parseQuery, snippetOf, turnText } from '../search-text.ts';
import {
  StoreConflict,
  StoreMissing,
  type Append,
  type LogEntry,
  type SessionRecord,
  type Store,
} from '../store.ts';

interface Log {
  record: SessionRecord;
  /** In order, gapless, from after `compacted` on. */
  entries: LogEntry[];
  compacted: number;
  /** Prompt key to turn id. */
  keys: Map<string, string>;
  turns: Map<number, Turn>;
  checkpoint: SessionState | null;
}

/** An empty store. */
export function createMemoryStore(): Store {
  const logs = new Map<string, Log>();
  let closed = false;

  const open = <T>(work: () => T): T => {
    if (closed) throw new Error('the store is closed');
    return copy(work());
  };
  const logOf = (logId: string): Log => {
    const log = logs.get(logId);
    if (log === undefined) throw new StoreMissing(`no session with log ${logId}`);
    return log;
  };
  const records = (): SessionRecord[] => [...logs.values()].map(({ record }) => record);
  const withName = (id: string) =>
    records().find((record) => record.id === id || record.aliases.includes(id));
  const refuseTaken = (id: string): void => {
    if (withName(id) !== undefined) throw new StoreConflict(`the session id ${id} is taken`);
  };

  const refuseConflicts = (log: Log, { logId, after, keys, settled, rotateTo }: Append): void => {
    const { lastSeq } = log.record;
    if (lastSeq !== after)
      throw new StoreConflict(`log ${logId} is at ${lastSeq}, not at ${after}`);
    const taken = new Set(log.keys.keys());
    for (const { key } of keys) {
      if (taken.has(key)) throw new StoreConflict(`log ${logId} has a prompt with the key ${key}`);
      taken.add(key);
    }
    const ordinals = new Set(log.turns.keys());
    for (const { ordinal } of settled) {
      if (ordinals.has(ordinal)) {
        throw new StoreConflict(`turn ${ordinal} of log ${logId} is settled`);
      }
      ordinals.add(ordinal);
    }
    if (rotateTo !== null) refuseTaken(rotateTo);
  };

  return {
    createSession: async (session) =>
      open(() => {
        if (logs.has(session.logId)) {
          throw new StoreConflict(`a session with log ${session.logId} exists`);
        }
        refuseTaken(session.id);
        const record: SessionRecord = {
          ...session,
          aliases: [],
          agentSessionId: null,
          pinned: false,
          archived: false,
          readSeq: 0,
          readMark: 0,
          draft: '',
          draftRev: 0,
          draftFork: 0,
          updatedAt: session.createdAt,
          status: 'idle',
          activeTurnId: null,
          openRequests: 0,
          queued: 0,
          lastSeq: 0,
          endedSeq: 0,
          asks: [],
          lastEnd: null,
        };
        logs.set(session.logId, {
          record: copy(record),
          entries: [],
          compacted: 0,
          keys: new Map(),
          turns: new Map(),
          checkpoint: null,
        });
        return record;
      }),
    sessions: async (owner) => open(() => records().filter((record) => record.owner === owner)),
    session: async (owner, id) =>
      open(() => {
        const record = withName(id);
        return record?.owner === owner ? record : null;
      }),
    unsettled: async () =>
      open(() => records().filter(({ status, queued }) => status !== 'idle' || queued > 0)),
    patch: async (logId, patch) =>
      open(() => {
        const log = logOf(logId);
        log.record = { ...log.record, ...copy(patch) };
        return log.record;
      }),
    deleteSession: async (logId) =>
      open(() => {
        logs.delete(logId);
      }),
    append: async (append) =>
      open(() => {
        checkAppend(append);
        const log = logOf(append.logId);
        refuseConflicts(log, append);
        const { entries, row, updatedAt, keys, settled, checkpoint, rotateTo } = copy(append);
        log.entries.push(...entries);
        for (const { key, turnId } of keys) log.keys.set(key, turnId);
        for (const turn of settled) log.turns.set(turn.ordinal, turn);
        if (checkpoint !== null) log.checkpoint = { ...checkpoint, turns: [] };
        log.record = { ...log.record, ...row, updatedAt };
        if (rotateTo !== null) {
          log.record.aliases.push(log.record.id);
          log.record.id = rotateTo;
        }
      }),
    entriesAfter: async (logId, seq, limit) =>
      open(() => {
        checkLimit(limit);
        const log = logs.get(logId);
        const from = Math.max(0, seq - (log?.compacted ?? 0));
        return log?.entries.slice(from, from + limit) ?? [];
      }),
    compact: async (logId, upTo, maxBytes) =>
      open(() => {
        const log = logOf(logId);
        checkCompact(logId, upTo, log.checkpoint?.seq ?? 0);
        for (let size = 0; size < maxBytes && log.compacted < upTo; log.compacted += 1) {
          size += Buffer.byteLength(log.entries.shift()?.json ?? '');
        }
        return log.compacted;
      }),
    compactedSeq: async (logId) => open(() => logs.get(logId)?.compacted ?? 0),
    uncompacted: async () =>
      open(() =>
        [...logs.values()].flatMap(({ record: { logId, endedSeq, updatedAt }, entries }) =>
          (entries[0]?.seq ?? Infinity) <= endedSeq ? [{ logId, endedSeq, updatedAt }] : [],
        ),
      ),
    checkpoint: async (logId) => open(() => logs.get(logId)?.checkpoint ?? null),
    turns: async (logId, before, limit) =>
      open(() => {
        checkLimit(limit);
        const below = [...(logs.get(logId)?.turns.values() ?? [])]
          .filter((turn) => before === null || turn.ordinal < before)
          .sort((a, b) => a.ordinal - b.ordinal);
        return below.slice(Math.max(0, below.length - limit));
      }),
    turnByKey: async (logId, key) => open(() => logs.get(logId)?.keys.get(key) ?? null),
    search: async (owner, query, limit) =>
      open(() => {
        checkLimit(limit);
        const phrases = parseQuery(query);
        if (phrases.length === 0) return [];
        const hits: SearchHit[] = [];
        const look = ({ id, logId, title }: SessionRecord, turn: Turn | null) => {
          const text = turn === null ? title : turnText(turn);
          if (!matches(text, phrases)) return;
          const { turnId, ordinal } = turn ?? { turnId: null, ordinal: null };
          const snippet = snippetOf(text, phrases);
          hits.push({ sessionId: id, logId, title, turnId, ordinal, snippet });
        };
        for (const { record, turns } of logs.values()) {
          if (record.owner !== owner) continue;
          for (const turn of [null, ...turns.values()]) look(record, turn);
        }
        return hits.toReversed().slice(0, limit);
      }),
    check: async () => open(() => {}),
    close: async () => {
      closed = true;
    },
  };
}

/** Through JSON, as stored: what a database would lose (`undefined`) is lost here too. */
function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
