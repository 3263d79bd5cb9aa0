/** A small plot as SVG, for the README: its text and lines are readable on a white and on a black page. */
export interface Plot {
  title: string;
  /** Of the values. */
  unit: string;
  /** The largest value that is fine: a dashed line. */
  limit: number;
  lines: readonly { name: string; points: readonly { at: number; value: number }[] }[];
}

const [WIDTH, HEIGHT] = [640, 260];
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 140, 36, 32];
const COLORS = ['#3b82f6', '#f59e0b', '#10b981'];
const INK = '#808080';

/** Over a logarithmic axis; every line has the same places. */
export function plotLines({ title, unit, limit, lines }: Plot): string {
  const places = lines[0]?.points.map(({ at }) => at) ?? [];
  const top = 1.2 * Math.max(limit, ...lines.flatMap(({ points }) => points.map((p) => p.value)));
  const [from, to] = [Math.log10(Math.min(...places)), Math.log10(Math.max(...places))];
  const x = (at: number): number =>
    LEFT + ((Math.log10(at) - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const text = (left: number, up: number, words: string, more = ''): string =>
    `<text x="${left.toFixed(1)}" y="${up.toFixed(1)}" fill="${INK}" ${more}>${words}</text>`;
  const rule = (value: number, dash: string): string =>
    `<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}" stroke="${INK}" ${dash}/>` +
    text(LEFT - 6, y(value) + 4, `${value} ${unit}`, 'text-anchor="end"');

  const drawn = lines.map(({ name, points }, index) => {
    const color = COLORS[index % COLORS.length] ?? INK;
    const spots = points.map(({ at, value }) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    const last = points.at(-1);
    const label = `${name}, ${(last?.value ?? 0).toFixed(1)} ${unit}`;
    return [
      `<path d="M${spots.join('L')}" stroke="${color}" stroke-width="2" fill="none"/>`,
      ...spots.map((spot) => {
        const [cx, cy] = spot.split(' ');
        return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"/>`;
      }),
      text(WIDTH - RIGHT + 8, y(last?.value ?? 0) + 4, label).replace(INK, color),
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="${title}">`,
    text(LEFT, 18, title, 'font-size="13"'),
    rule(0, ''),
    rule(limit, 'stroke-dasharray="4 4"'),
    ...places.map((at) => text(x(at), HEIGHT - BOTTOM + 16, `${at} turns`, 'text-anchor="middle"')),
    ...drawn,
    '</svg>\n',
  ].join('\n');
}
