/** Answering a request: once, with what became of it in words. */
import { useState } from 'preact/hooks';
import type { AnswerOutcome } from '../../shared/commands.ts';
import type { SessionRef } from '../store/actions.ts';
import { useStore } from './store-context.ts';

export interface Answering {
  answer(outcome: AnswerOutcome): void;
  /** True from the first answer on, unless it failed: the log closes the card. */
  sent: boolean;
  problem: string | null;
}

/** Of one request, for as long as its card is drawn. */
export function useAnswer(session: SessionRef, requestId: string): Answering {
  const { actions } = useStore();
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (outcome: AnswerOutcome) => {
    setSent(true);
    setProblem(null);
    const result = await actions.answer(session, requestId, outcome);
    if (result.ok) return;
    if (result.error.code === 'already_answered') {
      setProblem('This was already answered, in another tab or on another device.');
      return;
    }
    setSent(false);
    setProblem(`The answer was not taken. ${result.error.message}`);
  };
  return { answer: (outcome) => void send(outcome), sent, problem };
}
