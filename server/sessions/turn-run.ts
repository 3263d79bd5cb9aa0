/** One turn while it runs: its coalescer, and the ways in which waiting for the agent can be cut short. */
import type { Coalescer, Timers } from './coalescer.ts';
import type { TurnIntake } from './turn-intake.ts';

export interface TurnRun {
  readonly turnId: string;
  readonly coalescer: Coalescer;
  readonly intake: TurnIntake;
  /** Ids of the tool calls it announced. */
  readonly tools: Set<string>;
  /** True once somebody cancelled. */
  readonly stopping: boolean;
  /** Cancel. Twice is fine. */
  stop(): void;
  /** Ends the waiting with this error. */
  fail(error: unknown): void;
  /** The value, or null as soon as the turn is stopped. */
  orStopped<T>(value: Promise<T>): Promise<T | null>;
  /** The value; after `stop`, calls `cancel` and gives null when the value does not come within the grace. */
  orGivenUp<T>(value: Promise<T>, cancel: () => void): Promise<T | null>;
  later(run: () => void, ms: number): void;
  /** Leaves no timer. Twice is fine. */
  close(): void;
}

interface Deps {
  turnId: string;
  coalescer: Coalescer;
  intake: TurnIntake;
  timers: Timers;
  graceMs: number;
}

export function createTurnRun({ turnId, coalescer, intake, timers, graceMs }: Deps): TurnRun {
  const pending = new Set<unknown>();
  let stopping = false;
  let markStopped = (): void => {};
  let markFailed = (_error: unknown): void => {};
  const stopped = new Promise<void>((resolve) => (markStopped = resolve));
  const failed = new Promise<never>((_resolve, reject) => (markFailed = reject));
  // Nobody may be waiting when it fails.
  failed.catch(() => {});

  const later = (run: () => void, ms: number): void => {
    const timer = timers.set(() => {
      pending.delete(timer);
      run();
    }, ms);
    pending.add(timer);
  };

  return {
    turnId,
    coalescer,
    intake,
    tools: new Set(),
    get stopping() {
      return stopping;
    },
    stop() {
      stopping = true;
      markStopped();
    },
    fail: (error) => markFailed(error),
    orStopped(value) {
      value.catch(() => {});
      return Promise.race([value, failed, stopped.then(() => null)]);
    },
    orGivenUp(value, cancel) {
      value.catch(() => {});
      const givenUp = stopped.then(() => {
        cancel();
        return new Promise<null>((resolve) => later(() => resolve(null), graceMs));
      });
      return Promise.race([value, failed, givenUp]);
    },
    later,
    close() {
      coalescer.close();
      for (const timer of pending) timers.clear(timer);
      pending.clear();
    },
  };
}
