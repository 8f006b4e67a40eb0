import { headFaults, type HeadFault } from '#bundle';
import type { LogReader } from '#event-log';
import { batchesOf } from '../candidate/batches.js';
import type { ProgressDisplay } from '../progress.js';
import type { Fault } from '../verify/faults.js';
import type { Report } from '../verify/report.js';
import type { LogWatch } from './log-watch.js';
import type { HeadsRead } from './read-heads.js';

/** The report of a comparison, also as JSON. */
export interface HeadsReport extends Omit<HeadsRead, 'heads'> {
  readonly equal: boolean;
  readonly topic: string;
  readonly log: LogWatch['log'];
  readonly compared: number;
  readonly first: HeadFault | null;
  readonly faults: number;
}

/** Builds the report of a comparison with signed heads. */
export function headsReportOf(topic: string, watch: LogWatch, { strange, unchecked }: HeadsRead): HeadsReport {
  const { compared, faults } = watch.done();
  const equal = faults.length === 0 && unchecked.length === 0;
  return {
    equal,
    topic,
    log: watch.log,
    compared,
    first: faults[0] ?? null,
    faults: faults.length,
    strange,
    unchecked,
  };
}

/** Reads the log to its current end, so that `watch` sees every record. */
export async function readAll(
  reader: LogReader,
  watch: LogWatch,
  shown: ProgressDisplay,
  signal: AbortSignal,
): Promise<void> {
  const { next: end } = await reader.bounds();
  if (end === 0) return;
  for await (const records of batchesOf(reader, signal)) {
    watch.take(records);
    const read = records.at(-1)!.offset + 1;
    shown.show(read, Math.max(end, read), 'reading');
    if (read >= end) return;
  }
}

/** The report as lines for a person. */
export function headLines({ equal, topic, log, compared, first, faults, strange, unchecked }: HeadsReport): string[] {
  return [
    `${topic}: ${log.position} commits, root ${log.root}, ${compared} heads compared`,
    ...(first ? [`DIFFERENT: ${headFaults[first.code]} ${first.detail}`] : []),
    ...(faults > 1 ? [`and ${faults - 1} more`] : []),
    ...strange.map(line => `STRANGE: ${line}`),
    ...unchecked.map(why => `NOT CHECKED: ${why}`),
    ...(equal ? ['EQUAL: the log agrees with every signed head.'] : []),
  ];
}

/** Adds the comparison with signed heads to a verification. */
export function withHeads(
  report: Report,
  { strange, unchecked }: HeadsRead,
  { compared, faults }: { readonly compared: number; readonly faults: readonly HeadFault[] },
): Report {
  const [first] = faults;
  return {
    ...report,
    equal: report.equal && !first && unchecked.length === 0,
    first: report.first ?? (first ? faultOf(first) : null),
    unchecked: [...report.unchecked, ...unchecked],
    heads: { compared, faults: faults.length, strange },
  };
}

const faultOf = ({ code, head, detail }: HeadFault): Fault => ({
  code,
  stream: null,
  seq: null,
  position: head.position,
  detail,
  row: null,
});
