/** The page's shortcuts: one table for what is listed and what is listened to. */
import type { CommandId } from './commands.ts';

export interface Shortcut {
  readonly command: CommandId;
  readonly words: string;
  /**
   * Each a way to press it: `mod` is Ctrl, on a Mac ⌘; keys after one another stand apart. The first is the one that
   * is told, the others are for keyboards where it needs Shift.
   */
  readonly keys: readonly string[];
}

/** None that a browser or a screen reader has for itself. */
export const SHORTCUTS: readonly Shortcut[] = [
  { command: 'palette', words: 'Go to a session, or do something', keys: ['mod+k'] },
  { command: 'stop', words: 'Stop this turn', keys: ['mod+.', 'mod+shift+.'] },
  { command: 'next', words: 'Next session', keys: ['alt+arrowdown'] },
  { command: 'previous', words: 'Previous session', keys: ['alt+arrowup'] },
  { command: 'needs-you', words: 'Next session that needs you', keys: ['alt+shift+arrowdown'] },
  { command: 'message', words: 'Write a message', keys: ['m'] },
  { command: 'new-in', words: 'New session: choose agent and folder', keys: ['n'] },
  { command: 'home', words: 'Go home', keys: ['g h'] },
  { command: 'hub', words: 'Open the hub', keys: ['g u'] },
  { command: 'shortcuts', words: 'Show the shortcuts', keys: ['?'] },
];

/** The keys that are told for a command; null when it has none. */
export function keysOf(command: CommandId): string | null {
  return SHORTCUTS.find((one) => one.command === command)?.keys[0] ?? null;
}

/** Keys of one letter or sign, which can be switched off (WCAG 2.1.4). */
export function isSingle(keys: string): boolean {
  return !/^(?:mod|alt)\+/.test(keys);
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A press in the table's words; null for one that no shortcut has. */
export function chordOf(press: KeyPress, mac: boolean): string | null {
  const mod = mac ? press.metaKey : press.ctrlKey;
  if (mac ? press.ctrlKey : press.metaKey) return null;
  // A letter says itself whether it was made with Shift.
  const shift = press.shiftKey && (mod || press.altKey || press.key.length > 1);
  const held = [
    ...(mod ? ['mod'] : []),
    ...(press.altKey ? ['alt'] : []),
    ...(shift ? ['shift'] : []),
  ];
  return [...held, press.key.toLowerCase()].join('+');
}

export interface Listening {
  /** The first key of two, and when it was pressed. */
  pending: { chord: string; at: number } | null;
}

/** How long the second key of two is waited for, milliseconds. */
export const PAIR_MS = 1_500;

export interface Pressed {
  next: Listening;
  command: CommandId | null;
}

/** @param singles whether keys of one letter count: not while somebody types, nor where they were switched off */
export function press(
  { pending }: Listening,
  chord: string,
  { at, singles }: { at: number; singles: boolean },
): Pressed {
  const before = pending !== null && at - pending.at <= PAIR_MS ? `${pending.chord} ` : '';
  for (const keys of [before + chord, chord]) {
    const found = SHORTCUTS.find((one) => one.keys.includes(keys) && (singles || !isSingle(keys)));
    if (found !== undefined) return { next: { pending: null }, command: found.command };
  }
  const begins =
    singles && SHORTCUTS.some(({ keys }) => keys.some((one) => one.startsWith(`${chord} `)));
  return { next: { pending: begins ? { chord, at } : null }, command: null };
}

const NAMES: Record<string, string> = {
  arrowdown: '↓',
  arrowup: '↑',
  shift: 'Shift',
  alt: 'Alt',
  mod: 'Ctrl',
};
const MAC_NAMES: Record<string, string> = { ...NAMES, shift: '⇧', alt: '⌥', mod: '⌘' };

/** The keys as they are printed on the keyboard: what is pressed together, one after the other. */
export function keyNames(keys: string, mac: boolean): string[][] {
  const names = mac ? MAC_NAMES : NAMES;
  return keys
    .split(' ')
    .map((chord) => chord.split('+').map((key) => names[key] ?? key.toUpperCase()));
}
