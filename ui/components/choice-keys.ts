/** What a key does in a list that opens from a button, purely. */

export interface ChoiceState {
  /** The active one; null: the list is closed. */
  at: number | null;
  chosen: number;
  names: readonly string[];
}

export interface ChoiceStep {
  at: number | null;
  /** The active one is taken. */
  chooses: boolean;
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** @returns null: the key is not the list's */
export function afterKey(press: Press, { at, chosen, names }: ChoiceState): ChoiceStep | null {
  const { key } = press;
  const to = (next: number | null): ChoiceStep => ({ at: next, chooses: false });
  const last = names.length - 1;
  if (press.ctrlKey || press.metaKey || names.length === 0) return null;
  if (at === null) {
    const opens = ['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(key);
    return opens ? to(chosen) : null;
  }
  switch (key) {
    case 'ArrowDown':
      return to(Math.min(at + 1, last));
    case 'ArrowUp':
      return to(Math.max(at - 1, 0));
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    case 'Escape':
      return to(null);
    case 'Enter':
    case ' ':
      return { at: null, chooses: true };
    default:
      return press.altKey || key.length !== 1 ? null : to(startingWith(key, at, names));
  }
}

/** The next one that begins with that letter, around the end. */
function startingWith(letter: string, at: number, names: readonly string[]): number {
  const wanted = letter.toLowerCase();
  const order = names.map((_, step) => (at + 1 + step) % names.length);
  return order.find((index) => names[index]?.toLowerCase().startsWith(wanted) === true) ?? at;
}
