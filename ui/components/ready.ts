/**
 * Folded parts are rendered when they are opened. A browser finds words only in what is rendered, so those of settled
 * turns are rendered in idle moments besides, the newest first, and no more than a page can bear.
 */

/** So many folded parts are rendered at a time. */
export const MOST_READY = 120;

interface Wish {
  state: 'waiting' | 'ready';
  onReady(): void;
}

const wishes = new Set<Wish>();
let ready = 0;
let scheduled = false;

function later(run: (deadline: { timeRemaining(): number }) => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run);
  else setTimeout(() => run({ timeRemaining: () => 8 }), 50);
}

function schedule(): void {
  if (scheduled || ready >= MOST_READY) return;
  scheduled = true;
  later((deadline) => {
    scheduled = false;
    const waiting = [...wishes].filter(({ state }) => state === 'waiting').toReversed();
    for (const wish of waiting) {
      if (ready >= MOST_READY) return;
      if (deadline.timeRemaining() < 4) return schedule();
      wish.state = 'ready';
      ready += 1;
      wish.onReady();
    }
  });
}

/** @returns cancel; twice is fine */
export function whenIdle(onReady: () => void): () => void {
  const wish: Wish = { state: 'waiting', onReady };
  wishes.add(wish);
  schedule();
  return () => {
    if (!wishes.delete(wish) || wish.state === 'waiting') return;
    ready -= 1;
    schedule();
  };
}
