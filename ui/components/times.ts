/** Moments and amounts in words, to look at and to listen to. */
import type { TurnUsage } from '../../shared/state.ts';
import { unitsOf } from './short-time.ts';

/** A time as it is said. */
export function spokenTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return 'less than a second';
  return unitsOf(seconds)
    .map(([count, [, word]]) => `${count} ${word}${count === 1 ? '' : 's'}`)
    .join(' ');
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'medium' });

/** The time of today, with its day when it is of another. */
export function momentOf(at: number, now: number): string {
  const same = new Date(at).toDateString() === new Date(now).toDateString();
  return same ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
}

export const wholeMoment = (at: number): string => whole.format(at);

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const counted = new Intl.NumberFormat('en');

export const countOf = (n: number): string => counted.format(n);

/** What a turn took of the context and of money: to look at, and to listen to. */
export function usageWords({ used, size, cost }: TurnUsage): { short: string[]; spoken: string[] } {
  const short = [
    size > 0
      ? `${compact.format(used)} of ${compact.format(size)} tokens`
      : `${compact.format(used)} tokens`,
  ];
  const spoken = [
    size > 0
      ? `${counted.format(used)} of ${counted.format(size)} tokens of its context used`
      : `${counted.format(used)} tokens of its context used`,
  ];
  if (cost !== undefined) {
    short.push(money(cost.amount, cost.currency));
    spoken.push(`cost ${money(cost.amount, cost.currency)}`);
  }
  return { short, spoken };
}

function money(amount: number, currency: string): string {
  // Small amounts to three digits that count, others to the cent.
  const options =
    amount < 1
      ? { minimumSignificantDigits: 2, maximumSignificantDigits: 3 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency, ...options });
    return format.format(amount);
  } catch {
    // The agent's word for a currency is not known here.
    return `${new Intl.NumberFormat('en', options).format(amount)} ${currency}`;
  }
}
