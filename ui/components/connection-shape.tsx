/** How things are connected, as shapes: each looks different without its colour. */
import type { StatusShape } from '../store/status-words.ts';

/** Strokes and dots on a grid of 16. */
const STROKES: Record<StatusShape, string> = {
  live: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z',
  page: 'M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2z',
  busy: 'M8 1.8a6.2 6.2 0 1 1-6.2 6.2',
  lost: 'M4 3.3a6.2 6.2 0 0 0 0 9.4M12 3.3a6.2 6.2 0 0 1 0 9.4M6 10l4-4',
  out: 'M3 7.5h10v6.5H3zM5 7.5V5a3 3 0 0 1 6 0v2.5',
  trouble: 'M8 2 14.5 13.5h-13zM8 6.3v3.2M8 11.3v.4',
};
const DOTTED: ReadonlySet<StatusShape> = new Set(['live', 'page']);

export function ConnectionShape({ name }: { name: StatusShape }) {
  return (
    <svg class="connection-shape" data-shape={name} viewBox="0 0 16 16" aria-hidden="true">
      <path d={STROKES[name]} />
      {DOTTED.has(name) ? <circle cx="8" cy="8" r="2.8" /> : null}
    </svg>
  );
}
