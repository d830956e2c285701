/** Returns a percentile of some values; NaN if there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

/** Returns milliseconds as text, such as `12 / 40 / 95 ms`: the median, the 95th percentile and the maximum. */
export const spread = (values: readonly number[]): string =>
  values.length === 0
    ? 'no calls'
    : `${[50, 95, 100].map((percent) => Math.round(percentile(values, percent))).join(' / ')} ms`;

/** Counts things by their name. */
export class Counts {
  readonly #counts = new Map<string | number, number>();

  add(name: string | number): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string | number): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Such as `3 × 200, 1 × 503`. */
  toString(): string {
    const sorted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([name, count]) => `${count} × ${name}`).join(', ') || 'none';
  }
}
