/** What kind of thing is attached. Beside each stands its name. */
const PATHS = {
  remove: 'm4.5 4.5 7 7m0-7-7 7',
  file: 'M4 1.8h5L12.2 5v9.2H4zM9 1.8V5h3.2',
  folder: 'M1.8 3.5h4.4l1.4 1.7h6.6v7.3H1.8z',
  sound:
    'M6 12.2V3.4l7-1.4v8.8M6 12.2a2 2 0 1 1-4 0 2 2 0 0 1 4 0zm7-1.4a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
} as const;

export function ToolIcon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="tool-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
