/** Handlers that write down what an agent says, and answer what it asks as the test says. */
import type {
  CreateElicitationRequest,
  RequestPermissionOutcome,
  RequestPermissionRequest,
  SessionUpdate,
} from '@agentclientprotocol/sdk';
import { vi } from 'vitest';
import type { QuestionOutcome } from '../../../shared/events.ts';
import type { AgentHandlers } from '../agent-host.ts';

/** For `expect.poll` and `vi.waitFor`: long enough for a busy machine. */
export const SOON = { timeout: 10_000, interval: 5 };

export interface Asked<Request, Outcome> {
  request: Request;
  signal: AbortSignal;
  answer(outcome: Outcome): void;
  /** The handler's promise rejects. */
  fail(error: Error): void;
}

export interface Recorder {
  handlers: AgentHandlers;
  updates: SessionUpdate[];
  permissions: Asked<RequestPermissionRequest, RequestPermissionOutcome>[];
  questions: Asked<CreateElicitationRequest, QuestionOutcome>[];
  /** What happened, in order: text as it is, everything else by its kind. */
  order: string[];
  /** The agent's text so far. */
  text(): string;
  /** Resolves when the text contains `part`. */
  says(part: string): Promise<void>;
  permissionAsked(): Promise<Asked<RequestPermissionRequest, RequestPermissionOutcome>>;
  questionAsked(): Promise<Asked<CreateElicitationRequest, QuestionOutcome>>;
}

export function createRecorder(): Recorder {
  const updates: SessionUpdate[] = [];
  const permissions: Recorder['permissions'] = [];
  const questions: Recorder['questions'] = [];
  const order: string[] = [];
  const text = (): string => updates.map(textOf).join('');
  return {
    updates,
    permissions,
    questions,
    order,
    handlers: {
      onUpdate(update) {
        updates.push(update);
        order.push(textOf(update) || update.sessionUpdate);
      },
      onPermission(request, signal) {
        order.push('permission');
        return asked(permissions, request, signal);
      },
      onQuestion(request, signal) {
        order.push('question');
        return asked(questions, request, signal);
      },
    },
    text,
    says: (part) =>
      vi.waitFor(() => {
        if (!text().includes(part)) throw new Error(`no "${part}" in "${text()}"`);
      }, SOON),
    permissionAsked: () => first(permissions),
    questionAsked: () => first(questions),
  };
}

function textOf(update: SessionUpdate): string {
  return update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text'
    ? update.content.text
    : '';
}

function asked<Request, Outcome>(
  list: Asked<Request, Outcome>[],
  request: Request,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((answer, fail) => {
    list.push({ request, signal, answer, fail });
  });
}

function first<Item>(list: Item[]): Promise<Item> {
  return vi.waitFor(() => {
    const [item] = list;
    if (item === undefined) throw new Error('nothing was asked');
    return item;
  }, SOON);
}
