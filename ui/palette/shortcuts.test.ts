// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import type { CommandId } from './commands.ts';
import { listenForShortcuts } from './listen.ts';
import { chordOf, isSingle, keyNames, PAIR_MS, press, SHORTCUTS } from './shortcuts.ts';

const key = (name: string, held: Partial<KeyboardEventInit> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const idle = { pending: null };

test('[P14] every shortcut is heard as it is listed, and no two are the same or begin alike', () => {
  const all = SHORTCUTS.flatMap(({ command, keys }) => keys.map((one) => ({ command, one })));
  expect(new Set(all.map(({ one }) => one)).size).toBe(all.length);
  for (const { command, one } of all) {
    let listening: Parameters<typeof press>[0] = idle;
    let heard: CommandId | null = null;
    for (const chord of one.split(' ')) {
      ({ next: listening, command: heard } = press(listening, chord, { at: 1, singles: true }));
    }
    expect(heard).toBe(command);
    expect(keyNames(one, false).flat().join('')).not.toBe('');
    // The first key of two does nothing by itself.
    expect(all.some((other) => other.one !== one && one.startsWith(`${other.one} `))).toBe(false);
  }
});

test('[P14] keys of one letter can be off; the second of two is waited for a while', () => {
  const off = { at: 1, singles: false };
  for (const { keys } of SHORTCUTS) {
    for (const one of keys) {
      const heard = press(idle, one, off).command !== null;
      expect(heard).toBe(!isSingle(one));
    }
  }
  const { next } = press(idle, 'g', { at: 1, singles: true });
  expect(press(next, 'h', { at: 1 + PAIR_MS, singles: true }).command).toBe('home');
  expect(press(next, 'h', { at: 2 + PAIR_MS, singles: true }).command).toBeNull();
  expect(press(next, 'm', { at: 2, singles: true }).command).toBe('message');
});

test('[P14] a press is named by what is held, on a Mac with its own key', () => {
  expect(chordOf(key('k', { ctrlKey: true }), false)).toBe('mod+k');
  expect(chordOf(key('k', { metaKey: true }), false)).toBeNull();
  expect(chordOf(key('k', { metaKey: true }), true)).toBe('mod+k');
  expect(chordOf(key('k', { ctrlKey: true }), true)).toBeNull();
  expect(chordOf(key('K', { ctrlKey: true, shiftKey: true }), false)).toBe('mod+shift+k');
  expect(chordOf(key('?', { shiftKey: true }), false)).toBe('?');
  expect(chordOf(key('ArrowDown', { altKey: true, shiftKey: true }), false)).toBe(
    'alt+shift+arrowdown',
  );
  expect(keyNames('alt+shift+arrowdown', true)).toEqual([['⌥', '⇧', '↓']]);
});

let stop = () => {};
afterEach(() => stop());

test('[P14] what is typed, composed, or pressed in a dialog is no shortcut', () => {
  const ran: CommandId[] = [];
  let can = true;
  stop = listenForShortcuts({
    target: window,
    mac: false,
    singles: () => true,
    run(command) {
      ran.push(command);
      return can;
    },
  });
  const send = (on: Element, init: KeyboardEventInit) => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    on.dispatchEvent(event);
    return event;
  };
  document.body.innerHTML = '<textarea></textarea><input type="checkbox" /><dialog></dialog>';
  const [box, check] = [...document.body.children] as [HTMLElement, HTMLElement];
  expect(send(document.body, { key: 'm' }).defaultPrevented).toBe(true);
  expect(send(box, { key: 'm' }).defaultPrevented).toBe(false);
  send(check, { key: '?' });
  send(box, { key: 'k', ctrlKey: true });
  send(box, { key: 'k', ctrlKey: true, isComposing: true });
  send(box, { key: 'Control', ctrlKey: true });
  expect(ran).toEqual(['message', 'shortcuts', 'palette']);
  // What can't be done now is the browser's.
  can = false;
  expect(send(box, { key: '.', ctrlKey: true }).defaultPrevented).toBe(false);
  document.querySelector('dialog')?.showModal();
  send(document.body, { key: '?' });
  expect(ran).toEqual(['message', 'shortcuts', 'palette', 'stop']);
  stop();
  stop();
  document.body.innerHTML = '';
  send(document.body, { key: '?' });
  expect(ran).toHaveLength(4);
});
