import type { HeadFault } from '#bundle';
import type { Fault } from '../verify/faults.js';
import type { Report } from '../verify/report.js';
import type { HeadsRead } from './read-heads.js';

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
