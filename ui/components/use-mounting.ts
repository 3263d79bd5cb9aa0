/** Puts a transcript into the page in steps, what the reader looks at first (P71). */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mountFirst, mountMore, type Mounted } from '../store/mounting.ts';
import type { ShownView } from '../store/pane.ts';
import { useStore } from './store-context.ts';

/** What is to be rendered now; each step renders again. */
export function useMounting({ state, apart }: ShownView): Mounted {
  const { places, router } = useStore();
  const loaded = [...apart, ...state.turns, ...(state.live === null ? [] : [state.live])];
  const [mounted, setMounted] = useState<Mounted>(() => {
    const { value: route } = router.route;
    const place = places.get(state.logId);
    const at =
      (route.kind === 'session' ? route.turn : null) ??
      loaded.find(({ turnId }) => turnId === place?.turnId)?.ordinal ??
      null;
    return mountFirst(loaded, at);
  });
  // Turns from further back come because somebody wants to see them.
  const first = useRef(loaded[0]?.ordinal);
  const all = mounted === null || first.current !== loaded[0]?.ordinal;
  // After each paint: the page stays free for what the person does meanwhile.
  useLayoutEffect(() => {
    if (mounted === null) return;
    return afterPaint(() => setMounted(all ? null : mountMore(loaded, mounted)));
  }, [mounted, all]);
  return all ? null : mounted;
}

/** A page that is not drawn has few frames or none, and is not kept waiting for them, milliseconds. */
const UNDRAWN_MS = 150;

/** Not `useEffect`: where a frame takes long, Preact does not wait for it. @returns takes it back */
function afterPaint(run: () => void): () => void {
  let timer = setTimeout(run, UNDRAWN_MS);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
