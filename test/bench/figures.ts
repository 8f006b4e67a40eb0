/** The measurements of several rounds: the median, the least and the greatest. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

/** The unit of a figure. Small values of `ms`, `s`, `MB` and `kB` are better, and large values of `/s`; `x` is a bare number. */
export type Unit = 'ms' | 's' | 'MB' | 'kB' | '/s' | 'x' | 'records';

/** The target of a figure: a limit for the product’s own figure, or for its ratio to the compared one. */
export interface Target {
  readonly of: 'ratio' | 'figure';
  readonly at: 'most' | 'least';
  readonly limit: number;
}

/** A row of the table: a measurement of the product, and of the side that it is compared with. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly product: Spread;
  /** The compared side: the floor, the peer, or the product itself in another state. */
  readonly against?: { readonly name: 'floor' | 'peer' | (string & {}); readonly spread: Spread };
  readonly target?: Target;
}

/** The value at a share from 0 to 1 of the sorted values, by the nearest rank. NaN for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** The median; for an even number of values the mean of the middle two. NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The spread of the rounds’ values. */
export const spreadOf = (rounds: readonly number[]): Spread => ({
  median: median(rounds),
  least: Math.min(...rounds),
  most: Math.max(...rounds),
  rounds: rounds.length,
});

/** The ratio of the product’s median to that of the compared side; undefined without a comparison. */
export const ratioOf = ({ product, against }: Figure): number | undefined =>
  against && product.median / against.spread.median;

/** Whether the target is reached; undefined without a target. */
export function reached(figure: Figure): boolean | undefined {
  const { target, product } = figure;
  if (!target) return undefined;
  const value = target.of === 'figure' ? product.median : ratioOf(figure);
  if (value === undefined) throw new TypeError(`${figure.what}: a ratio is wanted, and nothing to compare it with.`);
  return target.at === 'most' ? value <= target.limit : value >= target.limit;
}

export const ratioAtMost = (limit: number): Target => ({ of: 'ratio', at: 'most', limit });
export const ratioAtLeast = (limit: number): Target => ({ of: 'ratio', at: 'least', limit });
export const atMost = (limit: number): Target => ({ of: 'figure', at: 'most', limit });
export const atLeast = (limit: number): Target => ({ of: 'figure', at: 'least', limit });
