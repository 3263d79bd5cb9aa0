/**
 * What a program wrote to a terminal, as the lines that stand there in the end: colours and weights by runs of text; a
 * progress bar that was drawn over itself is there once. What else a terminal could be told is left out.
 * ECMA-48, and https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
import { applySgr, classesOf, PLAIN } from './sgr.ts';

export interface Run {
  text: string;
  /** Of styles/terminal.css; empty for plain text. */
  classes: string;
}
export type Line = Run[];

export interface Screen {
  lines: Line[];
  /** How much of the beginning is not shown, in UTF-16 units. */
  cut: number;
}

/** Of a longer output the end is shown, in UTF-16 units. */
export const MOST_TEXT = 256 * 1024;
/** Farther to the right nothing jumps, and so much room jumps may take in all: they cost a few bytes each. */
const MOST_JUMP = 512;
const MOST_CELLS = 2 * MOST_TEXT;
const TAB = 8;

interface Row {
  chars: string[];
  /** As long as `chars`. */
  styles: number[];
}

const ESC = 0x1b;
const newRow = (): Row => ({ chars: [], styles: [] });

/** @param text what the program wrote, escape sequences and all */
export function readTerminal(text: string): Screen {
  const cut = Math.max(0, text.length - MOST_TEXT);
  // From a whole line on, if one begins soon: a sequence may have been cut apart.
  const first = cut === 0 ? 0 : text.indexOf('\n', cut) + 1;
  const start = first > 0 && first - cut < MOST_TEXT / 4 ? first : cut;

  const rows: Row[] = [newRow()];
  let y = 0;
  let x = 0;
  let style = PLAIN;
  let cells = 0;

  const row = (): Row => rows[y] ?? newRow();
  const write = (char: string) => {
    const { chars, styles } = row();
    while (chars.length < x && cells < MOST_CELLS) {
      chars.push(' ');
      styles.push(PLAIN);
      cells += 1;
    }
    x = Math.min(x, chars.length);
    chars[x] = char;
    styles[x] = style;
    x += 1;
  };
  const erase = (from: number, to: number) => {
    const { chars, styles } = row();
    if (to >= chars.length) {
      chars.length = Math.min(chars.length, from);
      styles.length = chars.length;
    } else {
      chars.fill(' ', from, to);
      styles.fill(PLAIN, from, to);
    }
  };
  const control = (parameters: string, final: string) => {
    const n = Math.min(MOST_JUMP, Number.parseInt(parameters, 10) || 0);
    const times = Math.max(1, n);
    switch (final) {
      case 'm':
        style = applySgr(style, parameters);
        break;
      case 'K':
        if (n === 0) erase(x, Infinity);
        else erase(0, n === 1 ? x + 1 : Infinity);
        break;
      case 'A':
      case 'F':
        y = Math.max(0, y - times);
        if (final === 'F') x = 0;
        break;
      case 'B':
      case 'E':
        y = Math.min(rows.length - 1, y + times);
        if (final === 'E') x = 0;
        break;
      case 'C':
        x = Math.min(Math.max(x, MOST_JUMP), x + times);
        break;
      case 'D':
        x = Math.max(0, x - times);
        break;
      case 'G':
        x = times - 1;
        break;
    }
  };

  for (let at = start; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    if (code === ESC) {
      const sequence = sequenceAt(text, at);
      if (sequence.final !== '') control(sequence.parameters, sequence.final);
      at = sequence.end;
      continue;
    }
    const char = String.fromCodePoint(code);
    at += char.length;
    if (char === '\n') {
      y += 1;
      x = 0;
      if (y === rows.length) rows.push(newRow());
    } else if (char === '\r') x = 0;
    else if (char === '\b') x = Math.max(0, x - 1);
    else if (char === '\t') {
      const stop = (Math.floor(x / TAB) + 1) * TAB;
      while (x < stop && cells < MOST_CELLS) {
        const before = x;
        if (row().chars[x] === undefined) write(' ');
        else x += 1;
        cells += x - before;
      }
    } else if (code >= 0x20 && (code < 0x7f || code > 0x9f)) write(char);
  }
  while (rows.length > 1 && rows.at(-1)?.chars.length === 0) rows.pop();
  return { lines: rows.map(runsOf), cut: start };
}

/** The escape sequence there. `final`: of a control sequence without a private mark; of another one it is empty. */
function sequenceAt(text: string, at: number): { end: number; parameters: string; final: string } {
  const none = (end: number) => ({ end: Math.min(end, text.length), parameters: '', final: '' });
  const kind = text[at + 1] ?? '';
  if (kind === '[') {
    let end = at + 2;
    while (isBetween(text, end, 0x20, 0x3f)) end += 1;
    // Something else in its midst ends it: that may be text.
    if (!isBetween(text, end, 0x40, 0x7e)) return none(end);
    const parameters = text.slice(at + 2, end);
    return /^[\d;:]*$/.test(parameters)
      ? { end: end + 1, parameters, final: text[end] ?? '' }
      : none(end + 1);
  }
  // Strings: a window's title, a link, pictures.
  if (kind !== '' && ']PX^_'.includes(kind)) {
    let end = at + 2;
    while (end < text.length && text.charCodeAt(end) !== ESC && text[end] !== '\u0007') end += 1;
    return none(text.charCodeAt(end) === ESC && text[end + 1] === '\\' ? end + 2 : end + 1);
  }
  let end = at + 1;
  while (isBetween(text, end, 0x20, 0x2f)) end += 1;
  return none(isBetween(text, end, 0x30, 0x7e) ? end + 1 : end);
}

function isBetween(text: string, at: number, low: number, high: number): boolean {
  const code = text.charCodeAt(at);
  return code >= low && code <= high;
}

function runsOf({ chars, styles }: Row): Line {
  const line: Line = [];
  for (let from = 0; from < chars.length;) {
    let to = from + 1;
    while (to < chars.length && styles[to] === styles[from]) to += 1;
    line.push({ text: chars.slice(from, to).join(''), classes: classesOf(styles[from] ?? PLAIN) });
    from = to;
  }
  return line;
}

/** Without its lines' styles, as it would be copied from a terminal. */
export function screenText({ lines }: Screen): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
}
