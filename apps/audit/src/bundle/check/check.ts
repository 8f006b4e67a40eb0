import { HeadWatch, type HeadFault, type Manifest, type RawCommit, type Signed, type SignedHead } from '#bundle';
import { join } from 'node:path';
import type { HeadsRead } from '../../heads/read-heads.js';
import { notTrusted, type Trusted } from '../../trust.js';
import type { Contents } from '../contents.js';
import { blobsFile, blobsFolder, strayBlobs } from '../blobs.js';
import { measure, mostOthers, othersIn } from '../files.js';
import { rawFile, readRawRecords } from '../winners.js';
import { checkBlobs, type BlobsFound, type BlobsKnown } from './blobs.js';
import { checkClaims, checkShape } from './claims.js';
import { checkCommits, type Walk, type Walked } from './commits.js';
import { checkVisibilityLog, readIndex } from './expected.js';
import { Faults } from './faults.js';
import { checkDigests, checkKeys, readDigests, type Digests, type KeysFound, type KeysKnown } from './keys.js';
import { openBundle } from './signature.js';

/** The inputs of a check. */
export interface Checking {
  readonly folder: string;
  readonly expected: Trusted;
  /** The expected log id. */
  readonly log?: string | undefined;
  readonly heads?: HeadsRead | undefined;
  readonly keys: KeysKnown;
  readonly blobs?: BlobsKnown;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The heads by what they say about the bundle. */
interface HeadsChecked {
  readonly compared: number;
  /** Number of heads that were signed after the bundle was made, for positions beyond its end. They say nothing about it. */
  readonly later: number;
  readonly faults: readonly HeadFault[];
}

/** The result of a check. */
export interface Checked {
  readonly manifest: Manifest;
  readonly signed: Signed | undefined;
  readonly faults: Faults;
  readonly contents: Contents;
  readonly keys: KeysFound;
  readonly blobs: BlobsFound;
  /** Names in the folder that do not belong to the bundle, so they are not signed. */
  readonly others: { readonly names: readonly string[]; readonly more: boolean };
  /** Undefined if no heads were given. */
  readonly heads: HeadsChecked | undefined;
  readonly unchecked: readonly string[];
}

/** Checks a bundle's contents, its signer and its log. Rejects if there is no bundle. */
export async function checkBundle(it: Checking, signal: AbortSignal): Promise<Checked> {
  const faults = new Faults();
  const { folder } = it;
  const { manifest, signed } = await openBundle(folder, faults);
  checkExpected(it, manifest, signed, faults);
  checkShape(manifest, signed, faults);
  const altered = await alteredFiles(it, manifest, faults, signal);
  const isSigned = (name: string) => !altered.has(name) && manifest.files.some(file => file.name === name);
  const expected = isSigned('index.jsonl') ? await readIndex(folder, manifest, faults) : undefined;
  const watching = watchOf(it, manifest);
  const raw = isSigned(rawFile) ? await rawRecords(folder, faults) : new Map<number, RawCommit>();
  const walked = await walk(it, manifest, { expected, watch: watching.watch, raw }, faults, signal);
  const { contents } = walked;
  const visibilityLog = await checkVisibilityLog(folder, manifest, faults);
  const digests = await readDigests(folder, manifest, faults);
  if (walked.straight) {
    const visibility = isSigned('visibility.jsonl') ? visibilityLog : undefined;
    compare(manifest, walked, { visibility, digests, unaltered: isSigned('key-digests.jsonl') }, faults);
  }
  const keys = await checkKeys(folder, digests, contents.developments, it.keys, faults);
  const signedContents = walked.straight ? contents : undefined;
  const blobs = await blobsIn(it, { manifest, contents: signedContents, gone: keys.gone }, faults, signal);
  addAltered(altered, faults);
  const others = await othersBesides(folder, manifest, blobs.paths);
  return {
    manifest,
    signed,
    faults,
    contents,
    keys,
    blobs,
    others,
    ...headsOf(it, manifest, walked, watching),
  };
}

type OfFiles = Pick<Parameters<typeof checkBlobs>[1], 'manifest' | 'contents' | 'gone'>;

function blobsIn({ folder, blobs = {}, onProgress }: Checking, of: OfFiles, faults: Faults, signal: AbortSignal) {
  const onFiles = (done: number, all: number) => onProgress(done, all, 'reading files of pictures');
  return checkBlobs(folder, { ...of, known: blobs, onFiles }, faults, signal);
}

/** Names in the folder that do not belong to the bundle. */
async function othersBesides(folder: string, { files }: Manifest, paths: ReadonlySet<string>) {
  const names = files.map(({ name }) => name);
  const carries = names.includes(blobsFile);
  const others = await othersIn(folder, new Set([...names, ...unsigned, ...(carries ? [blobsFolder] : [])]));
  const strays = carries ? await strayBlobs(folder, paths) : { names: [], more: false };
  const all = [...others.names, ...strays.names];
  return { names: all.slice(0, mostOthers), more: others.more || strays.more || all.length > mostOthers };
}

interface Companions {
  readonly visibility: number | undefined;
  readonly digests: Digests | undefined;
  /** Whether the digests are the signed ones. */
  readonly unaltered: boolean;
}

/** Compares the manifest and the digests of keys with the commits. */
function compare(
  manifest: Manifest,
  walked: Walked,
  { visibility, digests, unaltered }: Companions,
  faults: Faults,
): void {
  const keys = digests ? { keys: digests.exported.size, lost: digests.lost.size } : { keys: 0, lost: 0 };
  const unknown = { keys: undefined, lost: undefined };
  checkClaims(manifest, walked, { visibility, ...(digests && !unaltered ? unknown : keys) }, faults);
  if (digests && unaltered) checkDigests(manifest, digests, walked.contents, faults);
}

function headsOf(
  { expected, heads }: Checking,
  manifest: Manifest,
  { straight }: Walked,
  { watch, later, unclear }: Watching,
): Pick<Checked, 'heads' | 'unchecked'> {
  const unchecked = [...(expected ? [] : [notTrusted]), ...(heads?.unchecked ?? [])];
  if (!heads) return { heads: undefined, unchecked };
  if (!straight) {
    unchecked.push('The heads were not compared, because the commits are not the signed ones.');
    return { heads: undefined, unchecked };
  }
  const { log, tree, scope } = manifest;
  const found = watch.done(log.id, tree.size);
  if (unclear > 0)
    unchecked.push(
      `${unclear} heads of positions beyond the end of this bundle were signed in the hour before it was made: its tail was cut, or an older version or another clock dated it. Compare a newer bundle with them.`,
    );
  if (heads.heads.length > 0 && found.compared === 0 && found.faults.length === 0)
    unchecked.push(
      'all' in scope
        ? 'No head was compared: all are of positions beyond the end of this bundle. Give older heads too.'
        : `No head was compared: a story’s bundle can be compared only with a head of position ${tree.size}. Compare a bundle of the whole log.`,
    );
  return { heads: { ...found, later }, unchecked };
}

/** Files of a bundle that the manifest does not list. */
const unsigned = ['manifest.json', 'manifest.jws', 'keys.jsonl'];

/** Checks the signer and the log's id. */
function checkExpected({ expected, log }: Checking, manifest: Manifest, signed: Signed | undefined, faults: Faults) {
  if (signed && expected && !expected.includes(signed.fingerprint))
    faults.add(
      'foreign-key',
      'manifest.jws',
      `The expected signer is ${expected.join(' or ')}; the signer was ${signed.fingerprint}.`,
    );
  if (log !== undefined && log !== manifest.log.id)
    faults.add('other-log', 'manifest.json', `The expected log is ${log}; the bundle belongs to ${manifest.log.id}.`);
}

interface Watching {
  readonly watch: HeadWatch;
  /** Number of heads that were signed after the bundle was made, for positions beyond its end. */
  readonly later: number;
  /** Number of those that were signed at most `unclearMs` before. */
  readonly unclear: number;
}

/** Clocks differ, and earlier versions dated a bundle when its export ended: such a head need not be of a cut tail. */
const unclearMs = 3_600_000;

function watchOf({ heads }: Checking, { log, tree, scope, created }: Manifest): Watching {
  const given = heads?.heads ?? [];
  const since = new Date(Date.parse(created) - unclearMs).toISOString();
  const beyond = new Set(given.filter(head => head.log === log.id && head.position > tree.size && head.time >= since));
  const later = [...beyond].filter(({ time }) => time > created).length;
  // A story's bundle holds only some of the log's commits, so it has no tree for positions before the log's end.
  const isComparable = (head: SignedHead) => 'all' in scope || head.log !== log.id || head.position >= tree.size;
  const watch = new HeadWatch(
    given.filter(head => isComparable(head) && !beyond.has(head)),
    given,
  );
  return { watch, later, unclear: beyond.size - later };
}

function walk(
  { folder, onProgress }: Checking,
  manifest: Manifest,
  known: Pick<Walk, 'expected' | 'watch' | 'raw'>,
  faults: Faults,
  signal: AbortSignal,
): Promise<Walked> {
  const onLine = (done: number) => onProgress(done, manifest.counts.commits, 'checking');
  return checkCommits({ folder, manifest, ...known, onLine }, faults, signal);
}

async function rawRecords(folder: string, faults: Faults): Promise<ReadonlyMap<number, RawCommit>> {
  const raw = await readRawRecords(folder);
  if (!raw) faults.add('unreadable-line', rawFile, '');
  return raw ?? new Map<number, RawCommit>();
}

interface Altered {
  readonly due: string;
  readonly found: string;
}

/** Each signed file that was changed: its hash or length, or null if it is missing. */
async function alteredFiles(
  { folder, onProgress }: Checking,
  { files, counts }: Manifest,
  faults: Faults,
  signal: AbortSignal,
) {
  const altered = new Map<string, Altered>();
  const read = new Set<string>();
  for (const { name, sha256, bytes, lines } of files) {
    signal.throwIfAborted();
    // `checkShape` reports a name that is listed twice.
    if (read.has(name)) continue;
    read.add(name);
    onProgress(0, counts.commits, `reading ${name}`);
    const found = await measure(join(folder, name), bytes, signal);
    if (!found) faults.add('missing-file', name, '');
    if (found?.bytes !== bytes) altered.set(name, { due: `${bytes} bytes`, found: `${found?.bytes ?? 0}` });
    else if (found.sha256 !== sha256) altered.set(name, { due: sha256, found: `${found.sha256}` });
    else if (found.lines !== lines)
      faults.add('wrong-claim', 'manifest.json', `files gives ${name} ${lines} lines; it has ${found.lines}.`);
  }
  return altered;
}

/** Reports a changed file unless a fault in it was reported already. */
function addAltered(altered: ReadonlyMap<string, Altered>, faults: Faults): void {
  for (const [name, { due, found }] of altered)
    if (!faults.kept.some(({ file }) => file === name))
      faults.add('altered-file', name, `The signed value is ${due}; the file has ${found}.`);
}
