/** The turns that run now, of all sessions, and how many may (A5). */
import { ServiceError } from './service.ts';

export interface TurnPlaces {
  readonly taken: number;
  /** Before a turn starts in a session where none runs. Twice is fine. @throws ServiceError `too_many` */
  take(logId: string): void;
  /** For a turn that runs already, whatever the bound says. */
  keep(logId: string): void;
  /** No turn runs there any more. Twice is fine. */
  leave(logId: string): void;
}

export function createTurnPlaces(max: number): TurnPlaces {
  const taken = new Set<string>();
  return {
    get taken() {
      return taken.size;
    },
    take(logId) {
      if (taken.size >= max && !taken.has(logId)) {
        throw new ServiceError(
          'too_many',
          `${max} ${max === 1 ? 'turn runs' : 'turns run'} already, as many as this server runs at once. Try again when one has ended, or stop one.`,
        );
      }
      taken.add(logId);
    },
    keep: (logId) => void taken.add(logId),
    leave: (logId) => void taken.delete(logId),
  };
}
