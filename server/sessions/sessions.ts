/** All sessions of all principals: found by their owner only (A1), opened when needed, recovered at boot (L10). */
import type { TurnError } from '../../shared/events.ts';
import type { SessionRecord } from '../store/store.ts';
import { createDirectoryFeed, toRow, type OwnDirectory } from './directory-feed.ts';
import { createOpenSession, type OpenSession, type OpenSessionDeps } from './open-session.ts';
import { createRootedHost } from './rooted-host.ts';
import { createSessionHandle } from './session-handle.ts';
import { ServiceError, type SessionService } from './service.ts';
import { workFolder } from './work-folder.ts';

export interface SessionServiceDeps extends OpenSessionDeps {
  /** Folders agents may work in, absolute; the first is the default. */
  roots: readonly string[];
}

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
  const open = new Map<string, Promise<OpenSession>>();
  const directories = new Map<string, Promise<OwnDirectory>>();
  /** `logId`s of sessions with a running turn. */
  const running = new Set<string>();
  let closing: Promise<void> | null = null;

  const directoryOf = (owner: string): Promise<OwnDirectory> => {
    const known = directories.get(owner);
    if (known !== undefined) return known;
    const loading = store.sessions(owner).then(createDirectoryFeed);
    directories.set(owner, loading);
    loading.catch(() => directories.delete(owner));
    return loading;
  };

  const openSession = (record: SessionRecord, directory: OwnDirectory): Promise<OpenSession> => {
    const { logId } = record;
    const known = open.get(logId);
    if (known !== undefined) return known;
    const opening = createOpenSession({ ...deps, host }, record, (next) => {
      if (next.activeTurnId === null) running.delete(logId);
      else running.add(logId);
      directory.publish(next);
    });
    open.set(logId, opening);
    opening.catch(() => open.delete(logId));
    return opening;
  };

  const load = async (owner: string, id: string, directory: OwnDirectory): Promise<OpenSession> => {
    const record = await store.session(owner, id);
    if (record === null) throw notFound();
    return openSession(record, directory);
  };

  const recover = async (): Promise<void> => {
    for (const record of await store.unsettled()) {
      const { runner } = await openSession(record, await directoryOf(record.owner));
      await runner.interrupt(STOPPED);
    }
  };

  const close = async (): Promise<void> => {
    for (const session of await Promise.allSettled(open.values())) {
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

  const refuseWhileClosing = (): void => {
    if (closing === null) return;
    throw new ServiceError('unavailable', 'tabcast is stopping. Try again in a moment.');
  };

  await recover();

  return {
    agents: () => host.agents(),
    async create(owner, input) {
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
    },
    async open(owner, sessionId) {
      refuseWhileClosing();
      const directory = await directoryOf(owner);
      const row = directory.directory.find(sessionId);
      // Only what is in the owner's directory is looked up: foreign and unknown take the same path (A1).
      if (row === undefined) throw notFound();
      const session = await (open.get(row.logId) ?? load(owner, row.id, directory));
      const onDeleted = (): void => {
        open.delete(row.logId);
        running.delete(row.logId);
        directory.remove(row.logId);
      };
      return createSessionHandle({ session, store, onDeleted });
    },
    directory: directoryOf,
    search: (owner, query, limit) => store.search(owner, query, limit),
    runningTurns: () => running.size,
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
