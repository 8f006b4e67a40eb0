import { differenceLines } from '../verify/report.js';
import type { Fault } from '../verify/faults.js';
import type { Rebuilt } from './rebuild.js';

/** The report of a rebuild, also as JSON. */
export interface RebuildReport {
  readonly swapped: boolean;
  readonly from: string;
  readonly to: string;
  readonly records: number;
  readonly seconds: number;
  /** Records per second. */
  readonly rate: number;
  /** The position of the comparison, the number of different rows by table, and the first of them. */
  readonly position: number;
  readonly differing: Readonly<Record<string, number>>;
  readonly first: Fault | null;
  readonly hashes: Readonly<Record<string, string>>;
  readonly kept: boolean;
  readonly dropped: readonly string[];
}

/** Builds the report of a rebuild. */
export function reportOf(rebuilt: Rebuilt, kept: boolean, seconds: number): RebuildReport {
  const { compared, swapped, from, to, records, position, dropped } = rebuilt;
  const { first = null, differing, hashes } = compared;
  const rate = Math.round(records / seconds);
  return { swapped, from, to, records, seconds, rate, position, differing, first, hashes: hashes.log, kept, dropped };
}

/** The report as lines for a person. */
export function lines(report: RebuildReport): string[] {
  const { swapped, from, to, records, seconds, rate, position, differing, first, hashes, kept, dropped } = report;
  const counts = Object.entries(differing).map(([table, rows]) => `${rows} rows of ${table}`);
  return [
    `${to}: ${records} records applied in ${seconds.toFixed(1)} s, ${rate}/s`,
    `compared with ${from} at position ${position}`,
    ...(first ? [`DIFFERENT: ${counts.join(', ') || 'the records they come from'}; the first:`] : []),
    ...(first
      ? differenceLines(first)
      : Object.entries(hashes).map(([table, hash]) => `  ${table.padEnd(16)} equal  ${hash}`)),
    ...(swapped
      ? [
          `SWAPPED: readers read ${to} now.`,
          `${from} is kept ${kept ? 'until you drop it by name' : 'until two more builds were live, or you drop it'}. To return to it: npm run audit -- builds --return ${from}`,
        ]
      : [
          'NOT SWAPPED: readers still read the old build; the new one is kept for inspection.',
          'To swap anyway, run it again with --accept-differences; to remove the new build, with --abort.',
        ]),
    ...dropped.map(name => `dropped ${name}, an earlier build`),
  ];
}
