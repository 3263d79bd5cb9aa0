/** Figures as people read them. */

export const many = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Of a rate or a count: `0`, `0.4`, `12`, `1.2 k`. */
export function brief(value: number): string {
  if (value === 0) return '0';
  if (value < 0.05) return '<0.1';
  if (value < 9.95) return trim(value.toFixed(1));
  if (value < 999.5) return String(Math.round(value));
  if (value < 999_500) return `${trim((value / 1_000).toPrecision(value < 9_950 ? 2 : 3))} k`;
  return `${trim((value / 1_000_000).toFixed(1))} M`;
}

const trim = (digits: string): string =>
  digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;

export const perSecond = (rate: number | null): string =>
  rate === null ? '…' : `${brief(rate)}/s`;

/** @param rate null: not known yet */
export function bytesPerSecond(rate: number | null): string {
  if (rate === null) return '…';
  return rate < 999.5
    ? `${Math.round(rate)} B/s`
    : `${brief(rate).replace(' k', ' kB').replace(' M', ' MB')}/s`;
}

/** `0.4 ms`, `12 ms`, `3 s`. */
export function milliseconds(ms: number): string {
  return ms < 1_000 ? `${brief(ms)} ms` : duration(ms);
}

/** Of an id, what people need to tell it from others. */
export const short = (id: string): string => id.slice(0, 6);

/** `3 s`, `4 min`, `2 h`, `5 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
