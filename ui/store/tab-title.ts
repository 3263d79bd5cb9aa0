/** The tab's title tells of the sessions where the page itself is not seen. */
import { effect, type ReadonlySignal } from '@preact/signals';
import type { Row } from '../../shared/row.ts';
import type { Face } from '../env.ts';
import type { Route } from './route.ts';
import type { Rows } from './rows.ts';

interface TabTitleDeps {
  face: Pick<Face, 'setTitle'>;
  rows: Pick<Rows, 'asking' | 'running'>;
  paneRow: ReadonlySignal<Row | undefined>;
  route: ReadonlySignal<Route>;
}

/** @returns stop */
export function startTabTitle({ face, rows, paneRow, route }: TabTitleDeps): () => void {
  return effect(() => {
    const row = paneRow.value;
    const page = route.value.kind === 'hub' ? 'Hub' : null;
    const name = row === undefined ? page : row.title || 'Untitled';
    face.setTitle(pageTitle(name, rows.asking.value, rows.running.value));
  });
}

/**
 * How many requests wait for the person in all sessions comes first, for a tab is narrow (O7).
 * @param name of what is shown, if it has one
 */
export function pageTitle(name: string | null, asking: number, running: number): string {
  const parts = [name, running === 0 ? null : `${running} running`, 'tabcast'];
  const title = parts.filter((part) => part !== null).join(' · ');
  return asking === 0 ? title : `(${asking}) ${title}`;
}
