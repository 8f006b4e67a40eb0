import { headFaults, type HeadFault, type Manifest } from '#bundle';
import type { HeadsRead } from '../../heads/read-heads.js';
import type { Checked } from './check.js';
import { bundleFaults, type BundleFault } from './faults.js';
import type { KeysFound } from './beside.js';

/** What is told of a check, also as JSON. */
export interface CheckReport {
  readonly whole: boolean;
  readonly bundle: string;
  readonly scope: Manifest['scope'];
  readonly log: Manifest['log'];
  readonly tree: Manifest['tree'];
  readonly counts: Manifest['counts'];
  readonly created: string;
  /** Fingerprint of the key that signed; null where the signature is none. */
  readonly signer: string | null;
  /** Whether that is a key for local use, which stands for nobody. */
  readonly dev: boolean;
  readonly keys: KeysFound;
  readonly heads: { readonly compared: number; readonly strange: readonly string[] } | null;
  readonly faults: number;
  readonly first: BundleFault | HeadFault | null;
  /** The first twenty faults of the bundle, and those of the heads. */
  readonly found: readonly (BundleFault | HeadFault)[];
  /** Why something could not be checked. */
  readonly unchecked: readonly string[];
  readonly seconds: number;
}

export function checkReportOf(
  { manifest, signed, faults, keys, heads, unchecked }: Checked,
  { bundle, seconds, given }: { bundle: string; seconds: number; given: HeadsRead | undefined },
): CheckReport {
  const ofHeads = heads?.faults ?? [];
  const found = [...faults.kept, ...ofHeads];
  const { scope, log, tree, counts, created } = manifest;
  return {
    whole: found.length === 0 && unchecked.length === 0,
    bundle,
    scope,
    log,
    tree,
    counts,
    created,
    ...(signed ? { signer: signed.fingerprint, dev: signed.dev } : { signer: null, dev: false }),
    keys,
    heads: heads && given ? { compared: heads.compared, strange: given.strange } : null,
    faults: faults.count + ofHeads.length,
    first: found[0] ?? null,
    found,
    unchecked,
    seconds,
  };
}

/** 0 whole and by whom was expected, 1 something is wrong, 2 something could not be checked. */
export const exitCodeOf = ({ whole, first }: CheckReport): number => (first ? 1 : whole ? 0 : 2);

export function checkLines(report: CheckReport): string[] {
  const { bundle, scope, log, tree, counts, created, signer, dev, keys, heads, faults, found, unchecked, seconds } =
    report;
  return [
    `${bundle}: ${'story' in scope ? `story ${scope.story}` : 'a whole log'}, ${counts.commits} commits of ${counts.streams} streams, in ${seconds.toFixed(1)} s`,
    `  log       ${log.id} (${log.name})`,
    `  tree      ${tree.size} commits, root ${tree.root}`,
    `  made      ${created}`,
    `  signed by ${signer ?? 'nobody'}${dev ? ', a development key, which stands for nobody' : ''}`,
    `  keys      ${keys.held} of ${keys.held + keys.removed} exported`,
    ...(heads ? [`  heads     ${heads.compared} compared`, ...heads.strange.map(line => `  STRANGE   ${line}`)] : []),
    ...found.flatMap(faultLines),
    ...(faults > found.length ? [`and ${faults - found.length} more`] : []),
    ...unchecked.map(why => `NOT CHECKED: ${why}`),
    ...(report.whole ? ['WHOLE: every commit is there, in its place, and as it was signed.'] : []),
  ];
}

function faultLines(fault: BundleFault | HeadFault): string[] {
  if ('head' in fault) return [`WRONG: ${headFaults[fault.code]} ${fault.detail}`];
  const { code, detail, file, line, position, stream, seq } = fault;
  return [
    `WRONG: ${bundleFaults[code]} ${detail}`.trimEnd(),
    `  file      ${file}${line === null ? '' : `, line ${line}`}`,
    ...(position === null ? [] : [`  position  ${position}`]),
    ...(stream === null ? [] : [`  stream    ${stream}${seq === null ? '' : `, commit ${seq}`}`]),
  ];
}
