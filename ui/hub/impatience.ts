/**
 * While somebody looks at a page that is not live, the hub shall not wait out a long backoff (H8). The hub does not
 * know who looks, so a page in view tells it, again and again.
 */
import type { Connection } from '../../shared/hub-api.ts';
import type { Timers } from '../env.ts';

/** How often, milliseconds. */
export const IMPATIENT_MS = 2_500;

export interface ImpatienceDeps {
  timers: Timers;
  visible(): boolean;
  /** Tells the hub that somebody looks. */
  tell(): void;
}

export interface Impatience {
  /** How the hub stands with the server now. */
  onConnection(connection: Connection): void;
  /** The page is looked at now. */
  look(): void;
  /** Leaves no timer; twice is fine. */
  stop(): void;
}

/** Patient until it hears of trouble. */
export function createImpatience({ timers, visible, tell }: ImpatienceDeps): Impatience {
  let timer: number | null = null;

  const stop = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  const arm = () => {
    timer = timers.setTimeout(() => {
      arm();
      if (visible()) tell();
    }, IMPATIENT_MS);
  };

  return {
    onConnection({ state }) {
      if (state !== 'reconnecting') stop();
      else if (timer === null) arm();
    },
    look() {
      if (timer !== null) tell();
    },
    stop,
  };
}
