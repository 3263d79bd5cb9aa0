/** The lines of a diff between two texts, for tool calls that edit files. */
export interface DiffLine {
  kind: 'same' | 'old' | 'new';
  text: string;
}

/** Lines around a change that are shown for orientation. */
const CONTEXT = 3;

/**
 * What lies between the common beginning and the common end counts as replaced: linear in the size of the
 * texts, and what an agent's edit looks like.
 */
export function diffLines(oldText: string, newText: string): DiffLine[] {
  const before = oldText === '' ? [] : oldText.split('\n');
  const after = newText === '' ? [] : newText.split('\n');
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let foot = 0;
  while (foot < shorter - head && before.at(-1 - foot) === after.at(-1 - foot)) foot += 1;
  const as = (kind: DiffLine['kind'], lines: string[]) => lines.map((text) => ({ kind, text }));
  return [
    ...as('same', before.slice(Math.max(0, head - CONTEXT), head)),
    ...as('old', before.slice(head, before.length - foot)),
    ...as('new', after.slice(head, after.length - foot)),
    ...as('same', before.slice(before.length - foot, before.length - foot + CONTEXT)),
  ];
}
