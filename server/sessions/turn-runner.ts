/**
 * Runs one session's turns: carries decisions out, speaks with the agent, and sees to it that each turn
 * gets exactly one end (L3), whatever happens to the agent.
 */
import { CreateElicitationRequest, type RequestPermissionOutcome } from '@agentclientprotocol/sdk';
import type { AnswerOutcome } from '../../shared/commands.ts';
import type {
  QuestionOutcome,
  RequestBody,
  RequestOutcome,
  SessionUpdate,
  TurnEndReason,
  TurnError,
} from '../../shared/events.ts';
import { openRequests, type SessionState, type Turn } from '../../shared/state.ts';
import { AgentError, type AgentHandlers, type AgentHost } from '../agents/agent-host.ts';
import type { Logger } from '../log.ts';
import { createAgentLink } from './agent-link.ts';
import { cancelledOutcome } from './answers.ts';
import { createCoalescer, type Timers } from './coalescer.ts';
import { ServiceError, type QueuedChange } from './service.ts';
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
  decideStart,
  type Prompt,
} from './turn-decisions.ts';
import { createTurnRun, type TurnRun } from './turn-run.ts';
import { isBetweenTurns, isStale, readSessionInfo } from './updates.ts';

/** How long an agent may take to answer a cancel before its turn is ended without it. */
const CANCEL_GRACE_MS = 15_000;
/** How long until an end that could not be written is tried again. */
const END_RETRY_MS = 1_000;

export interface TurnRunner {
  prompt(turnId: string, input: Prompt): Promise<void>;
  changeQueued(turnId: string, change: QueuedChange): Promise<void>;
  releaseQueue(): Promise<number>;
  startQueued(turnId: string): Promise<void>;
  removeQueued(turnId: string): Promise<boolean>;
  cancel(turnId: string): Promise<boolean>;
  answer(requestId: string, outcome: AnswerOutcome): Promise<void>;
  /** Ends what runs without waiting for the agent: at boot and shutdown (L10). */
  interrupt(error: TurnError): Promise<void>;
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
  maxQueue: number;
  /** The agent named the session. */
  onTitle: (title: string) => void;
  /** The agent announced a new canonical id (O9). */
  onCanonicalId: (turnId: string | null, id: string) => void;
}

export function createTurnRunner(deps: RunnerDeps): TurnRunner {
  const { log, logger, timers } = deps;
  /** The agent's side of open requests. */
  const waiting = new Map<string, (outcome: RequestOutcome) => void>();
  let run: TurnRun | null = null;
  let closed = false;

  /** Every decision passes here: once durable, it is carried out. */
  const commit = async <T>(decide: (state: SessionState) => Decision<T>): Promise<T> => {
    let decision: Decision<T> | null = null;
    const result = await log.transact((state) => (decision = decide(state)));
    for (const event of (decision as Decision<T> | null)?.events ?? []) {
      if (event.type === 'request.resolved') waiting.get(event.requestId)?.(event.outcome);
    }
    follow();
    return result;
  };

  /** Makes what runs here what the log says runs. */
  const follow = (): void => {
    const { live } = log.state;
    if (live === null || closed) return;
    if (run?.turnId !== live.turnId) {
      run = createRun(live.turnId);
      void execute(run, live);
    } else if (live.cancelling) {
      run.stop();
    }
  };

  const createRun = (turnId: string): TurnRun => {
    const coalescer = createCoalescer((updates) => appendUpdates(turnId, updates), timers);
    return createTurnRun({ turnId, coalescer, timers, graceMs: CANCEL_GRACE_MS });
  };

  const appendUpdates = (turnId: string | null, updates: SessionUpdate[]): void => {
    log.update(turnId, updates).catch((error: unknown) => {
      // An agent that was being opened when its session was deleted still tells its commands.
      if (isGone(error)) return;
      logger.error({ err: error, turnId }, 'updates could not be stored');
      if (run?.turnId === turnId) run.fail(error);
    });
  };

  const handlers: AgentHandlers = {
    onUpdate(update) {
      const info = readSessionInfo(update);
      if (info.title !== null) deps.onTitle(info.title);
      if (run !== null) {
        if (!isStale(() => log.state.turns.at(-1), run.tools, update)) run.coalescer.push(update);
      } else if (isBetweenTurns(update)) {
        appendUpdates(null, [update]);
      } else {
        logger.debug({ update: update.sessionUpdate }, 'late update of an ended turn dropped');
      }
      if (info.canonicalId !== null) {
        run?.coalescer.flush();
        deps.onCanonicalId(run?.turnId ?? null, info.canonicalId);
      }
    },
    async onPermission({ toolCall, options }, signal) {
      const request: RequestBody = { kind: 'permission', toolCall, options };
      return (await ask(request, signal)) as RequestPermissionOutcome;
    },
    async onQuestion(question, signal) {
      if (!CreateElicitationRequest.isForm(question)) return { action: 'decline' };
      const { message, requestedSchema: schema } = question;
      const request: RequestBody = { kind: 'question', message, schema };
      return (await ask(request, signal)) as QuestionOutcome;
    },
  };

  const ask = async (request: RequestBody, signal: AbortSignal): Promise<RequestOutcome> => {
    const asking = run;
    const cancelled = cancelledOutcome(request);
    if (asking === null) return cancelled;
    asking.coalescer.flush();
    const requestId = deps.newId();
    const { turnId } = asking;
    const answered = new Promise<RequestOutcome>((resolve) => waiting.set(requestId, resolve));
    const takeBack = (): void => {
      commit((state) => {
        const open = openRequests(state).some((entry) => entry.requestId === requestId);
        const event = { type: 'request.resolved' as const, turnId, requestId, outcome: cancelled };
        return { events: open ? [event] : [], result: undefined };
      }).catch((error: unknown) => logger.error({ err: error }, 'request not closed'));
    };
    try {
      const opened = await commit<boolean>((state) => {
        const wanted = state.live?.turnId === turnId && !state.live.cancelling && !signal.aborted;
        const event = { type: 'request.opened' as const, turnId, requestId, request };
        return { events: wanted ? [event] : [], result: wanted };
      });
      if (!opened) return cancelled;
      if (signal.aborted) takeBack();
      signal.addEventListener('abort', takeBack, { once: true });
      return await answered;
    } finally {
      waiting.delete(requestId);
      signal.removeEventListener('abort', takeBack);
    }
  };

  const link = createAgentLink({
    host: deps.host,
    agentId: log.record.agentId,
    cwd: log.record.cwd,
    agentSessionId: () => log.record.agentSessionId,
    handlers,
    async onOpened({ agentSessionId, memory }) {
      if (memory === 'lost') appendUpdates(run?.turnId ?? null, [LOST_MEMORY]);
      if (agentSessionId !== log.record.agentSessionId) await log.patch(() => ({ agentSessionId }));
    },
  });

  const execute = async (mine: TurnRun, turn: Turn): Promise<void> => {
    let outcome: { reason: TurnEndReason; error: TurnError | null };
    try {
      const session = await mine.orStopped(link.session());
      if (session === null) {
        outcome = { reason: 'cancelled', error: null };
      } else {
        const answer = session.prompt(turn.prompt);
        const stop = await mine.orGivenUp(answer, () => session.cancel());
        // An agent that does not answer its cancel may still send: what it sends goes nowhere.
        if (stop === null) link.drop();
        outcome = { reason: mine.stopping ? 'cancelled' : (stop ?? 'cancelled'), error: null };
      }
    } catch (error) {
      outcome = failure(error, mine.stopping);
      const open = log.state.live?.turnId === turn.turnId;
      if (open && outcome.error !== null)
        logger.warn({ err: error, turnId: turn.turnId }, 'turn failed');
    }
    mine.coalescer.close();
    await end(mine, outcome.reason, outcome.error);
  };

  const end = async (mine: TurnRun, reason: TurnEndReason, error: TurnError | null) => {
    const { turnId } = mine;
    try {
      await commit((state) => {
        // From here on updates belong to no turn, or to the next.
        if (run === mine) run = null;
        return decideEnd(state, turnId, reason, error);
      });
      mine.close();
    } catch (failed) {
      if (isGone(failed) || closed) return mine.close();
      logger.error({ err: failed, turnId }, 'the end of a turn could not be stored; trying again');
      run = mine;
      mine.later(() => void end(mine, reason, error), END_RETRY_MS);
    }
  };

  return {
    prompt: (turnId, input) => commit((state) => decidePrompt(state, turnId, input, deps.maxQueue)),
    changeQueued: (turnId, change) => commit((state) => decideChange(state, turnId, change)),
    releaseQueue: () => commit(decideRelease),
    startQueued: (turnId) => commit((state) => decideStart(state, turnId)),
    removeQueued: (turnId) => commit((state) => decideRemove(state, turnId)),
    cancel: (turnId) => commit((state) => decideCancel(state, turnId)),
    async answer(requestId, outcome) {
      await commit((state) => decideAnswer(state, requestId, outcome));
    },
    async interrupt(error) {
      const { live } = log.state;
      if (live === null) return;
      const ended = run;
      await commit((state) => decideEnd(state, live.turnId, 'interrupted', error));
      ended?.stop();
    },
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

const LOST_MEMORY: SessionUpdate = {
  sessionUpdate: 'notice',
  severity: 'warning',
  title: 'The agent has lost its memory of this session',
  description:
    'It could not take the earlier conversation up again and began anew. What you see here is kept, but the agent does not know it: repeat what it needs.',
};

/** The session was deleted. */
function isGone(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'not_found';
}

/** One place maps an error to the end of its turn. */
function failure(
  error: unknown,
  stopping: boolean,
): { reason: TurnEndReason; error: TurnError | null } {
  if (error instanceof AgentError) {
    // Agents often answer a cancelled prompt with an error; a death is worth telling all the same.
    if (stopping && error.code === 'agent_error') return { reason: 'cancelled', error: null };
    const { code, message, detail } = error;
    const told: TurnError = { code, message };
    if (detail !== null) told.detail = detail;
    return { reason: 'failed', error: told };
  }
  const message =
    'tabcast could not go on with this turn. What it had received is kept; send the message again.';
  return { reason: 'failed', error: { code: 'internal', message } };
}
