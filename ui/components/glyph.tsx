/** States as shapes: what a colour says to some, a shape says to all. Beside each stands its word. */
export type GlyphName =
  | 'running'
  | 'waiting'
  | 'stopping'
  | 'unread'
  | 'held'
  | 'failed'
  | 'done'
  | 'todo';

/** Solid shapes on a grid of 16. `running` is the mark of tabcast: something is on the air. */
const SHAPES: Record<GlyphName, string> = {
  running: 'M2.5 9.5h2.6v4H2.5zM6.7 6h2.6v7.5H6.7zM10.9 2.5h2.6v11h-2.6z',
  waiting: 'M8 .9 15.1 8 8 15.1.9 8zM7.2 4.4v4.4h1.6V4.4zm0 5.7v1.7h1.6v-1.7z',
  stopping: 'M3.5 3.5h9v9h-9z',
  unread: 'M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  held: 'M4 3h2.8v10H4zm5.2 0H12v10H9.2z',
  failed:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM5.9 4.8 4.8 5.9 6.9 8l-2.1 2.1 1.1 1.1L8 9.1l2.1 2.1 1.1-1.1L9.1 8l2.1-2.1-1.1-1.1L8 6.9z',
  done: 'M13.4 3.6 14.6 4.8 6.4 13 1.9 8.5l1.2-1.2 3.3 3.3z',
  todo: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
};

export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg class="glyph" data-glyph={name} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} fill-rule="evenodd" />
    </svg>
  );
}
