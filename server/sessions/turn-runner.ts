/**
 * Runs one session's turns: carries decisions out, speaks with the agent, and sees to it that each turn
 * gets exactly one end (L3), whatever happens to the agent.
 */
import type { AnswerOutcome } from '../../shared/commands.ts';
import type { SessionConfigOption } from '../../shared/config-options.ts';
import type { EventBody, SessionUpdate, TurnError } from '../../shared/events.ts';
import type { SessionState, Turn } from '../../shared/state.ts';
import {
  AgentError,
  type AgentHandlers,
  type AgentHost,
  type AgentSession,
} from '../agents/agent-host.ts';
import type { Limits } from '../limits.ts';
import type { Logger } from '../log.ts';
import { createAgentLink, type AgentHold } from './agent-link.ts';
import { createBacklog } from './backlog.ts';
import { createCoalescer, type Timers } from './coalescer.ts';
import { createAgentOptions } from './agent-options.ts';
import { stopping, type ConfigChoice, type QueuedChange } from './service.ts';
import type { Decision, SessionLog } from './session-log.ts';
import {
  decideAnswer,
  decideCancel,
  decideChange,
  decideEmpty,
  decideEnd,
  decidePrompt,
  decideRelease,
  decideRemove,
  decideResume,
  decideStart,
  type Prompt,
} from './turn-decisions.ts';
import { failure, isGone, type Outcome } from './turn-failures.ts';
import { boundUpdate, createTurnIntake } from './turn-intake.ts';
import type { TurnPlaces } from './turn-places.ts';
import { createTurnRequests } from './turn-requests.ts';
import { createTurnRun, type TurnRun } from './turn-run.ts';
import { isBetweenTurns, isStale, readSessionInfo } from './updates.ts';

/** How long an agent may take to answer a cancel before its turn is ended without it. */
const CANCEL_GRACE_MS = 15_000;
/** How long until an end that could not be written is tried again. */
const END_RETRY_MS = 1_000;

export interface TurnRunner {
  /** What closing would cost the agent. */
  readonly agentHold: AgentHold;
  prompt(turnId: string, input: Prompt): Promise<void>;
  changeQueued(turnId: string, change: QueuedChange): Promise<void>;
  releaseQueue(): Promise<number>;
  startQueued(turnId: string): Promise<void>;
  removeQueued(turnId: string): Promise<boolean>;
  cancel(turnId: string): Promise<boolean>;
  answer(requestId: string, outcome: AnswerOutcome): Promise<void>;
  configure(choice: ConfigChoice | null): Promise<SessionConfigOption[]>;
  /** Ends what runs without waiting for the agent: at boot and shutdown (L10). */
  interrupt(error: TurnError): Promise<void>;
  /** Starts the next prompt, when nothing runs: at boot. */
  resume(): Promise<void>;
  /** Cancels what runs and removes what is queued, without waiting for the agent: before a session is deleted. */
  empty(): Promise<void>;
  /** Lets go of the agent and of every timer. Twice is fine. */
  close(): void;
}

export interface RunnerDeps {
  log: SessionLog;
  host: AgentHost;
  logger: Logger;
  timers: Timers;
  newId: () => string;
  limits: Pick<Limits, 'queue' | 'turnMegabytes'>;
  /** Of all sessions. */
  places: TurnPlaces;
  /** True while the server stops: no turn starts. */
  draining: () => boolean;
  /** The agent named the session. */
  onTitle: (title: string) => void;
  /** The agent announced a new canonical id (O9). */
  onCanonicalId: (turnId: string | null, id: string) => void;
}

export function createTurnRunner(deps: RunnerDeps): TurnRunner {
  const { log, logger, timers } = deps;
  const backlog = createBacklog();
  let run: TurnRun | null = null;
  /** A turn whose end is due, which may wait for others' writes or for space: nothing carries it out any more. */
  let over: string | null = null;
  let closed = false;

  /** Every decision passes here: once durable, it is carried out. */
  const commit = async <T>(decide: (state: SessionState) => Decision<T>): Promise<T> => {
    let decision: Decision<T> | null = null;
    const result = await log
      .transact((state) => {
        const decided = decide(state);
        const starts = state.live === null && decided.events.some(isStart);
        if (starts) deps.places.take(log.feed.logId);
        return (decision = decided);
      })
      .catch((error: unknown) => {
        if (log.state.live === null) deps.places.leave(log.feed.logId);
        throw error;
      });
    for (const event of (decision as Decision<T> | null)?.events ?? []) {
      if (event.type === 'request.resolved') requests.resolved(event.requestId, event.outcome);
    }
    follow();
    return result;
  };

  /** Makes what runs here what the log says runs. */
  const follow = (): void => {
    const { live } = log.state;
    if (live === null || closed || live.turnId === over) return;
    if (run?.turnId !== live.turnId) {
      run = createRun(live.turnId);
      void execute(run, live);
    } else if (live.cancelling) {
      run.stop();
    }
  };

  const createRun = (turnId: string): TurnRun => {
    const intake = createTurnIntake(deps.limits.turnMegabytes);
    const coalescer = createCoalescer(
      (updates) => appendUpdates(turnId, updates, intake.passed()),
      timers,
    );
    return createTurnRun({ turnId, coalescer, intake, timers, graceMs: CANCEL_GRACE_MS });
  };

  const appendUpdates = (turnId: string | null, updates: SessionUpdate[], bytes: number): void => {
    const stored = backlog.add(bytes);
    log
      .update(turnId, updates)
      .catch((error: unknown) => {
        // An agent that was being opened when its session was deleted still tells its commands.
        if (isGone(error)) return;
        logger.error({ err: error, turnId }, 'updates could not be stored');
        if (run?.turnId === turnId) run.fail(error);
      })
      .finally(stored);
  };

  const requests = createTurnRequests({ current: () => run, commit, newId: deps.newId, logger });

  const handlers: AgentHandlers = {
    onUpdate(update) {
      const info = readSessionInfo(update);
      if (info.title !== null) deps.onTitle(info.title);
      if (run !== null) {
        if (!isStale(() => log.state.turns.at(-1), run.tools, update)) {
          for (const kept of run.intake.update(update)) run.coalescer.push(kept);
        }
      } else if (isBetweenTurns(update)) {
        const bounded = boundUpdate(update);
        if (bounded !== null) appendUpdates(null, [bounded.value], bounded.bytes);
      } else {
        logger.debug({ update: update.sessionUpdate }, 'late update of an ended turn dropped');
      }
      if (info.canonicalId !== null) {
        run?.coalescer.flush();
        deps.onCanonicalId(run?.turnId ?? null, info.canonicalId);
      }
      return backlog.room() ?? undefined;
    },
    onPermission: requests.onPermission,
    onQuestion: requests.onQuestion,
  };

  const link = createAgentLink({
    host: deps.host,
    agentId: log.record.agentId,
    cwd: log.record.cwd,
    agentSessionId: () => log.record.agentSessionId,
    handlers,
    onOpening: () => options.opening(),
    async onOpened(session) {
      const { agentSessionId, memory } = session;
      if (memory === 'lost') appendUpdates(run?.turnId ?? null, [LOST_MEMORY], 0);
      if (agentSessionId !== log.record.agentSessionId) await log.patch(() => ({ agentSessionId }));
      await options.opened(session);
    },
  });

  const options = createAgentOptions({
    options: () => log.state.configOptions,
    session: link.session,
    async append(update) {
      // After what the agent said before it.
      run?.coalescer.flush();
      await log.update(null, [update]);
    },
    logger,
  });

  const refuseWhileDraining = (): void => {
    if (deps.draining()) throw stopping();
  };

  const execute = async (mine: TurnRun, turn: Turn): Promise<void> => {
    let outcome: Outcome;
    let session: AgentSession | null = null;
    try {
      session = await mine.orStopped(link.session());
      if (session === null) {
        outcome = { reason: 'cancelled', error: null };
      } else {
        const opened = session;
        const answer = opened.prompt(turn.prompt);
        const stop = await mine.orGivenUp(answer, () => opened.cancel());
        // An agent that does not answer its cancel may still send: what it sends goes nowhere.
        if (stop === null) link.drop();
        outcome = { reason: mine.stopping ? 'cancelled' : (stop ?? 'cancelled'), error: null };
      }
    } catch (error) {
      outcome = failure(error, mine.stopping);
      if (!(error instanceof AgentError)) {
        // What failed is ours: the agent is still at work, and nothing of it may reach the next turn (O11).
        session?.cancel();
        link.drop();
      }
      const open = log.state.live?.turnId === turn.turnId;
      if (open && outcome.error !== null)
        logger.warn({ err: error, turnId: turn.turnId }, 'turn failed');
    }
    mine.coalescer.close();
    await end(mine, outcome);
  };

  const end = async (mine: TurnRun, outcome: Outcome, attempt = 1): Promise<void> => {
    const { turnId } = mine;
    const { reason, error } = outcome;
    over = turnId;
    try {
      await commit((state) => {
        // From here on updates belong to no turn, or to the next.
        if (run === mine) run = null;
        return decideEnd(state, turnId, reason, error, deps.draining() ? 'waits' : 'starts');
      });
      mine.close();
    } catch (failed) {
      if (isGone(failed) || closed) return mine.close();
      if (attempt === 1) {
        logger.error(
          { err: failed, turnId },
          'the end of a turn could not be stored; trying again',
        );
      }
      run = mine;
      mine.later(() => void end(mine, outcome, attempt + 1), END_RETRY_MS);
    }
  };

  return {
    get agentHold() {
      return link.hold;
    },
    prompt: (turnId, input) =>
      commit((state) => {
        refuseWhileDraining();
        return decidePrompt(state, turnId, input, deps.limits.queue);
      }),
    changeQueued: (turnId, change) => commit((state) => decideChange(state, turnId, change)),
    releaseQueue: () =>
      commit((state) => {
        refuseWhileDraining();
        return decideRelease(state);
      }),
    startQueued: (turnId) =>
      commit((state) => {
        refuseWhileDraining();
        return decideStart(state, turnId);
      }),
    removeQueued: (turnId) => commit((state) => decideRemove(state, turnId)),
    cancel: (turnId) => commit((state) => decideCancel(state, turnId)),
    async answer(requestId, outcome) {
      await commit((state) => decideAnswer(state, requestId, outcome));
    },
    async configure(choice) {
      refuseWhileDraining();
      return options.configure(choice);
    },
    async interrupt(error) {
      const { live } = log.state;
      if (live === null) return;
      const ended = run;
      over = live.turnId;
      await commit((state) => decideEnd(state, live.turnId, 'interrupted', error));
      ended?.stop();
    },
    resume: () => commit(decideResume),
    async empty() {
      await commit(decideEmpty);
      run?.stop();
    },
    close() {
      closed = true;
      run?.close();
      run = null;
      link.drop();
    },
  };
}

const isStart = ({ type }: EventBody): boolean => type === 'turn.started';

const LOST_MEMORY: SessionUpdate = {
  sessionUpdate: 'notice',
  severity: 'warning',
  title: 'The agent has lost its memory of this session',
  description:
    'It could not take the earlier conversation up again and began anew. What you see here is kept, but the agent does not know it: repeat what it needs.',
};
