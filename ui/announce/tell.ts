/**
 * What is said aloud of a session that is looked at: sentences, and what happens between them. A token at a time nobody
 * could follow, so the transcript itself is silent (`aria-live="off"`).
 */
import { unreachable } from '../../shared/errors.ts';
import type { Part, SessionState, Turn } from '../../shared/state.ts';
import { endWords } from '../components/words.ts';
import { sentencesSince, START, type Mark } from './sentences.ts';

/** How far a session was told. */
export interface Told {
  logId: string;
  /** The turn that was live, and how much of each of its parts was told; null when none was. */
  turn: { turnId: string; parts: readonly PartTold[] } | null;
  /** The newest turn whose end is told or was there before. */
  ended: number;
}

/** Of a text its mark; of others the words that were said last. */
type PartTold = Mark | string;

/** In one go, in UTF-16 units: more than this would still be read out when it is long past. */
export const MOST_SAID = 500;

/** As if all that is there had been told: what somebody opens is theirs to read. */
export function toldAll(state: SessionState): Told {
  const { live } = state;
  return {
    logId: state.logId,
    turn:
      live === null ? null : { turnId: live.turnId, parts: live.parts.map((part) => skip(part)) },
    ended: state.turns.at(-1)?.ordinal ?? -1,
  };
}

function skip(part: Part): PartTold {
  return part.kind === 'text' ? { at: part.text.length, code: inCode(part.text) } : wordsOf(part);
}

const inCode = (text: string): boolean => sentencesSince(text, START, true).mark.code;

/** What is new since, in words; empty when nothing is to be said yet. */
export function tellOn(told: Told, state: SessionState): { told: Told; said: string } {
  if (told.logId !== state.logId) return { told: toldAll(state), said: '' };
  const ended = state.turns.filter(({ ordinal }) => ordinal > told.ended);
  const said: string[] = [];
  for (const turn of ended) {
    said.push(...tellParts(turn, partsTold(told, turn), true).said);
    said.push(turn.end === null ? '' : (turn.end.error?.message ?? endWords(turn.end) ?? DONE));
  }
  const { live } = state;
  const now = live === null ? null : tellParts(live, partsTold(told, live), false);
  said.push(...(now?.said ?? []));
  return {
    told: {
      logId: state.logId,
      turn: live === null || now === null ? null : { turnId: live.turnId, parts: now.parts },
      ended: state.turns.at(-1)?.ordinal ?? told.ended,
    },
    said: shortened(said.filter((words) => words !== '').join(' ')),
  };
}

const DONE = 'The agent has finished.';

const partsTold = (told: Told, turn: Turn): readonly PartTold[] =>
  told.turn?.turnId === turn.turnId ? told.turn.parts : [];

function tellParts(
  { parts }: Turn,
  before: readonly PartTold[],
  over: boolean,
): { parts: PartTold[]; said: string[] } {
  const said: string[] = [];
  const next = parts.map((part, at): PartTold => {
    const known = before[at];
    if (part.kind === 'text') {
      const mark = typeof known === 'object' ? known : START;
      const since = sentencesSince(part.text, mark, over || at < parts.length - 1);
      said.push(since.said);
      return since.mark;
    }
    const words = wordsOf(part);
    if (words !== known) said.push(words);
    return words;
  });
  return { parts: next, said };
}

/** What is said of a part that is no text, when it changes; empty: nothing. */
function wordsOf(part: Exclude<Part, { kind: 'text' }>): string {
  switch (part.kind) {
    case 'thought':
      return 'The agent thinks.';
    case 'content':
      return part.block.type === 'image' ? 'A picture.' : '';
    case 'tool': {
      const { title, status } = part.call;
      if (status === 'completed') return `${title}: done.`;
      return status === 'failed' ? `${title}: failed.` : '';
    }
    case 'plan': {
      const { entries } = part;
      const at = entries.findIndex(({ status }) => status === 'in_progress');
      const step = entries[at];
      return step === undefined
        ? ''
        : `Plan, step ${at + 1} of ${entries.length}: ${step.content}.`;
    }
    case 'notice':
      return `${part.notice.title}.`;
    case 'request': {
      if (part.outcome !== null) return '';
      const { request } = part;
      return request.kind === 'permission'
        ? `The agent asks for a permission: ${request.toolCall.title ?? 'a tool call'}.`
        : `The agent asks a question: ${request.message}`;
    }
    default:
      return unreachable(part);
  }
}

/** The beginning, up to a sentence's end, and that there is more. */
function shortened(said: string): string {
  if (said.length <= MOST_SAID) return said;
  const cut = said.slice(0, MOST_SAID);
  const end = cut.search(/[.!?…。！？]\s(?!.*[.!?…。！？]\s)/su);
  return `${end < 0 ? cut : cut.slice(0, end + 1)} And more.`;
}
