/** Frames to render in: the browser's own, and a stand-in where it shows none. */

/** At most one callback per frame; none while the page is hidden. */
export interface Frames {
  request(run: () => void): number;
  cancel(id: number): void;
}

/**
 * A page that is visible waits this long for a frame, milliseconds. One that is not drawn (covered, on another
 * screen's edge, captured) gets one frame per second from Chromium, and a busy machine gives few; text that is put
 * into the document meanwhile costs next to nothing, for style, layout and paint stay the browser's to pace.
 */
export const FRAME_MS = 20;

export interface FramesDeps {
  requestFrame(run: () => void): number;
  cancelFrame(id: number): void;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  visible(): boolean;
}

/** Each request runs once: in the next frame, or after `FRAME_MS` if the page is visible and none came. */
export function createFrames(deps: FramesDeps): Frames {
  const timers = new Map<number, number>();
  const drop = (id: number) => {
    const timer = timers.get(id);
    if (timer !== undefined) deps.clearTimeout(timer);
    timers.delete(id);
  };
  return {
    request(run) {
      const id = deps.requestFrame(() => {
        drop(id);
        run();
      });
      const timer = deps.setTimeout(() => {
        timers.delete(id);
        // A hidden page gets its frame when it is shown.
        if (!deps.visible()) return;
        deps.cancelFrame(id);
        run();
      }, FRAME_MS);
      timers.set(id, timer);
      return id;
    },
    cancel(id) {
      drop(id);
      deps.cancelFrame(id);
    },
  };
}
