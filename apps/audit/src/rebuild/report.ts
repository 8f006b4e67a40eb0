import { differenceLines } from '../verify/report.js';
import type { Fault } from '../verify/faults.js';
import type { Rebuilt } from './rebuild.js';

/** What is told of a rebuild, also as JSON. */
export interface RebuildReport {
  readonly swapped: boolean;
  readonly from: string;
  readonly to: string;
  readonly records: number;
  readonly seconds: number;
  /** Records a second. */
  readonly rate: number;
  /** The position that the two builds were compared at, the rows that differ by table, and the first of them. */
  readonly position: number;
  readonly differing: Readonly<Record<string, number>>;
  readonly first: Fault | null;
  readonly hashes: Readonly<Record<string, string>>;
  readonly kept: boolean;
  readonly dropped: readonly string[];
}

export function reportOf(rebuilt: Rebuilt, kept: boolean, seconds: number): RebuildReport {
  const { compared, swapped, from, to, records, position, dropped } = rebuilt;
  const { first = null, differing, hashes } = compared;
  const rate = Math.round(records / seconds);
  return { swapped, from, to, records, seconds, rate, position, differing, first, hashes: hashes.log, kept, dropped };
}

export function lines(report: RebuildReport): string[] {
  const { swapped, from, to, records, seconds, rate, position, differing, first, hashes, kept, dropped } = report;
  const counts = Object.entries(differing).map(([table, rows]) => `${rows} rows of ${table}`);
  return [
    `${to}: ${records} records folded in ${seconds.toFixed(1)} s, ${rate}/s`,
    `compared with ${from} at position ${position}`,
    ...(first ? [`DIFFERENT: ${counts.join(', ') || 'the records they come from'}; the first:`] : []),
    ...(first
      ? differenceLines(first)
      : Object.entries(hashes).map(([table, hash]) => `  ${table.padEnd(16)} equal  ${hash}`)),
    ...(swapped
      ? [
          `SWAPPED: readers read ${to} now.`,
          `${from} stays ${kept ? 'until it is dropped by its name' : 'until two more builds have taken their place, or it is dropped'}; back to it: npm run audit -- builds --return ${from}`,
        ]
      : [
          'NOT SWAPPED: readers go on reading the old build, and the new one stays to be looked at.',
          'To swap all the same, run it again with --accept-differences; to remove the new one, with --abort.',
        ]),
    ...dropped.map(name => `dropped ${name}, which readers had left before`),
  ];
}
