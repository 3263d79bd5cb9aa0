/** Everything that any reader ever saw of the logs: what a server that was killed must still have. */
import type { SessionEvent } from '../../shared/events.ts';
import { applyEvent } from '../../shared/reducer.ts';
import { emptyState, type SessionState } from '../../shared/state.ts';

export interface LogSeen {
  readonly logId: string;
  /** The fold of all that was seen, from the first event on. */
  readonly state: SessionState;
  /** The bytes of each event, by `seq`, as they came. */
  readonly json: ReadonlyMap<number, string>;
  readonly events: readonly SessionEvent[];
  /** Turns that each prompt key gave. */
  readonly turnsOfKey: ReadonlyMap<string, readonly string[]>;
  /** Ends of each turn that was queued. */
  readonly endsOfTurn: ReadonlyMap<
    string,
    readonly Extract<SessionEvent, { type: 'turn.ended' }>[]
  >;
}

export interface Ledger {
  /** What is wrong, in words; must stay empty. */
  readonly violations: readonly string[];
  readonly events: number;
  blame(what: string): void;
  of(logId: string): LogSeen;
  /** @param json the `data` of its frame */
  see(logId: string, event: SessionEvent, json: string): void;
  /** Tells of each event that was new. @returns the unsubscribe */
  onNew(tell: (event: SessionEvent) => void): () => void;
}

interface Book {
  logId: string;
  state: SessionState;
  json: Map<number, string>;
  events: SessionEvent[];
  turnsOfKey: Map<string, string[]>;
  endsOfTurn: Map<string, Extract<SessionEvent, { type: 'turn.ended' }>[]>;
}

export function createLedger(): Ledger {
  const books = new Map<string, Book>();
  const listeners = new Set<(event: SessionEvent) => void>();
  const violations: string[] = [];
  let count = 0;

  const blame = (what: string): void => {
    if (violations.length < 20) violations.push(what);
  };
  const bookOf = (logId: string): Book => {
    const known = books.get(logId);
    if (known !== undefined) return known;
    const book: Book = {
      logId,
      state: emptyState(logId),
      json: new Map(),
      events: [],
      turnsOfKey: new Map(),
      endsOfTurn: new Map(),
    };
    books.set(logId, book);
    return book;
  };
  const enter = (book: Book, event: SessionEvent): void => {
    if (event.type === 'turn.queued') {
      const turns = book.turnsOfKey.get(event.key) ?? [];
      book.turnsOfKey.set(event.key, [...turns, event.turnId]);
      if (book.endsOfTurn.has(event.turnId)) blame(`turn ${event.turnId} was queued twice`);
      book.endsOfTurn.set(event.turnId, []);
    } else if (event.type === 'turn.ended') {
      const ends = book.endsOfTurn.get(event.turnId);
      if (ends === undefined) return blame(`turn ${event.turnId} ended, and was never queued`);
      ends.push(event);
      if (ends.length > 1) blame(`turn ${event.turnId} ended ${ends.length} times`);
    }
  };

  return {
    violations,
    get events() {
      return count;
    },
    blame,
    of: bookOf,
    see(logId, event, json) {
      const book = bookOf(logId);
      const known = book.json.get(event.seq);
      if (known !== undefined) {
        if (known !== json) blame(`${logId}:${event.seq} was ${known} and is now ${json}`);
        return;
      }
      book.json.set(event.seq, json);
      count += 1;
      const applied = applyEvent(book.state, event);
      if (applied.kind !== 'applied') {
        return blame(`${logId}:${event.seq} came first where ${book.state.seq} was the last`);
      }
      book.state = applied.state;
      book.events.push(event);
      enter(book, event);
      for (const tell of listeners) tell(event);
    },
    onNew(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}
