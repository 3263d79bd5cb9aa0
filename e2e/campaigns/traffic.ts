/** What people do with sessions, at random: prompts, queues, answers, cancels. Remembers what the server said to it. */
import { setTimeout as pass } from 'node:timers/promises';
import type { AnswerOutcome } from '../../shared/commands.ts';
import type { RequestBody } from '../../shared/events.ts';
import type { Row } from '../../shared/row.ts';
import { openRequests } from '../../shared/state.ts';
import type { Random } from '../fixtures/random.ts';
import type { TestServer } from '../fixtures/server.ts';
import type { Ledger } from './ledger.ts';

/** A prompt and all that was answered to it: the same key is one turn (L9). */
export interface SentPrompt {
  session: Row;
  text: string;
  key: string;
  mode: 'queue' | 'interrupt';
  turnIds: Set<string>;
  /** No answer came: it may have been taken or not. */
  cut: boolean;
}

/** An answer to a request that the server took. */
export interface TakenAnswer {
  logId: string;
  requestId: string;
  outcome: AnswerOutcome;
}

export interface Traffic {
  readonly prompts: readonly SentPrompt[];
  readonly answers: readonly TakenAnswer[];
  /** Turns whose cancel was taken, and queued prompts whose removal was. */
  readonly cancelled: readonly { logId: string; turnId: string }[];
  readonly removed: readonly { logId: string; turnId: string }[];
  /** Requests without an answer. */
  readonly cuts: number;
  start(): void;
  /** Resolves when nothing is on its way any more. */
  pause(): Promise<void>;
  /** Sends a prompt to each of these sessions at once. */
  burst(sessions: readonly Row[], text: string): Promise<void>;
  /** Sends again what had no answer, with its key, until it has one. */
  sendCutAgain(): Promise<void>;
}

interface Deps {
  server: TestServer;
  sessions: readonly Row[];
  ledger: Ledger;
  random: Random;
  /** Something was done to that session: its readers look. */
  onAction(logId: string): void;
}

const LONG_QUEUE = 5;
const PROMPTS = [
  '/count 40 40',
  '/count 150 100',
  '/count 400 400',
  '/count 300',
  '/markdown 2 4',
  '/markdown 8',
  '/tool',
  '/tool',
  '/plan',
  '/think',
  '/permission',
  '/permission',
  '/permission',
  '/question',
  '/question',
  '/compact',
  '/title Käse 漢字 🌊',
  '/slow 0.3',
  '/fail',
  'Naïve café, 漢字 and 🌊: what do you make of it?',
];

export function createTraffic({ server, sessions, ledger, random, onAction }: Deps): Traffic {
  const prompts: SentPrompt[] = [];
  const answers: TakenAnswer[] = [];
  const cancelled: { logId: string; turnId: string }[] = [];
  const removed: { logId: string; turnId: string }[] = [];
  let cuts = 0;
  let going = false;
  const underway = new Set<Promise<void>>();

  /** Null when no answer came. */
  const call = async (
    { id, logId }: Row,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown } | null> => {
    try {
      const answer = await server.api(method, `/api/sessions/${id}${path}`, body);
      if (answer.status >= 500 && answer.status !== 503) {
        ledger.blame(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return answer;
    } catch {
      cuts += 1;
      return null;
    } finally {
      onAction(logId);
    }
  };

  const send = async (prompt: SentPrompt): Promise<void> => {
    const { text, key, mode } = prompt;
    const answer = await call(prompt.session, 'POST', '/turns', { prompt: text, key, mode });
    if (answer?.status === 202) {
      prompt.turnIds.add((answer.body as { turnId: string }).turnId);
      prompt.cut = false;
    } else if (answer === null || answer.status === 503) {
      prompt.cut = true;
    } else {
      prompt.cut = false;
      ledger.blame(`a prompt was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
  };
  const prompt = async (session: Row, text: string, mode: SentPrompt['mode'] = 'queue') => {
    const key = `key-${prompts.length}`;
    const sent: SentPrompt = { session, text, key, mode, turnIds: new Set(), cut: false };
    prompts.push(sent);
    // Twice at once, as a person who clicks twice.
    const times = random.below(6) === 0 ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => send(sent)));
  };

  const step = async (session: Row): Promise<void> => {
    const { logId } = session;
    const { live, queue, ...rest } = ledger.of(logId).state;
    const open = openRequests({ live, queue, ...rest });
    const wish = random.below(20);
    if (open.length > 0 && wish < 12) {
      const { requestId, request } = random.pick(open);
      const outcome = answerTo(request, random);
      const answer = await call(session, 'POST', `/requests/${requestId}`, { outcome });
      if (answer?.status === 200) answers.push({ logId, requestId, outcome });
    } else if (live !== null && wish < 3) {
      const answer = await call(session, 'POST', `/turns/${live.turnId}/cancel`);
      if (answer?.status === 202) cancelled.push({ logId, turnId: live.turnId });
    } else if (queue.length > 0 && wish < 10) {
      await changeQueue(session, random.pick(queue).turnId);
    } else if (queue.length < LONG_QUEUE) {
      await prompt(session, random.pick(PROMPTS), random.below(6) === 0 ? 'interrupt' : 'queue');
    }
  };

  const changeQueue = async (session: Row, turnId: string): Promise<void> => {
    const { logId } = session;
    switch (random.below(6)) {
      case 0: {
        const answer = await call(session, 'DELETE', `/turns/${turnId}`);
        const taken = answer?.status === 200 && (answer.body as { removed: boolean }).removed;
        if (taken) removed.push({ logId, turnId });
        return;
      }
      case 1:
        await call(session, 'PATCH', `/turns/${turnId}`, { prompt: '/count 20 100' });
        return;
      case 2:
        await call(session, 'PATCH', `/turns/${turnId}`, { before: null });
        return;
      case 3:
        await call(session, 'POST', `/turns/${turnId}/start`);
        return;
      default:
        await call(session, 'POST', '/queue/release');
    }
  };

  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work.finally(() => underway.delete(tracked));
    underway.add(tracked);
    return tracked;
  };
  const act = async (session: Row): Promise<void> => {
    for (;;) {
      if (!going) return;
      await step(session);
      await pass(30 + random.below(300));
    }
  };

  return {
    prompts,
    answers,
    cancelled,
    removed,
    get cuts() {
      return cuts;
    },
    start() {
      going = true;
      for (const session of sessions) void track(act(session));
    },
    async pause() {
      going = false;
      await Promise.all(underway);
    },
    async burst(to, text) {
      await track(Promise.all(to.map((session) => prompt(session, text))).then(() => {}));
    },
    async sendCutAgain() {
      for (const sent of prompts) while (sent.cut) await send(sent);
    },
  };
}

function answerTo(request: RequestBody, random: Random): AnswerOutcome {
  if (request.kind === 'permission') {
    return { outcome: 'selected', optionId: random.pick(request.options).optionId };
  }
  const way = random.below(3);
  if (way === 0) return { action: 'decline' };
  const content = { name: 'Käse 漢字 🌊', channel: 'stable', announce: true, percent: 7 };
  return way === 1 ? { action: 'cancel' } : { action: 'accept', content };
}
