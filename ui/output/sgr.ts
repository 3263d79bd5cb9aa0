/** Colours and weights of a terminal's text ('select graphic rendition'), packed in a number: two of them are compared per character. */

/** Bits 0–4: colour of the text, 1–16, 0 for none; bits 5–9: of the ground; then one bit for each of FLAGS. */
export const PLAIN = 0;
const FLAGS = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const;
type Flag = (typeof FLAGS)[number];
const COLOUR = 0b11111;
const GROUND = 5;
const bitOf = (flag: Flag): number => 1 << (2 * GROUND + FLAGS.indexOf(flag));

const ON: Readonly<Record<number, Flag>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const OFF: Readonly<Record<number, readonly Flag[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
};

/** @param parameters what stands between `ESC [` and `m` */
export function applySgr(before: number, parameters: string): number {
  let style = before;
  const codes = parameters.split(';');
  for (let at = 0; at < codes.length; at += 1) {
    const [code = 0, ...inner] = (codes[at] ?? '').split(':').map(Number);
    const [flag, off] = [ON[code], OFF[code]];
    if (code === 0) style = PLAIN;
    // `4:0` is no underline.
    else if (flag !== undefined)
      style = inner[0] === 0 ? style & ~bitOf(flag) : style | bitOf(flag);
    else if (off !== undefined) for (const one of off) style &= ~bitOf(one);
    else if (code === 38 || code === 48) {
      const rest = inner.length > 0 ? inner : codes.slice(at + 1).map(Number);
      const { colour, taken } = extended(rest);
      if (inner.length === 0) at += taken;
      style = withColour(style, code === 48 ? GROUND : 0, colour);
    } else {
      const colour = basic(code);
      if (colour !== null) style = withColour(style, colour.shift, colour.colour);
    }
  }
  return style;
}

const withColour = (style: number, shift: number, colour: number): number =>
  (style & ~(COLOUR << shift)) | (colour << shift);

function basic(code: number): { shift: number; colour: number } | null {
  if (code === 39 || code === 49) return { shift: code === 49 ? GROUND : 0, colour: 0 };
  for (const [from, shift, first] of [
    [30, 0, 1],
    [40, GROUND, 1],
    [90, 0, 9],
    [100, GROUND, 9],
  ] as const) {
    if (code >= from && code < from + 8) return { shift, colour: code - from + first };
  }
  return null;
}

/** `5;n` of 256 colours, `2;r;g;b`, and with colons `2:space:r:g:b`. */
function extended(rest: readonly number[]): { colour: number; taken: number } {
  const [kind, ...values] = rest;
  if (kind === 5) return { colour: ofPalette(values[0] ?? 0), taken: 2 };
  if (kind !== 2) return { colour: 0, taken: 1 };
  const [r = 0, g = 0, b = 0] = values.length === 4 && rest.length === 5 ? values.slice(1) : values;
  return { colour: nearest(r, g, b), taken: 4 };
}

const LEVELS = [0, 95, 135, 175, 215, 255];

function ofPalette(n: number): number {
  if (n < 16) return n + 1;
  if (n >= 232) return nearest(8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10);
  const cube = n - 16;
  const level = (part: number): number => LEVELS[part % 6] ?? 0;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6)), level(cube));
}

/** The sixteen as most terminals have them. */
const SIXTEEN: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 85, 85],
  [85, 255, 85],
  [255, 255, 85],
  [92, 92, 255],
  [255, 85, 255],
  [85, 255, 255],
  [255, 255, 255],
];

/** Any other colour is shown as the one of the sixteen that is most like it: those can be read on the page's grounds. */
function nearest(r: number, g: number, b: number): number {
  const away = SIXTEEN.map(([x, y, z]) => (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2);
  return away.indexOf(Math.min(...away)) + 1;
}

/** Of styles/terminal.css. A ground takes the page's text colour: so every pair can be read. */
export function classesOf(style: number): string {
  if (style === PLAIN) return '';
  const [text, ground] = [style & COLOUR, (style >> GROUND) & COLOUR];
  const inverse = (style & bitOf('inverse')) !== 0;
  const shown = inverse ? text : ground;
  const classes: string[] = FLAGS.filter(
    (flag) => flag !== 'inverse' && (style & bitOf(flag)) !== 0,
  );
  if (shown !== 0) classes.push(`ground-${shown - 1}`);
  else if (inverse) classes.push('inverse');
  else if (text !== 0) classes.push(`ink-${text - 1}`);
  return classes.join(' ');
}
