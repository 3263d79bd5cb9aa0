/** What may happen to a hub, and lives made of it: one integer decides a whole life. */
import { createRandom, type Random } from './random.ts';

const SESSIONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** The others are made on the way, or never. */
export const AT_FIRST = SESSIONS.slice(0, 6);
const FAULTS = ['fail', 'hang', '503', '429', '429', 'html', '204', 'cut', 'slow'] as const;
const WAITS = [1, 200, 1_000, 5_000, 12_000, 21_000, 40_000] as const;
/** Of the wall clock: a machine that slept, a clock that was set back. */
const JUMPS = [...WAITS, -60_000] as const;
/** What `Retry-After` says, seconds. */
const FLOORS = [3, 15] as const;
const FEWEST = 15;
const MOST = 65;

export type Name = (typeof SESSIONS)[number];

/** `n` picks a tab or a stream, modulo how many there are. */
export type Step =
  | { do: 'open' | 'create'; session: Name }
  | {
      do: 'prompt' | 'say' | 'end' | 'cancel' | 'skip' | 'remove' | 'burst' | 'rotate';
      session: Name;
    }
  /** The server lost its data, and made the session anew. */
  | { do: 'replace'; session: Name }
  /** A person sends a prompt; sends again what was not answered. */
  | { do: 'send'; n: number; session: Name }
  | { do: 'send again' }
  | { do: 'show'; n: number; session: Name | null }
  | { do: 'close' | 'vanish' | 'reload' | 'again' | 'freeze' | 'thaw' | 'throw'; n: number }
  /**
   * Into the back/forward cache, and back; its last words arrive late, also after its next ones; a tab says nonsense.
   */
  | { do: 'cache' | 'restore' | 'cache late' | 'arrive' | 'babble'; n: number }
  /** The connection breaks; ends in an orderly way; accepts, then silence; says again what it said. */
  | { do: 'drop' | 'drain' | 'half-open' | 'repeat'; n: number }
  | { do: 'fault'; fault: (typeof FAULTS)[number]; seconds: number }
  | { do: 'heal' | 'hold lane' | 'hold own' | 'release' | 'drop all' | 'retry' }
  | { do: 'sign out' | 'sign in' | 'kill' }
  /** The browser finds out how it reaches the server, or reaches it in another way (H3). */
  | { do: 'protocol'; protocol: 'http/1.1' | 'h2' }
  | { do: 'advance' | 'jump'; ms: number };

type Made = (random: Random) => Step;

const onSession =
  (what: Exclude<Extract<Step, { session: Name }>['do'], 'show' | 'send'>): Made =>
  ({ pick }) =>
    ({ do: what, session: pick(SESSIONS) }) as Step;
const onOne =
  (what: Exclude<Extract<Step, { n: number }>['do'], 'show' | 'send'>): Made =>
  ({ below }) => ({ do: what, n: below(12) });
const plain =
  (
    what:
      | 'heal'
      | 'hold lane'
      | 'hold own'
      | 'release'
      | 'drop all'
      | 'retry'
      | 'sign out'
      | 'sign in'
      | 'kill'
      | 'send again',
  ): Made =>
  () => ({ do: what });

/** How often each happens, in proportion. */
const WEIGHTS: readonly (readonly [number, Made])[] = [
  [6, onSession('open')],
  [6, onSession('prompt')],
  [9, onSession('say')],
  [4, onSession('end')],
  [2, onSession('cancel')],
  [5, onSession('skip')],
  [3, onSession('burst')],
  [2, onSession('rotate')],
  [1, onSession('remove')],
  [1, onSession('replace')],
  [3, ({ below, pick }) => ({ do: 'send', n: below(12), session: pick(SESSIONS) })],
  [2, plain('send again')],
  [2, onSession('create')],
  [
    8,
    ({ below, next, pick }) => ({
      do: 'show',
      n: below(12),
      session: next() < 0.15 ? null : pick(SESSIONS),
    }),
  ],
  [1, onOne('close')],
  [2, onOne('vanish')],
  [2, onOne('reload')],
  [1, onOne('again')],
  [4, onOne('freeze')],
  [2, onOne('thaw')],
  [1, onOne('throw')],
  [2, onOne('cache')],
  [2, onOne('cache late')],
  [2, onOne('arrive')],
  [4, onOne('restore')],
  [1, onOne('babble')],
  [2, ({ pick }) => ({ do: 'protocol', protocol: pick(['http/1.1', 'h2'] as const) })],
  [3, onOne('drop')],
  [2, onOne('drain')],
  [3, onOne('half-open')],
  [5, onOne('repeat')],
  [4, ({ pick }) => ({ do: 'fault', fault: pick(FAULTS), seconds: pick(FLOORS) })],
  [4, plain('heal')],
  [1, plain('hold lane')],
  [1, plain('hold own')],
  [3, plain('release')],
  [1, plain('drop all')],
  [1, plain('retry')],
  [1, plain('sign out')],
  [2, plain('sign in')],
  [2, plain('kill')],
  [9, ({ pick }) => ({ do: 'advance', ms: pick(WAITS) })],
  [3, ({ pick }) => ({ do: 'jump', ms: pick(JUMPS) })],
];
const TOTAL = WEIGHTS.reduce((sum, [weight]) => sum + weight, 0);

/** The life that a seed stands for. */
export function stepsOf(seed: number): Step[] {
  const random = createRandom(seed);
  return Array.from({ length: FEWEST + random.below(MOST - FEWEST) }, () => {
    let left = random.below(TOTAL);
    for (const [weight, make] of WEIGHTS) {
      if (left < weight) return make(random);
      left -= weight;
    }
    throw new Error('weights do not add up');
  });
}
