/** The small drawings in the message's box. Beside or instead of each stands a name. */
const PATHS = {
  attach:
    'M10.8 4.6 6 9.4a1.6 1.6 0 0 0 2.3 2.3l5-5a3.2 3.2 0 0 0-4.6-4.5L3.4 7.5a4.8 4.8 0 0 0 6.8 6.8l4-4',
  remove: 'm4.5 4.5 7 7m0-7-7 7',
  file: 'M4 1.8h5L12.2 5v9.2H4zM9 1.8V5h3.2',
  folder: 'M1.8 3.5h4.4l1.4 1.7h6.6v7.3H1.8z',
  sound:
    'M6 12.2V3.4l7-1.4v8.8M6 12.2a2 2 0 1 1-4 0 2 2 0 0 1 4 0zm7-1.4a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  up: 'M8 13V3.5M3.8 7.5 8 3.3l4.2 4.2',
  down: 'M8 3v9.5M3.8 8.5 8 12.7l4.2-4.2',
} as const;

export function ToolIcon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="tool-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
