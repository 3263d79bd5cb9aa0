/** What tells of the sessions where the page itself is not seen: the tab's title and icon. */
import { effect, type ReadonlySignal } from '@preact/signals';
import type { Row } from '../../shared/row.ts';
import type { Face } from '../env.ts';
import type { Rows } from './rows.ts';

interface FaceDeps {
  face: Pick<Face, 'setTitle' | 'setIcon'>;
  rows: Pick<Rows, 'asking' | 'running'>;
  paneRow: ReadonlySignal<Row | undefined>;
}

/** @returns stop */
export function startFace({ face, rows, paneRow }: FaceDeps): () => void {
  const title = effect(() => {
    const row = paneRow.value;
    const name = row === undefined ? null : row.title || 'Untitled';
    face.setTitle(pageTitle(name, rows.asking.value, rows.running.value));
  });
  const icon = effect(() => face.setIcon(iconSvg(rows.asking.value > 0, rows.running.value > 0)));
  return () => {
    title();
    icon();
  };
}

/**
 * How many requests wait for the person in all sessions comes first, for a tab is narrow (O7).
 * @param name of the session that is shown, if any
 */
export function pageTitle(name: string | null, asking: number, running: number): string {
  const parts = [name, running === 0 ? null : `${running} running`, 'tabcast'];
  const title = parts.filter((part) => part !== null).join(' · ');
  return asking === 0 ? title : `(${asking}) ${title}`;
}

/** The mark, on a grid of 32: bars that rise. */
const BARS = 'M5 19h5.5v9H5zM13.25 12h5.5v16h-5.5zM21.5 4H27v24h-5.5z';
const BARS_ON_TILE = 'M7 18h4.6v7H7zM13.7 12.5h4.6V25h-4.6zM20.4 7H25v18h-4.6z';

/**
 * The tab's icon: bare bars while nothing runs; bars on a tile while something does; a diamond over it when somebody
 * is waited for. It stands outside of the page, so it has its colours itself.
 */
export function iconSvg(asking: boolean, running: boolean): string {
  const mark = running
    ? `<rect class="a" width="32" height="32" rx="7"/><path class="b" d="${BARS_ON_TILE}"/>`
    : `<path class="a" d="${BARS}"/>`;
  const badge = asking
    ? '<path d="M22 10 32 20 22 30 12 20z" class="c" stroke-width="2.5"/><path d="M20.6 14.2h2.8v6.6h-2.8zm0 8.4h2.8v2.8h-2.8z" fill="#fff"/>'
    : '';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<style>.a{fill:#1d5f4e}.b{fill:#fff}.c{fill:#b45f00;stroke:#fff}' +
    '@media(prefers-color-scheme:dark){.a{fill:#83cdb6}.b{fill:#0b1f19}.c{stroke:#16181b}}</style>' +
    `${mark}${badge}</svg>`
  );
}
