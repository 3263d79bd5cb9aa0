/** When what has come is rendered: at a steady pace that is good to read, and not at all where nobody looks. */

/** Each callback once, a pace after its request; none while the page is hidden. */
export interface Frames {
  request(run: () => void): number;
  cancel(id: number): void;
}

/**
 * Milliseconds from one rendering to the next: text that grows 16 times a second reads as well as at 60, and style,
 * layout and paint of a long answer cost less than half. Not the browser's own frames: a page that is not drawn
 * (covered, on another screen's edge, captured) gets one per second from Chromium, though it counts as visible.
 */
export const PACE_MS = 60;

export interface FramesDeps {
  requestFrame(run: () => void): number;
  cancelFrame(id: number): void;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  visible(): boolean;
}

/** Each request runs once: `PACE_MS` later, or in the first frame that a page gets which is hidden by then. */
export function createFrames(deps: FramesDeps): Frames {
  /** How each that waits is taken back. */
  const waiting = new Map<number, () => void>();
  let ids = 0;
  return {
    request(run) {
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
      }, PACE_MS);
      waiting.set(id, () => deps.clearTimeout(timer));
      return id;
    },
    cancel(id) {
      waiting.get(id)?.();
      waiting.delete(id);
    },
  };
}
