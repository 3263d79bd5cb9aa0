/** When what has come is rendered: as soon as the page can afford it, and not at all where nobody looks. */

/** Each callback once, a pace after its request; none while the page is hidden. */
export interface Frames {
  /** Asked for right after something was rendered, whose cost sets the pace. */
  request(run: () => void): number;
  cancel(id: number): void;
}

/**
 * Milliseconds from one rendering to the next. A short answer is shown as it comes. Style, layout and paint of a long
 * one cost more each time, and text that grows 16 times a second reads as well as at 60. Not the browser's own frames:
 * a page that is not drawn (covered, on another screen's edge, captured) gets one per second from Chromium, though it
 * counts as visible.
 */
export const FASTEST_MS = 16;
export const SLOWEST_MS = 60;
/** Renderings may take this part of the main thread, as long as the slowest pace allows it. */
const SHARE = 1 / 10;
/** Of what is known of the cost, with each rendering. */
const NEWS = 1 / 4;

export interface FramesDeps {
  requestFrame(run: () => void): number;
  cancelFrame(id: number): void;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  visible(): boolean;
  /** Tells later how many milliseconds the main thread works at what was changed just now. */
  measure(done: (ms: number) => void): void;
}

/** Each request runs once: a pace later, or in the first frame that a page gets which is hidden by then. */
export function createFrames(deps: FramesDeps): Frames {
  /** How each that waits is taken back. */
  const waiting = new Map<number, () => void>();
  let ids = 0;
  let cost = 0;
  const pace = () => Math.min(Math.max(cost / SHARE, FASTEST_MS), SLOWEST_MS);
  return {
    request(run) {
      deps.measure((ms) => {
        cost += (ms - cost) * NEWS;
      });
      ids += 1;
      const id = ids;
      const runOnce = () => {
        waiting.delete(id);
        run();
      };
      const timer = deps.setTimeout(() => {
        if (deps.visible()) return runOnce();
        const frame = deps.requestFrame(runOnce);
        waiting.set(id, () => deps.cancelFrame(frame));
      }, pace());
      waiting.set(id, () => deps.clearTimeout(timer));
      return id;
    },
    cancel(id) {
      waiting.get(id)?.();
      waiting.delete(id);
    },
  };
}
