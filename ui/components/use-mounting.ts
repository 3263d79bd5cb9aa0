/** Puts a transcript into the page in steps, what the reader looks at first (P71). */
import { useEffect, useRef, useState } from 'preact/hooks';
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
  useEffect(() => {
    if (mounted === null) return;
    const timer = setTimeout(() => setMounted(all ? null : mountMore(loaded, mounted)));
    return () => clearTimeout(timer);
  }, [mounted, all]);
  return all ? null : mounted;
}
