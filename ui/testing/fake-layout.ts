/** Layout, which happy-dom has none of: heights that a test sets, observers that it tells, and a count of the reads. */
import { vi } from 'vitest';

export interface FakeLayout {
  /** Heights of every box and of what is in it, pixels. */
  box: number;
  content: number;
  /** How often script asked for layout since the start: each may make the browser lay out. */
  readonly reads: number;
  readonly observed: number;
  /** What the browser does in a frame, after layout. */
  resized(): void;
  close(): void;
}

export function fakeLayout(): FakeLayout {
  let reads = 0;
  const observers = new Map<object, () => void>();
  class FakeResizeObserver {
    readonly #run: () => void;
    constructor(run: () => void) {
      this.#run = run;
    }
    observe() {
      observers.set(this, this.#run);
    }
    disconnect() {
      observers.delete(this);
    }
  }
  vi.stubGlobal('ResizeObserver', FakeResizeObserver);
  const layout: FakeLayout = {
    box: 100,
    content: 0,
    get reads() {
      return reads;
    },
    get observed() {
      return observers.size;
    },
    resized() {
      for (const run of observers.values()) run();
    },
    close() {
      for (const spy of spies) spy.mockRestore();
      vi.unstubAllGlobals();
    },
  };
  const tops = new WeakMap<Element, number>();
  const most = () => Math.max(0, layout.content - layout.box);
  const counted = <T>(value: () => T) => {
    reads += 1;
    return value();
  };
  const { prototype } = HTMLElement;
  const spies = [
    vi
      .spyOn(prototype, 'scrollHeight', 'get')
      .mockImplementation(() => counted(() => layout.content)),
    vi.spyOn(prototype, 'clientHeight', 'get').mockImplementation(() => counted(() => layout.box)),
    vi.spyOn(prototype, 'scrollTop', 'get').mockImplementation(function (this: HTMLElement) {
      return counted(() => Math.min(tops.get(this) ?? 0, most()));
    }),
    vi.spyOn(prototype, 'scrollTop', 'set').mockImplementation(function (this: HTMLElement, top) {
      tops.set(this, Math.min(Math.max(0, top), most()));
    }),
    // An element stands at the end of what came in above it.
    vi.spyOn(prototype, 'offsetTop', 'get').mockImplementation(() => counted(() => layout.content)),
  ];
  return layout;
}
