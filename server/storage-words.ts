/** A storage problem in words for a person: what happened, what was kept, what to do. */
import type { ApiError } from '../shared/errors.ts';
import type { TurnError } from '../shared/events.ts';
import type { StorageProblem } from './store/store.ts';

interface Words {
  what: string;
  todo: string;
}

const WORDS: Record<StorageProblem, Words> = {
  full: { what: "the server's disk is full", todo: 'Make space on it' },
  'read-only': {
    what: "the server's data can't be written to: it is read-only",
    todo: 'Make its data folder writable again',
  },
  failing: { what: "the server's disk gives errors", todo: 'Look after the disk' },
  damaged: {
    what: "the server's database is damaged",
    todo: 'Stop tabcast and restore a backup (npm run restore)',
  },
};

/** The answer to a command. */
export function refusedWords(problem: StorageProblem): ApiError {
  const { what, todo } = WORDS[problem];
  const message = `Nothing was changed, for ${what}. ${todo}, then try again.`;
  return { code: 'storage', message };
}

/** How a turn ends whose output could not be stored. */
export function turnWords(problem: StorageProblem): TurnError {
  const { what, todo } = WORDS[problem];
  const message = `tabcast could not go on with this turn, for ${what}. What had been stored until then is kept. ${todo}, then send the message again.`;
  return { code: 'storage', message };
}

/** What every page says meanwhile. */
export function statusWords(problem: StorageProblem): ApiError {
  const { what, todo } = WORDS[problem];
  const message = `Nothing new can be stored, for ${what}. What you see is kept. ${todo}: tabcast then goes on by itself.`;
  return { code: 'storage', message };
}
