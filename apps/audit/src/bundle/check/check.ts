import { HeadWatch, type HeadFault, type Manifest, type Signed } from '#bundle';
import type { HeadsRead } from '../../heads/read-heads.js';
import { notTrusted, type Trusted } from '../../trust.js';
import { checkKeys, checkLedger, type KeysFound } from './beside.js';
import { checkCommits } from './commits.js';
import { readIndex, type Expected } from './expected.js';
import { Faults } from './faults.js';
import { hashOf } from './files.js';
import { openBundle } from './signature.js';

export interface Checking {
  readonly folder: string;
  readonly expected: Trusted;
  /** The log's id that it should be of. */
  readonly log?: string | undefined;
  readonly heads?: HeadsRead | undefined;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** What was looked at and what came of it. */
export interface Checked {
  readonly manifest: Manifest;
  readonly signed: Signed | undefined;
  readonly faults: Faults;
  readonly keys: KeysFound;
  /** Undefined where no heads were given. */
  readonly heads: { readonly compared: number; readonly faults: readonly HeadFault[] } | undefined;
  readonly unchecked: readonly string[];
}

/** Checks a bundle by what is in it, and by whom and what is expected. Rejects where there is no bundle. */
export async function checkBundle(it: Checking, signal: AbortSignal): Promise<Checked> {
  const faults = new Faults();
  const { folder, expected: trusted } = it;
  const { manifest, signed } = await openBundle(folder, faults);
  checkExpected(it, manifest, signed, faults);
  const altered = await alteredFiles(it, manifest, faults);
  const expected = altered.has('index.jsonl') ? undefined : await readIndex(folder, manifest, faults);
  const { straight, watch } = await walk(it, manifest, expected, faults, signal);
  await checkLedger(folder, manifest, faults);
  const keys = await checkKeys(folder, faults);
  tellAltered(altered, faults);
  const unchecked = [...(trusted ? [] : [notTrusted]), ...(it.heads?.unchecked ?? [])];
  if (it.heads && !straight) unchecked.push('The heads were not compared, as the commits are not those signed.');
  const heads = it.heads && straight ? watch.done(manifest.tree.size) : undefined;
  return { manifest, signed, faults, keys, heads, unchecked };
}

/** By whom it is, and of what. */
function checkExpected({ expected, log }: Checking, manifest: Manifest, signed: Signed | undefined, faults: Faults) {
  if (signed && expected && !expected.includes(signed.fingerprint))
    faults.add('foreign-key', 'manifest.jws', `Expected was ${expected.join(' or ')}; it was ${signed.fingerprint}.`);
  if (log !== undefined && log !== manifest.log.id)
    faults.add('other-log', 'manifest.json', `Expected was ${log}; the bundle is of ${manifest.log.id}.`);
}

async function walk(
  it: Checking,
  manifest: Manifest,
  expected: Expected | undefined,
  faults: Faults,
  signal: AbortSignal,
) {
  const { heads = [] } = it.heads ?? {};
  // A story's bundle has no tree of its own between its commits: what was signed of the log's end can be compared.
  const comparable = 'all' in manifest.scope ? heads : heads.filter(({ position }) => position === manifest.tree.size);
  const watch = new HeadWatch(comparable);
  const onLine = (done: number) => it.onProgress(done, manifest.counts.commits, 'checking');
  const { folder } = it;
  return { watch, straight: await checkCommits({ folder, manifest, expected, watch, onLine }, faults, signal) };
}

/** What stands there of each file that was signed and is another one: its hash, or undefined where there is none. */
async function alteredFiles({ folder, onProgress }: Checking, { files, counts }: Manifest, faults: Faults) {
  const altered = new Map<string, { due: string; found: string }>();
  for (const { name, sha256: due } of files) {
    onProgress(0, counts.commits, `reading ${name}`);
    const found = await hashOf(folder, name);
    if (found === undefined) faults.add('missing-file', name, '');
    if (found !== due) altered.set(name, { due, found: found ?? 'nothing' });
  }
  return altered;
}

/** Where it was not told already what is wrong in the file. */
function tellAltered(altered: ReadonlyMap<string, { due: string; found: string }>, faults: Faults): void {
  for (const [name, { due, found }] of altered)
    if (!faults.kept.some(({ file }) => file === name))
      faults.add('altered-file', name, `Signed was ${due}; it is ${found}.`);
}
