/** A card (a `details`) of the transcript: open as the reader left it (O5), and rendered when that is needed. */
import { useEffect, useState } from 'preact/hooks';
import { whenIdle } from './ready.ts';
import { useStore } from './store-context.ts';

export interface Card {
  /** For its `details`; `data-card` is the name that its place is kept under. */
  props: {
    open: boolean;
    'data-card': string;
    onToggle(event: { currentTarget: HTMLDetailsElement }): void;
  };
  /** Its body is to be there: it is open, or was, or the browser shall find words in it. */
  needed: boolean;
}

/**
 * @param name unique in its session
 * @param settled nothing of it changes any more
 */
export function useCard(logId: string, name: string, settled: boolean): Card {
  const { places } = useStore();
  const [open, setOpen] = useState(() => places.openCards(logId).has(name));
  const [needed, setNeeded] = useState(open);
  useEffect(() => (settled && !needed ? whenIdle(() => setNeeded(true)) : undefined), [settled]);
  return {
    props: {
      open,
      'data-card': name,
      onToggle({ currentTarget }) {
        setOpen(currentTarget.open);
        if (currentTarget.open) setNeeded(true);
      },
    },
    needed,
  };
}
