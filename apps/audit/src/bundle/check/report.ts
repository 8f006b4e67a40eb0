import { headFaults, listsLostKeys, type HeadFault, type Manifest } from '#bundle';
import {
  signatureLines,
  signaturesReport,
  uncheckedSignatures,
  type SignaturesReport,
} from '../../signatures/report.js';
import type { HeadsRead } from '../../heads/read-heads.js';
import { strangeLines, type StrangeCommit } from '../contents.js';
import type { BlobsFound } from './blobs.js';
import type { Checked } from './check.js';
import { bundleFaults, mostFaultsPrinted, type BundleFault } from './faults.js';
import type { KeysFound } from './keys.js';
import type { SignaturesChecked } from './signatures.js';

/** The report of a check, also as JSON. */
export interface CheckReport {
  readonly whole: boolean;
  readonly bundle: string;
  readonly scope: Manifest['scope'];
  readonly log: Manifest['log'];
  readonly tree: Manifest['tree'];
  readonly counts: Manifest['counts'];
  readonly created: string;
  /** Fingerprint of the signing key; null if there is no valid signature. */
  readonly signer: string | null;
  /** Whether that is a key for local use, which identifies nobody. */
  readonly dev: boolean;
  readonly keys: KeysReport;
  /** Counts of files of pictures. */
  readonly blobs: Omit<BlobsFound, 'paths'>;
  /** Commits that no editor-api writes and that the log itself holds: the first twenty, and how many. */
  readonly strange: readonly StrangeCommit[];
  readonly strangeCount: number;
  /** Unsigned names in the folder: the first twenty, and whether there are more. */
  readonly others: Checked['others'];
  /** Properties that a bundle of this format cannot prove. */
  readonly unproven: readonly string[];
  readonly heads: { readonly compared: number; readonly later: number; readonly strange: readonly string[] } | null;
  /** Who signed the commits; null if that was not checked. */
  readonly signatures: SignaturesReport | null;
  readonly faults: number;
  readonly first: BundleFault | HeadFault | null;
  /** The first twenty faults of the bundle, of the heads and of the signatures. */
  readonly found: readonly (BundleFault | HeadFault)[];
  /** The reasons for checks that could not be made. */
  readonly unchecked: readonly string[];
  readonly seconds: number;
}

interface KeysReport extends Pick<KeysFound, 'held' | 'exported' | 'removed' | 'elsewhere' | 'untold'> {
  readonly gone: number;
  /** Developments whose keys are missing without an explanation: the first hundred thousand, and how many. */
  readonly missing: readonly string[];
  readonly missingCount: number;
}

/** What a report needs beside the check. */
interface CheckReportGiven {
  readonly bundle: string;
  readonly seconds: number;
  readonly given: HeadsRead | undefined;
  readonly authors?: SignaturesChecked | undefined;
}

/** Maximum number of developments named in JSON. */
const mostMissingNamed = 100_000;

/** Builds the report of a check. */
export function checkReportOf(
  { manifest, signed, faults, contents, keys, blobs: files, others, heads, unchecked }: Checked,
  { bundle, seconds, given, authors }: CheckReportGiven,
): CheckReport {
  const { paths: _, ...blobs } = files;
  const ofHeads = heads?.faults ?? [];
  const ofAuthors = reportOfAuthors(authors);
  const found = [...faults.kept, ...ofHeads, ...ofAuthors.found].slice(0, mostFaultsPrinted);
  const open = [...unchecked, ...ofAuthors.unchecked];
  const { scope, log, tree, counts, created } = manifest;
  return {
    whole: found.length === 0 && open.length === 0,
    bundle,
    scope,
    log,
    tree,
    counts,
    created,
    ...(signed ? { signer: signed.fingerprint, dev: signed.dev } : { signer: null, dev: false }),
    keys: {
      ...keys,
      gone: keys.gone.size,
      missing: [...keys.missing].slice(0, mostMissingNamed),
      missingCount: keys.missing.size,
    },
    blobs,
    strange: contents.strange,
    strangeCount: contents.strangeCount,
    others,
    unproven: [...unprovenOf(manifest, keys), ...withoutFiles(blobs)],
    heads: heads && given ? { compared: heads.compared, later: heads.later, strange: given.strange } : null,
    signatures: ofAuthors.signatures,
    faults: faults.count + ofHeads.length + ofAuthors.count,
    first: found[0] ?? null,
    found,
    unchecked: open,
    seconds,
  };
}

function reportOfAuthors(authors: SignaturesChecked | undefined) {
  if (!authors) return { signatures: null, found: [], count: 0, unchecked: [] };
  const { seen, faults, certifiers, from, unread } = authors;
  const signatures = signaturesReport(seen, certifiers);
  const unchecked = uncheckedSignatures(signatures);
  if (unread > 0)
    unchecked.push(
      `This version cannot read ${unread} commits from position ${from} on, so it does not know whether they are signed. Check the bundle with a later version.`,
    );
  return { signatures, found: faults.kept, count: faults.count, unchecked };
}

/** 0: unaltered, and by the expected signer; 1: a fault was found; 2: a check could not be made. */
export const exitCodeOf = ({ whole, first }: CheckReport): number => (first ? 1 : whole ? 0 : 2);

/** A note that a bundle was made without files, if its commits name any. */
export const withoutFiles = ({ isCarried, named }: CheckReport['blobs']): string[] =>
  isCarried || named === 0
    ? []
    : [
        `This bundle was made without the ${named} files of pictures that its commits name. Keep a backup of the blob store.`,
      ];

function unprovenOf(manifest: Manifest, keys: KeysFound): string[] {
  if (listsLostKeys(manifest)) return [];
  const here = keys.exported > 0 && keys.untold > 0 ? ` This affects ${keys.untold} developments here.` : '';
  return [
    `This bundle has the format dateline-bundle/1, which does not distinguish destroyed keys from keys that were missing at the export.${here} It keeps no bytes of headers that are not UTF-8, and no header that occurs twice.`,
  ];
}

/** The report as lines for a person. */
export function checkLines(report: CheckReport): string[] {
  const { bundle, scope, log, tree, counts, created, signer, dev, keys, heads, faults, found, unchecked, seconds } =
    report;
  const { others, unproven, blobs } = report;
  return [
    `${bundle}: ${'story' in scope ? `story ${scope.story}` : 'a whole log'}, ${counts.commits} commits of ${counts.streams} streams, in ${seconds.toFixed(1)} s`,
    `  log       ${log.id} (${log.name})`,
    `  tree      ${tree.size} commits, root ${tree.root}`,
    `  made      ${created}`,
    `  signed by ${signer ?? 'nobody'}${dev ? ', a development key, which identifies nobody' : ''}`,
    `  keys      ${keysText(keys)}`,
    ...(blobs.isCarried ? [`  files     ${filesText(blobs)}`] : []),
    ...(heads ? [`  heads     ${headsText(heads)}`, ...heads.strange.map(line => `  STRANGE   ${line}`)] : []),
    ...(report.signatures ? signatureLines(report.signatures).map(line => `  ${line}`) : []),
    ...strangeLines(report.strange, report.strangeCount),
    ...others.names.map(name => `NOT SIGNED: ${name} does not belong to the bundle.`),
    ...(others.more ? ['NOT SIGNED: and more files that do not belong to the bundle.'] : []),
    ...unproven.map(what => `NOT PROVEN: ${what}`),
    ...found.flatMap(faultLines),
    ...(faults > found.length ? [`and ${faults - found.length} more`] : []),
    ...unchecked.map(why => `NOT CHECKED: ${why}`),
    ...(report.whole ? ['WHOLE: every signed commit is present, unchanged and in its place.'] : []),
  ];
}

const keysText = ({ held, exported, gone, elsewhere, missingCount }: CheckReport['keys']) =>
  [
    `${held} of ${exported} exported`,
    ...(elsewhere ? [`${elsewhere} in the key store only`] : []),
    ...(gone ? [`${gone} permanently lost`] : []),
    ...(missingCount ? [`${missingCount} MISSING`] : []),
  ].join(', ');

const headsText = ({ compared, later }: NonNullable<CheckReport['heads']>) =>
  [`${compared} compared`, ...(later ? [`${later} signed after this bundle was made`] : [])].join(', ');

const filesText = ({ held, elsewhere, gone }: CheckReport['blobs']) =>
  [
    `${held} of pictures`,
    ...(elsewhere ? [`${elsewhere} in the blob store only`] : []),
    ...(gone ? [`${gone} permanently lost`] : []),
  ].join(', ');

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
