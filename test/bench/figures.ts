/** What several rounds measured: the median, and the least and the greatest of them. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

/** The unit of a figure; `ms`, `s`, `MB`, `kB` are better when small, `/s` when large, `x` has no unit. */
export type Unit = 'ms' | 's' | 'MB' | 'kB' | '/s' | 'x' | 'records';

/** What issue or document asks of a figure: of the product’s figure itself, or of its ratio to what it is compared with. */
export interface Target {
  readonly of: 'ratio' | 'figure';
  readonly at: 'most' | 'least';
  readonly limit: number;
}

/** A row of the table: what was measured, of the product and of what it is compared with. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly product: Spread;
  /** What the product is compared with: the floor, the peer, or the product itself in another state. */
  readonly against?: { readonly name: 'floor' | 'peer' | (string & {}); readonly spread: Spread };
  readonly target?: Target;
}

/** The figure at a share of the others, from 0 to 1, by the nearest rank. NaN where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** The median; of an even number of values the mean of the middle two. NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The spread of what the rounds measured. */
export const spreadOf = (rounds: readonly number[]): Spread => ({
  median: median(rounds),
  least: Math.min(...rounds),
  most: Math.max(...rounds),
  rounds: rounds.length,
});

/** The product’s median in terms of what it is compared with; undefined where it is compared with nothing. */
export const ratioOf = ({ product, against }: Figure): number | undefined =>
  against && product.median / against.spread.median;

/** Whether the target is reached; undefined where there is none. */
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
