/** Sessions in memory behind the service's interface; what a real one would refuse is refused here by hand. */
import { createDirectory } from '../../../shared/directory.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import { projectRow, type Row } from '../../../shared/row.ts';
import type { Turn } from '../../../shared/state.ts';
import { ServiceError, type SessionHandle, type SessionService } from '../../sessions/service.ts';
import { createFakeLog, type FakeLog } from './fake-log.ts';

export interface FakeSession {
  readonly handle: SessionHandle;
  readonly log: FakeLog;
  row(): Row;
  /** Changes the row, as a title or a rotation would. */
  setRow(change: Partial<Row>): void;
}

export interface FakeService extends SessionService {
  /** Every command, with its arguments. */
  readonly calls: unknown[][];
  add(id: string, change?: Partial<Row>): FakeSession;
  remove(session: FakeSession): void;
  /** The next call of `method` throws a ServiceError, or the error itself. */
  refuse(method: string, error: ErrorCode | Error, message?: string): void;
  /** What `cancel` and `removeQueued` answer. */
  found: boolean;
  running: number;
  readonly directoryWaiters: number;
}

/** All sessions belong to `local`. */
export function createFakeService(): FakeService {
  const calls: unknown[][] = [];
  const refusals = new Map<string, Error>();
  const sessions = new Set<FakeSession>();
  const directory = createDirectory();
  const waiters = new Set<() => void>();
  let found = true;
  let running = 0;

  const wake = (): void => {
    for (const check of waiters) check();
  };
  const call = (method: string, ...args: unknown[]): void => {
    calls.push([method, ...args]);
    const refusal = refusals.get(method);
    if (refusal === undefined) return;
    refusals.delete(method);
    throw refusal;
  };

  const add = (id: string, change: Partial<Row> = {}): FakeSession => {
    const logId = change.logId ?? `log-${id}`;
    const log = createFakeLog(logId);
    let row: Row = {
      id,
      aliases: [],
      logId,
      title: '',
      agentId: 'demo',
      cwd: '/srv',
      pinned: false,
      archived: false,
      readSeq: 0,
      readMark: 0,
      draftRev: 0,
      createdAt: 1,
      updatedAt: 1,
      ...projectRow(log.state()),
      ...change,
    };
    const setRow = (next: Partial<Row>): void => {
      row = { ...row, ...next };
      directory.upsert(row);
      wake();
    };
    const handle: SessionHandle = {
      feed: log.feed,
      row: () => row,
      view: () => ({ row, cursor: `${logId}:${log.feed.lastSeq}`, state: log.state() }),
      async turns(before, limit) {
        call('turns', before, limit);
        return { turns: log.state().turns, more: false };
      },
      async patch(patch) {
        call('patch', patch);
        const { title = row.title, pinned = row.pinned } = patch;
        setRow({ title, pinned });
        return row;
      },
      export: () => ({
        row,
        agent: 'Demo',
        at: 0,
        unfinished: log.state().live,
        queue: log.state().queue,
        turns: pages(log.state().turns),
      }),
      draft: () => ({ text: 'half', rev: row.draftRev, fork: 0 }),
      async files(query, limit) {
        call('files', query, limit);
        return { folder: row.cwd, files: [{ path: 'a.txt', size: 3 }], more: false };
      },
      async takes() {
        call('takes');
        return { image: true, audio: false, embeddedContext: true };
      },
      async delete() {
        call('delete', row.id);
        remove(session);
      },
      async prompt(input) {
        call('prompt', input);
        return `turn-of-${input.key}`;
      },
      async changeQueued(turnId, change) {
        call('changeQueued', turnId, change);
      },
      async releaseQueue() {
        call('releaseQueue');
        return 2;
      },
      async startQueued(turnId) {
        call('startQueued', turnId);
      },
      async removeQueued(turnId) {
        call('removeQueued', turnId);
        return found;
      },
      async configure(choice) {
        call('configure', choice);
        return [];
      },
      async cancel(turnId) {
        call('cancel', turnId);
        return found;
      },
      async answer(requestId, outcome) {
        call('answer', requestId, outcome);
      },
    };
    const session: FakeSession = { handle, log, row: () => row, setRow };
    sessions.add(session);
    setRow({});
    return session;
  };
  const remove = (session: FakeSession): void => {
    sessions.delete(session);
    session.log.close();
    directory.remove(session.row().logId);
    wake();
  };

  return {
    calls,
    add,
    remove,
    refuse(method, error, message = 'refused') {
      refusals.set(method, error instanceof Error ? error : new ServiceError(error, message));
    },
    get found() {
      return found;
    },
    set found(next) {
      found = next;
    },
    get running() {
      return running;
    },
    set running(next) {
      running = next;
    },
    get directoryWaiters() {
      return waiters.size;
    },
    agents: () => [{ id: 'demo', title: 'Demo', default: true }],
    knownAgents: () => ({ known: [], configured: true }),
    async takes(agentId) {
      call('takes', agentId);
      return { image: false, audio: false, embeddedContext: true };
    },
    async create(owner, input) {
      call('create', owner, input);
      return add('new', { title: input.title ?? '' }).row();
    },
    async open(owner, sessionId) {
      call('open', owner, sessionId);
      for (const session of sessions) {
        const { id, aliases } = session.row();
        if (owner === 'local' && (id === sessionId || aliases.includes(sessionId))) {
          return session.handle;
        }
      }
      throw new ServiceError('not_found', 'There is no such session.');
    },
    async folders(path) {
      call('folders', path);
      return { roots: ['/srv'], folders: ['/srv/project'], more: false };
    },
    async search(owner, query, limit) {
      call('search', owner, query, limit);
      return [...sessions].map((session) => {
        const { id, logId, title } = session.row();
        return { sessionId: id, logId, title, turnId: null, ordinal: null, snippet: [] };
      });
    },
    async directory() {
      return {
        directory,
        subscribe(reader) {
          waiters.add(reader);
          return () => waiters.delete(reader);
        },
      };
    },
    runningTurns: () => running,
    async drain() {},
    async close() {
      call('close');
    },
  };
}

async function* pages(turns: readonly Turn[]): AsyncGenerator<Turn> {
  yield* turns;
}
