import { fingerprintOf, listsLostKeys, mayCarryFiles, type Manifest, type Signed } from '#bundle';
import { storyStream } from '#domain';
import { blobsFile } from '../blobs.js';
import { inStory, rawFile } from '../winners.js';
import type { Walked } from './commits.js';
import type { Faults } from './faults.js';

const file = 'manifest.json';
/** The file names that a manifest may list, each once. The first three are required. */
const signedFiles = ['commits.jsonl', 'index.jsonl', 'visibility.jsonl', 'key-digests.jsonl', rawFile, blobsFile];
const always = 3;

/** Checks the manifest itself: its files, its parts and its signer. */
export function checkShape(manifest: Manifest, signed: Signed | undefined, faults: Faults): void {
  const wrong = (detail: string) => faults.add('wrong-claim', file, detail);
  checkNames(manifest, wrong);
  if ('story' in manifest.scope && !manifest.heads) wrong('heads is missing: it names the last commit of each stream.');
  if (listsLostKeys(manifest) !== (manifest.counts.lost !== undefined))
    wrong(`counts.lost ${manifest.counts.lost === undefined ? 'is missing' : 'is present'}, in a ${manifest.format}.`);
  if (signed && fingerprintOf(manifest.kid) !== signed.fingerprint)
    wrong(`kid is ${manifest.kid}; the key that signed is ${signed.fingerprint}.`);
}

function checkNames(manifest: Manifest, wrong: (detail: string) => void): void {
  const names = manifest.files.map(({ name }) => name);
  for (const name of signedFiles.slice(0, always)) if (!names.includes(name)) wrong(`files does not list ${name}.`);
  for (const [at, name] of names.entries())
    if (!signedFiles.includes(name) || (name === blobsFile && !mayCarryFiles(manifest)))
      wrong(`files lists ${name}, which no bundle contains.`);
    else if (names.indexOf(name) !== at) wrong(`files lists ${name} twice.`);
}

/** The counts of the bundle's contents; undefined for a file that was changed or cannot be read. */
export interface Counted {
  readonly visibility: number | undefined;
  readonly keys: number | undefined;
  readonly lost: number | undefined;
}

/** Compares every claim of the manifest about the commits with the commits, which are the signed ones. */
export function checkClaims(manifest: Manifest, walked: Walked, counted: Counted, faults: Faults): void {
  const { scope, log, counts } = manifest;
  const { heads, contents, lines } = walked;
  const wrong = (detail: string) => faults.add('wrong-claim', file, detail);
  const found = { commits: lines, streams: heads.size, ...counted };
  for (const name of ['commits', 'streams', 'visibility', 'keys', 'lost'] as const)
    if (found[name] !== undefined && counts[name] !== undefined && found[name] !== counts[name])
      wrong(`counts.${name} is ${counts[name]}; the bundle has ${found[name]}.`);
  if (contents.source !== undefined && log.name !== contents.source)
    wrong(`log.name is ${log.name}; the log's first commit says ${contents.source}.`);
  if ('story' in scope) {
    const stray = [...heads.keys()].find(stream => !inStory(scope.story)(stream));
    if (stray !== undefined) wrong(`scope.story is ${scope.story}, but the stream ${stray} does not belong to it.`);
    if (!heads.has(storyStream(scope.story)))
      wrong(`scope.story is ${scope.story}, but the bundle has no commit of it.`);
  }
  if (manifest.heads) checkHeads(manifest.heads, walked, faults);
}

/** Compares the signed head of each stream. */
function checkHeads(signed: NonNullable<Manifest['heads']>, { heads }: Walked, faults: Faults): void {
  const due = new Map(Object.entries(signed));
  for (const [stream, { id, seq }] of heads) {
    const head = due.get(stream);
    const at = { stream, seq };
    if (!head) faults.add('wrong-claim', file, `heads does not name the last commit of ${stream}.`, at);
    else if (head.id !== id) faults.add('broken-chain', 'commits.jsonl', `The signed last commit is ${head.id}.`, at);
    else if (head.seq !== seq) faults.add('wrong-claim', file, `heads gives the number ${head.seq}; it is ${seq}.`, at);
  }
  for (const [stream, { seq }] of due)
    if (!heads.has(stream))
      faults.add('wrong-claim', file, `heads names ${stream}, but the bundle has no commit of it.`, { stream, seq });
}
