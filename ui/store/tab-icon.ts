/** The tab's icon, drawn anew as sessions run and wait. Loaded after the page. */
import { effect } from '@preact/signals';
import type { Face } from '../env.ts';
import type { Rows } from './rows.ts';

/** @returns stop */
export function startTabIcon(
  face: Pick<Face, 'setIcon'>,
  { asking, running }: Pick<Rows, 'asking' | 'running'>,
): () => void {
  return effect(() => face.setIcon(iconSvg(asking.value > 0, running.value > 0)));
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
