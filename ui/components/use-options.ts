/** A list of options below a text box: the focus stays in the box, which names the option that Enter takes. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
import { useEffect, useId, useState } from 'preact/hooks';

export interface Options {
  /** Of the one that Enter takes; -1: none. */
  active: number;
  listId: string;
  optionId(at: number): string;
  setActive(at: number): void;
  /** @returns true when the key was the list's */
  onKeyDown(event: KeyboardEvent): boolean;
}

interface Deps {
  count: number;
  /** What the list is of: another one begins anew. */
  of: string;
  /** The option that a new list begins with; -1: none, so that Enter takes what is typed. */
  first: 0 | -1;
}

/** Moves with the arrows, around the ends. What an input method composes with is not the list's. */
export function useOptions({ count, of, first }: Deps): Options {
  const listId = useId();
  const [state, setState] = useState<{ of: string; at: number }>({ of, at: first });
  const at = state.of === of ? state.at : first;
  const active = Math.min(at, count - 1);
  const optionId = (index: number) => `${listId}-${index}`;
  const setActive = (index: number) => setState({ of, at: index });

  useEffect(() => {
    document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active, of]);

  const step = (by: 1 | -1) =>
    setState((now) => {
      const from = now.of === of ? Math.min(now.at, count - 1) : first;
      // From outside of the list, up is its end.
      return { of, at: ((from === -1 && by === -1 ? 0 : from) + by + count) % count };
    });
  return {
    active,
    listId,
    optionId,
    setActive,
    onKeyDown(event) {
      if (event.isComposing || event.keyCode === 229 || count === 0) return false;
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
      return true;
    },
  };
}
