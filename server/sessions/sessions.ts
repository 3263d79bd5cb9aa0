/** All sessions of all principals: found by their owner only (A1), opened when needed, recovered at boot (L10). */
import type { TurnError } from '../../shared/events.ts';
import { createFileFinder } from '../files/file-finder.ts';
import { StorageError, type SessionRecord } from '../store/store.ts';
import type { Timers } from './coalescer.ts';
import { createCompactor } from './compactor.ts';
import { findFolders } from './folders.ts';
import { createDirectoryFeed, toRow, type OwnDirectory } from './directory-feed.ts';
import { createOpenSession, type OpenSession, type OpenSessionDeps } from './open-session.ts';
import { createOpenSessions } from './open-sessions.ts';
import { createRootedHost } from './rooted-host.ts';
import { createSessionHandle } from './session-handle.ts';
import { ServiceError, stopping, type SessionService } from './service.ts';
import { takesOf } from './takes.ts';
import { createTurnPlaces } from './turn-places.ts';
import { workFolder } from './work-folder.ts';

export interface SessionServiceDeps extends Omit<OpenSessionDeps, 'draining' | 'places'> {
  /** For what is done in the background: compaction, and letting go of idle sessions. */
  chores: Timers;
  /** How long the events of a turn stay after its end, milliseconds (L8). */
  compactAfterMs: number;
  /** Folders agents may work in, absolute; the first is the default. */
  roots: readonly string[];
}

/** How long until the end of a turn from before, for which there was no space, is tried again. */
const RECOVER_MS = 1_000;

const STOPPED: TurnError = {
  code: 'interrupted',
  message:
    'tabcast was stopped while this turn ran. What had arrived is kept; send a new message to go on.',
};

/**
 * Opens the store's sessions, and ends the turns that an earlier process left without an end (L10).
 * Does not close the store.
 * @throws what the store throws
 */
export async function createSessionService(deps: SessionServiceDeps): Promise<SessionService> {
  const { store, logger } = deps;
  const host = createRootedHost(deps.host, deps.roots);
  const finder = createFileFinder({ roots: deps.roots, now: deps.now });
  const open = createOpenSessions(deps.chores, deps.now);
  const compactor = createCompactor({
    async compact(logId, upTo, maxBytes) {
      // Its readers must hear of it first.
      const session = await open.get(logId);
      return session === undefined
        ? store.compact(logId, upTo, maxBytes)
        : session.log.compact(upTo, maxBytes);
    },
    graceMs: deps.compactAfterMs,
    timers: deps.chores,
    now: deps.now,
    logger,
  });
  const directories = new Map<string, Promise<OwnDirectory>>();
  const places = createTurnPlaces(deps.limits.turns);
  /** Sessions that are being made, by owner: they count before they are in a directory. */
  const creating = new Map<string, number>();
  /** Timers of what is tried again. */
  const recovering = new Set<unknown>();
  let closing: Promise<void> | null = null;
  let draining = false;
  /** Called when the last turn has ended. */
  let onQuiet = (): void => {};

  const directoryOf = (owner: string): Promise<OwnDirectory> => {
    const known = directories.get(owner);
    if (known !== undefined) return known;
    const loading = store.sessions(owner).then(createDirectoryFeed);
    directories.set(owner, loading);
    loading.catch(() => directories.delete(owner));
    return loading;
  };

  const openSession = (
    logId: string,
    directory: OwnDirectory,
    find: () => Promise<SessionRecord>,
  ): Promise<OpenSession> =>
    open.use(logId, async () => {
      const record = await find();
      let { endedSeq } = record;
      const onRecord = (next: SessionRecord): void => {
        if (next.activeTurnId === null) places.leave(logId);
        else places.keep(logId);
        directory.publish(next);
        if (places.taken === 0) onQuiet();
        if (next.endedSeq === endedSeq) return;
        ({ endedSeq } = next);
        compactor.ended(logId, endedSeq, deps.now());
      };
      const own = { ...deps, host, places, draining: () => draining };
      return createOpenSession(own, record, onRecord);
    });

  const find = async (owner: string, id: string): Promise<SessionRecord> => {
    const record = await store.session(owner, id);
    if (record === null) throw notFound();
    return record;
  };

  /** On a full disk readers are served all the same, and it is done when there is space. */
  const recoverOne = async ({
    log,
    runner,
  }: Pick<OpenSession, 'log' | 'runner'>): Promise<void> => {
    try {
      if (log.state.live === null) await runner.resume();
      else await runner.interrupt(STOPPED);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const timer = deps.timers.set(() => {
        recovering.delete(timer);
        recoverOne({ log, runner }).catch((failed: unknown) => {
          logger.error({ err: failed }, 'a turn from before could not be ended');
        });
      }, RECOVER_MS);
      recovering.add(timer);
    }
  };
  const recover = async (): Promise<void> => {
    for (const record of await store.unsettled()) {
      const directory = await directoryOf(record.owner);
      await recoverOne(await openSession(record.logId, directory, async () => record));
    }
    for (const { logId, endedSeq, updatedAt } of await store.uncompacted()) {
      compactor.ended(logId, endedSeq, updatedAt);
    }
  };

  const close = async (): Promise<void> => {
    open.close();
    await compactor.close();
    for (const timer of recovering) deps.timers.clear(timer);
    recovering.clear();
    for (const session of await Promise.allSettled(open.all())) {
      if (session.status !== 'fulfilled') continue;
      const { runner } = session.value;
      await runner.interrupt(STOPPED).catch((error: unknown) => {
        // The next boot ends the turn in its place (L10).
        logger.error({ err: error }, 'a running turn could not be ended');
      });
      runner.close();
    }
    await host.close();
  };

  /** One more session, if there may be. @returns to be called when it is in the directory, or was not made */
  const countIn = (owner: string, present: number): (() => void) => {
    const others = creating.get(owner) ?? 0;
    const { sessions } = deps.limits;
    if (present + others >= sessions) {
      throw new ServiceError(
        'too_many',
        `You have ${sessions} sessions, as many as this server keeps for one person. Delete some to make room: archived ones count too.`,
      );
    }
    creating.set(owner, others + 1);
    return () => {
      const left = (creating.get(owner) ?? 1) - 1;
      if (left === 0) creating.delete(owner);
      else creating.set(owner, left);
    };
  };

  const refuseWhileClosing = (): void => {
    if (closing === null) return;
    throw stopping();
  };

  await recover();

  return {
    agents: () => host.agents(),
    knownAgents: () => host.knownAgents(),
    async takes(agentId) {
      const agent = host
        .agents()
        .find((one) => (agentId === undefined ? one.default : one.id === agentId));
      if (agent === undefined) throw new ServiceError('not_found', noAgent(agentId));
      return takesOf(host, agent.id);
    },
    async create(owner, input) {
      if (draining) throw stopping();
      refuseWhileClosing();
      const agents = host.agents();
      const agent =
        input.agent === undefined
          ? agents.find((entry) => entry.default)
          : agents.find((entry) => entry.id === input.agent);
      if (agent === undefined) throw new ServiceError('bad_request', noAgent(input.agent));
      const cwd = await workFolder(input.cwd, deps.roots);
      const directory = await directoryOf(owner);
      const title = input.title ?? '';
      const done = countIn(owner, directory.directory.rows().length);
      try {
        const record = await store.createSession({
          id: deps.newId(),
          logId: deps.newId(),
          owner,
          title: title === '' ? 'New session' : title,
          titleSource: title === '' ? 'none' : 'user',
          agentId: agent.id,
          cwd,
          createdAt: deps.now(),
        });
        directory.publish(record);
        return toRow(record);
      } finally {
        done();
      }
    },
    async open(owner, sessionId) {
      refuseWhileClosing();
      const directory = await directoryOf(owner);
      const row = directory.directory.find(sessionId);
      // Only what is in the owner's directory is looked up: foreign and unknown take the same path (A1).
      if (row === undefined) throw notFound();
      const session = await openSession(row.logId, directory, () => find(owner, row.id));
      const onDeleted = (): void => {
        open.forget(row.logId);
        places.leave(row.logId);
        directory.remove(row.logId);
      };
      return createSessionHandle({
        session,
        store,
        host,
        finder,
        agents: host.agents,
        now: deps.now,
        onDeleted,
      });
    },
    directory: directoryOf,
    folders: (path) => findFolders(path, deps.roots),
    search: (owner, query, limit) => store.search(owner, query, limit),
    runningTurns: () => places.taken,
    async drain(graceMs) {
      draining = true;
      if (places.taken === 0) return;
      let timer: unknown = null;
      await new Promise<void>((resolve) => {
        onQuiet = resolve;
        timer = deps.timers.set(resolve, graceMs);
      });
      deps.timers.clear(timer);
    },
    close: () => (closing ??= close()),
  };
}

function notFound(): ServiceError {
  return new ServiceError('not_found', 'There is no such session.');
}

function noAgent(id: string | undefined): string {
  return id === undefined
    ? 'No agent is configured. Add one to tabcast.config.json.'
    : `There is no agent '${id}'.`;
}
