/** One line of the table: what was measured, against what, and whether that is enough. */
export interface Figure {
  what: string;
  measured: string;
  target: string;
  ok: boolean;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param q 0 to 1 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
