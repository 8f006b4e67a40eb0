import { ratioOf, reached, type Figure, type Spread } from './figures.js';

const headings = ['what', 'floor', 'peer', 'product', 'ratio', 'target', 'reached'] as const;

/** The number with about three significant digits, and commas between thousands. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

const spread = ({ median, least, most, rounds }: Spread, unit: string) =>
  `${shown(median)} ${unit}${rounds > 1 ? ` (${shown(least)}-${shown(most)})` : ''}`;

function target({ target, unit }: Figure): string {
  if (!target) return '';
  return `${target.at === 'most' ? '<=' : '>='} ${shown(target.limit)} ${target.of === 'ratio' ? 'x' : unit}`;
}

function cells(figure: Figure): string[] {
  const { what, unit, product, against } = figure;
  const compared = (name: 'floor' | 'peer') => (against?.name === name ? spread(against.spread, unit) : '');
  // A side that is neither floor nor peer is the product in another state. It is named in the floor’s column.
  const other =
    against && against.name !== 'floor' && against.name !== 'peer'
      ? `${against.name}: ${spread(against.spread, unit)}`
      : '';
  const ratio = ratioOf(figure);
  const isReached = reached(figure);
  return [
    what,
    compared('floor') || other,
    compared('peer'),
    spread(product, unit),
    ratio === undefined ? '' : `${shown(ratio)} x`,
    target(figure),
    isReached === undefined ? '' : isReached ? 'yes' : 'NO',
  ];
}

/** The table in Markdown with aligned columns, for terminals and documents. */
export function table(figures: readonly Figure[]): string {
  const rows = [[...headings], ...figures.map(cells)];
  const widths = headings.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`;
  const [head, ...rest] = rows;
  return [line(head!), rule, ...rest.map(line)].join('\n');
}
