/** What answers forbid: a path that `Retry-After` was told for is not asked before, and after a 401 none is (H8). */
import type { FakeClock } from './fake-clock.ts';

export interface Floors {
  /** That answer asked not to be asked for this, for that many milliseconds. It counts once it was read. */
  set(path: string, ms: number, answer: Response): void;
  /** That answer said that nobody is signed in. It counts once it was read, for every path. */
  refuse(answer: Response): void;
  /** @returns what is wrong with asking for it now, or null */
  breach(path: string): string | null;
  /** A person asks, or a hub that was told nothing: floors are lifted, all or those of some paths. */
  lift(paths?: RegExp): void;
  /** Somebody came who may have signed in. */
  admit(): void;
}

export function createFloors(clock: Pick<FakeClock, 'now' | 'elapsed'>): Floors {
  const floors = new Map<string, { now: number; elapsed: number; answer: Response }>();
  let refusal: Response | null = null;
  return {
    admit() {
      refusal = null;
    },
    refuse(answer) {
      refusal = answer;
    },
    set: (path, ms, answer) =>
      void floors.set(path, { now: clock.now() + ms, elapsed: clock.elapsed + ms, answer }),
    breach(path) {
      if (refusal?.bodyUsed === true) return `${path} was asked for after a 401 (H8)`;
      const floor = floors.get(path);
      if (floor === undefined || !floor.answer.bodyUsed) return null;
      // A wall clock that jumped ahead can't be told from time that passed.
      const left = Math.min(floor.now - clock.now(), floor.elapsed - clock.elapsed);
      if (left > 0) return `${path} was asked for ${left} ms before Retry-After (H8)`;
      floors.delete(path);
      return null;
    },
    lift(paths = /^/) {
      for (const path of floors.keys()) if (paths.test(path)) floors.delete(path);
    },
  };
}
