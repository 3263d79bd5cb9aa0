/** What the main thread spends on a change of the page. */

/**
 * @returns measures what is changed right before it is called: the script that follows in the same task, and the next
 * frame's layout and paint, if it is drawn soon. The callback comes once, with milliseconds.
 */
export function createMeasure(): (done: (ms: number) => void) => void {
  const { port1, port2 } = new MessageChannel();
  /** Frames that come late are not waited for by two. */
  let inFrame: (() => void) | null = null;
  port1.onmessage = () => {
    inFrame?.();
    inFrame = null;
  };
  return (done) => {
    const began = performance.now();
    // Behind Preact's own.
    queueMicrotask(() => {
      const script = performance.now() - began;
      if (inFrame !== null) return done(script);
      inFrame = () => done(script);
      requestAnimationFrame(() => {
        const drawn = performance.now();
        inFrame = () => done(script + performance.now() - drawn);
        // A message that is sent before a frame is drawn comes after it.
        port2.postMessage(null);
      });
    });
  };
}
