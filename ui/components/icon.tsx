/** Signs of buttons, drawn as lines. The button's name says the same in words. */
export type IconName = 'sidebar' | 'gear' | 'close' | 'search' | 'more' | 'pin';

/** On a grid of 20. */
const LINES: Record<IconName, string> = {
  sidebar: 'M3 4.5h14v11H3zM8 4.5v11',
  gear: 'M4 6h6.5M14.5 6H16M4 14h1.5M9.5 14H16M12.5 4v4M7.5 12v4',
  close: 'M5 5l10 10M15 5L5 15',
  search: 'M8.75 3.5a5.25 5.25 0 1 1 0 10.5 5.25 5.25 0 0 1 0-10.5zM12.6 12.6l4 4',
  more: 'M4.75 10h.01M10 10h.01M15.25 10h.01',
  pin: 'M7 3h6M8 3l-.6 5.4L5 11v1h10v-1l-2.4-2.6L12 3M10 12v5',
};

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" data-icon={name} viewBox="0 0 20 20" aria-hidden="true">
      <path d={LINES[name]} />
    </svg>
  );
}

/** Of tabcast: something is on the air. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M7 18h4.6v7H7zM13.7 12.5h4.6V25h-4.6zM20.4 7H25v18h-4.6z" />
    </svg>
  );
}
