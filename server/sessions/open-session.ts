/** A session in memory: its log, its turns, and what the two need of each other. */
import { LIMITS } from '../../shared/commands.ts';
import type { AgentHost } from '../agents/agent-host.ts';
import type { Logger } from '../log.ts';
import { StoreConflict, type SessionRecord, type Store, type TitleSource } from '../store/store.ts';
import type { Timers } from './coalescer.ts';
import { decideSent } from './record-patch.ts';
import { openSessionLog, type SessionLog } from './session-log.ts';
import { replacesTitle, shorten, titleOf } from './titles.ts';
import type { Prompt } from './turn-decisions.ts';
import { createTurnRunner, type TurnRunner } from './turn-runner.ts';

export type PromptWish = Prompt & { draftRev?: number };

export interface OpenSession {
  readonly log: SessionLog;
  readonly runner: TurnRunner;
  /** Sets the title, unless one of a higher rank is there. */
  setTitle(title: string, source: TitleSource): Promise<void>;
  /** @returns the turn's id; the same key gives the same turn (L9) */
  prompt(input: PromptWish): Promise<string>;
}

export interface OpenSessionDeps {
  store: Store;
  host: AgentHost;
  logger: Logger;
  timers: Timers;
  now: () => number;
  newId: () => string;
  /** See `RunnerDeps`. */
  draining: () => boolean;
}

/** @param onRecord called after every commit */
export async function createOpenSession(
  deps: OpenSessionDeps,
  record: SessionRecord,
  onRecord: (record: SessionRecord) => void,
): Promise<OpenSession> {
  const { store, host, logger, timers, newId } = deps;
  const { logId, owner } = record;
  const log = await openSessionLog({ store, now: deps.now, onRecord }, record);
  const prompting = new Map<string, Promise<string>>();

  const setTitle = async (title: string, source: TitleSource): Promise<void> => {
    if (title === '') return;
    await log.patch(({ titleSource }) =>
      replacesTitle(source, titleSource) ? { title: shorten(title), titleSource: source } : {},
    );
  };

  const rotate = async (turnId: string | null, id: string): Promise<void> => {
    const holder = await store.session(owner, id);
    if (holder !== null && holder.logId !== logId) throw new StoreConflict(`${id} is taken`);
    await log.rotate(turnId, id);
  };

  const refused =
    (what: string) =>
    (error: unknown): void =>
      logger.warn({ err: error, logId }, `${what} that the agent gave was not taken`);

  const runner = createTurnRunner({
    log,
    host,
    logger,
    timers,
    newId,
    draining: deps.draining,
    maxQueue: LIMITS.queue,
    onTitle: (title) => void setTitle(title, 'agent').catch(refused('a title')),
    onCanonicalId: (turnId, id) => void rotate(turnId, id).catch(refused('a canonical id')),
  });

  const promptOnce = async ({ draftRev, ...input }: PromptWish): Promise<string> => {
    const known = await store.turnByKey(logId, input.key);
    if (known !== null) return known;
    const turnId = newId();
    await runner.prompt(turnId, input);
    if (draftRev !== undefined) await log.patch((record) => decideSent(record, draftRev));
    await setTitle(titleOf(input.prompt), 'prompt');
    return turnId;
  };

  return {
    log,
    runner,
    setTitle,
    prompt(input) {
      const same = prompting.get(input.key);
      if (same !== undefined) return same;
      const pending = promptOnce(input).finally(() => prompting.delete(input.key));
      prompting.set(input.key, pending);
      return pending;
    },
  };
}
