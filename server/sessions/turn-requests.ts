/** What an agent asks in a turn: opened in the log, and answered to the agent when the log says so (O7). */
import { CreateElicitationRequest, type RequestPermissionOutcome } from '@agentclientprotocol/sdk';
import type { QuestionOutcome, RequestBody, RequestOutcome } from '../../shared/events.ts';
import { openRequests, type SessionState } from '../../shared/state.ts';
import type { AgentHandlers } from '../agents/agent-host.ts';
import type { Logger } from '../log.ts';
import { cancelledOutcome } from './answers.ts';
import type { Decision } from './session-log.ts';
import { isGone } from './turn-failures.ts';
import type { TurnRun } from './turn-run.ts';

export interface TurnRequestDeps {
  /** The turn that runs now. */
  current(): TurnRun | null;
  /** Decides and appends; see the runner's. */
  commit<T>(decide: (state: SessionState) => Decision<T>): Promise<T>;
  newId(): string;
  logger: Logger;
}

export interface TurnRequests extends Pick<AgentHandlers, 'onPermission' | 'onQuestion'> {
  /** The log says so: the agent hears of it. */
  resolved(requestId: string, outcome: RequestOutcome): void;
}

export function createTurnRequests({
  current,
  commit,
  newId,
  logger,
}: TurnRequestDeps): TurnRequests {
  /** The agent's side of open requests. */
  const waiting = new Map<string, (outcome: RequestOutcome) => void>();

  const ask = async (asked: RequestBody, signal: AbortSignal): Promise<RequestOutcome> => {
    const asking = current();
    const cancelled = cancelledOutcome(asked);
    if (asking === null) return cancelled;
    const { request, notices } = asking.intake.request(asked, waiting.size);
    for (const notice of notices) asking.coalescer.push(notice);
    asking.coalescer.flush();
    if (request === null) return cancelled;
    const requestId = newId();
    const { turnId } = asking;
    const answered = new Promise<RequestOutcome>((resolve) => waiting.set(requestId, resolve));
    const takeBack = (): void => {
      commit((state) => {
        const open = openRequests(state).some((entry) => entry.requestId === requestId);
        const event = { type: 'request.resolved' as const, turnId, requestId, outcome: cancelled };
        return { events: open ? [event] : [], result: undefined };
      }).catch((error: unknown) => {
        if (!isGone(error)) logger.error({ err: error }, 'request not closed');
      });
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
    } catch (error) {
      if (isGone(error)) return cancelled;
      // An agent may go on without its answer, but nobody would know what it had asked.
      asking.fail(error);
      throw error;
    } finally {
      waiting.delete(requestId);
      signal.removeEventListener('abort', takeBack);
    }
  };

  return {
    resolved: (requestId, outcome) => waiting.get(requestId)?.(outcome),
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
}
