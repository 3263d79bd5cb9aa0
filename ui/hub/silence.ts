/**
 * Notices that a hub has gone silent. Nothing tells a tab that its hub died: the worker goes with the renderer of the
 * tab that made it, and neither its port nor its object has an event for that (T4). So a tab that is looked at asks.
 */
import type { Timers } from '../env.ts';
import { JUST_NOW_MS, LOOKED_AT_MS, QUIET_MS, SILENCE_MS } from './link.ts';

/** `alive`: is the hub there? `attached`: does it still know this tab? */
export type Question = 'alive' | 'attached';

export interface SilenceDeps {
  timers: Timers;
  visible(): boolean;
  ask(question: Question): void;
}

export interface Silence {
  /** Begins to listen. */
  start(): void;
  /** A batch came, and is folded in. After a silence it asks as well. */
  heard(): void;
  /** A call was answered. */
  answered(): void;
  /** The page is looked at now. */
  look(): void;
  /** Leaves no timer; twice is fine. */
  stop(): void;
}

/** Listens to nobody until `start`. */
export function createSilence({ timers, visible, ask }: SilenceDeps): Silence {
  let timer: number | null = null;
  /** The last batch; and the last sign of life of any kind, or the last question. */
  let heardAt = 0;
  let aliveAt = 0;

  const stop = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  const limit = () => (visible() ? LOOKED_AT_MS : SILENCE_MS);
  const listen = () => {
    stop();
    timer = timers.setTimeout(
      () => askAfter(limit()),
      Math.max(0, aliveAt + limit() - timers.now()),
    );
  };
  const askAfter = (ms: number) => {
    const now = timers.now();
    if (now - aliveAt >= ms) {
      const question = now - heardAt >= QUIET_MS ? 'attached' : 'alive';
      aliveAt = now;
      if (question === 'attached') heardAt = now;
      listen();
      ask(question);
    } else {
      listen();
    }
  };

  return {
    start() {
      heardAt = aliveAt = timers.now();
      listen();
    },
    heard() {
      const now = timers.now();
      // The hub pings more often than this: a frozen page's last batch may be from before its lease ran out (H5).
      const missed = timer !== null && now - heardAt >= QUIET_MS;
      heardAt = aliveAt = now;
      if (missed) ask('attached');
    },
    answered() {
      aliveAt = timers.now();
    },
    look() {
      if (timer !== null) askAfter(JUST_NOW_MS);
    },
    stop,
  };
}
