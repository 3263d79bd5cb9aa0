import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_TEXT, readTerminal, screenText } from './terminal.ts';

const E = '\u001B';
const shown = (text: string): string => screenText(readTerminal(text));
const runs = (text: string) =>
  readTerminal(text)
    .lines.flat()
    .map(({ text, classes }) => [text, classes]);

describe('[P33] what stands on a terminal in the end', () => {
  test.each([
    ['a bar that is drawn over itself', '10 %\r20 %\r100 %\ndone', '100 %\ndone'],
    ['a shorter line over a longer one', 'loading\rok', 'okading'],
    ['…with the rest erased', `loading\rok${E}[K`, 'ok'],
    ['…with the whole line erased', `loading${E}[2K\rok`, 'ok'],
    ['a step back', 'abc\b\bX', 'aXc'],
    ['lines above that are written again', `one\ntwo\n${E}[2A1ne\n${E}[B!`, '1ne\ntwo\n!'],
    ['CRLF', 'a\r\nb\r\n', 'a\nb'],
    ['tabs', 'a\tb\n12345678\tc', 'a       b\n12345678        c'],
    ['a column', `ab${E}[6Gc${E}[2De`, 'ab  ec'],
    ['signs of two units', '😀😀\rx', 'x😀'],
  ])('%s', (_, text, expected) => expect(shown(text)).toBe(expected));

  test.each([
    ['a title', `${E}]0;title\u0007x`, 'x'],
    ['a link', `${E}]8;;https://x.y/${E}\\x${E}]8;;${E}\\`, 'x'],
    ['modes', `${E}[?25l${E}[?1049hx${E}[?25h`, 'x'],
    ['a device string', `${E}Pq#0${E}\\x`, 'x'],
    ['a charset', `${E}(Bx`, 'x'],
    ['an end in the midst of one', `x${E}[3`, 'x'],
    ['…or of a title', `x${E}]0;ti`, 'x'],
    ['other control signs', 'a\u0000\u0007\u000Eb\u007F\u009B', 'ab'],
    ['markup is text', '<b>&amp;', '<b>&amp;'],
  ])('%s is left out', (_, text, expected) => expect(shown(text)).toBe(expected));
});

describe('[P33] colours and weights', () => {
  test.each([
    [
      'sixteen colours',
      `${E}[31mr${E}[92mg${E}[0mp`,
      [
        ['r', 'ink-1'],
        ['g', 'ink-10'],
        ['p', ''],
      ],
    ],
    [
      'weights',
      `${E}[1;3;4mx${E}[22;24my`,
      [
        ['x', 'bold italic underline'],
        ['y', 'italic'],
      ],
    ],
    [
      'none is a reset',
      `${E}[31mx${E}[my`,
      [
        ['x', 'ink-1'],
        ['y', ''],
      ],
    ],
    [
      'a ground takes no ink',
      `${E}[31;42mx${E}[49my`,
      [
        ['x', 'ground-2'],
        ['y', 'ink-1'],
      ],
    ],
    [
      'inverse',
      `${E}[7mx${E}[31my${E}[27mz`,
      [
        ['x', 'inverse'],
        ['y', 'ground-1'],
        ['z', 'ink-1'],
      ],
    ],
    [
      '256 colours',
      `${E}[38;5;196mx${E}[38;5;12my`,
      [
        ['x', 'ink-1'],
        ['y', 'ink-12'],
      ],
    ],
    [
      'true colours',
      `${E}[38;2;250;80;80mx${E}[38:2::0:0:230;1my`,
      [
        ['x', 'ink-9'],
        ['y', 'bold ink-4'],
      ],
    ],
    [
      'over what was there',
      `abc\r${E}[32mX`,
      [
        ['X', 'ink-2'],
        ['bc', ''],
      ],
    ],
  ] as const)('%s', (_, text, expected) => expect(runs(text)).toEqual(expected));
});

test('[P33] of a long output the end is shown, and how much is missing', () => {
  const line = `${'x'.repeat(99)}\n`;
  const screen = readTerminal(`first\n${line.repeat(5000)}last`);
  expect(screen.cut).toBeGreaterThan(500_000 - MOST_TEXT);
  expect(screen.lines[0]?.[0]?.text).toBe('x'.repeat(99));
  expect(screen.lines.at(-1)?.[0]?.text).toBe('last');
});

test('[P33] whatever comes, it ends in time and in little room', () => {
  const hostile = [`${E}[999999999C.`, `${E}[1m`, `${E}[4mx\n`, `\t`, `${E}[38;5;`, `${E}]`];
  for (const part of hostile) {
    const screen = readTerminal(part.repeat(Math.floor((2 * MOST_TEXT) / part.length)));
    expect(screenText(screen).length).toBeLessThan(4 * MOST_TEXT);
  }
  const piece = fc.constantFrom(
    'a',
    'bc',
    '\r',
    '\n',
    '\b',
    '\t',
    E,
    '[',
    ']',
    'K',
    'A',
    '2',
    ';',
    'm',
    '?',
    '\u0007',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const screen = readTerminal(pieces.join(''));
      const text = screenText(screen);
      expect([E, '\r', '\b', '\t'].filter((sign) => text.includes(sign))).toEqual([]);
      expect(screen.lines.length).toBeLessThanOrEqual(61);
    }),
    { numRuns: 1000 },
  );
});
