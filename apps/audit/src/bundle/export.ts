import {
  bundleFormat,
  manifestText,
  signManifest,
  type FileEntry,
  type KeyDigest,
  type KeyLine,
  type Manifest,
  type Signer,
} from '#bundle';
import type { BlobStore } from '#blobs';
import { canonicalJson, sha256 } from '#domain';
import type { LogReader } from '#event-log';
import { onlyBeyond, onlyWithin, readVisibility, type VisibilityEntry } from '#projections';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countNamed, filesNamed } from '../blobs/named.js';
import { exportBlobs, type BlobsExported, type LostBlob } from './blobs.js';
import { exportCommits, type CommitsExported, type ReadingLog } from './commits.js';
import type { StrangeCommit } from './contents.js';
import { LinesFile, wholeFolder } from './files.js';
import type { KeySource } from './key-source.js';
import { endOf } from './winners.js';

/** The visibility log for positions up to `last`. An entry that covers more is cut there; one that no projector wrote is left out. */
async function visibilityUpTo(
  topic: LogReader,
  { reader, now }: Exporting,
  last: number,
  signal: AbortSignal,
): Promise<VisibilityEntry[]> {
  const entries = await readVisibility(topic, signal);
  const { next } = await reader.bounds();
  return onlyBeyond(onlyWithin(entries, next, now()))
    .filter(({ first }) => first <= last)
    .map(entry => ({ ...entry, last: Math.min(entry.last, last) }));
}

/** The entries that cover at least one of these positions. Both lists are in order. */
export function covering(entries: readonly VisibilityEntry[], positions: readonly number[]): VisibilityEntry[] {
  let next = 0;
  return entries.filter(({ first, last }) => {
    while (positions[next]! < first) next++;
    return positions[next]! <= last;
  });
}

/** The inputs of an export. */
export interface Exporting extends ReadingLog {
  /** The visibility log's topic; undefined if it does not exist yet. */
  readonly visibilityLog: LogReader | undefined;
  /** Undefined for a bundle without keys. */
  readonly keys: KeySource | undefined;
  /** The sealed part of the blob store; `left out` for a bundle without files; undefined if no setting names the store. */
  readonly blobs?: BlobStore | 'left out' | undefined;
  readonly signer: Signer;
  readonly now: () => Date;
}

const ownerOnly = 0o600;

/** The result of an export. */
export interface Exported {
  readonly manifest: Manifest;
  readonly strange: readonly StrangeCommit[];
  readonly strangeCount: number;
  /** Developments with a payload whose key the store lacks, although it was not destroyed. */
  readonly missing: readonly string[];
  /** How many files of pictures the bundle has. */
  readonly blobs: number;
  /** Files that the blob store lacked, or had with other bytes. */
  readonly lostBlobs: readonly LostBlob[];
}

/** Writes a bundle of the current log, completely or not at all. */
export async function exportBundle(it: Exporting, folder: string, signal: AbortSignal): Promise<Exported> {
  // Every head that was signed before this time is of a position that the bundle reaches.
  const created = it.now().toISOString();
  const end = await endOf(it.reader, it.topic);
  return wholeFolder(folder, async draft => {
    const commits = await exportCommits(it, draft, end, signal);
    it.onProgress(end, end, 'when it was visible');
    const visibility = await exportVisibility(it, draft, commits, signal);
    it.onProgress(end, end, 'keys');
    const { contents } = commits;
    const keys = it.keys ? await exportKeys(draft, contents.developments, it.keys) : undefined;
    const blobs = await blobsOf(it, draft, contents, signal);
    signal.throwIfAborted();
    const manifest = manifestOf({ ...it, created }, commits, visibility, keys, blobs);
    const text = manifestText(manifest);
    await writeFile(join(draft, 'manifest.json'), text, { flush: true });
    await writeFile(join(draft, 'manifest.jws'), `${await signManifest(it.signer, text)}\n`, { flush: true });
    const { strange, strangeCount } = contents;
    const files = { blobs: blobs?.carried ?? 0, lostBlobs: blobs?.lost ?? [] };
    return { manifest, strange, strangeCount, missing: keys?.missing ?? [], ...files };
  });
}

async function exportVisibility(
  it: Exporting,
  draft: string,
  { tree, positions }: CommitsExported,
  signal: AbortSignal,
) {
  const file = await LinesFile.create(draft, 'visibility.jsonl');
  const entries = it.visibilityLog ? await visibilityUpTo(it.visibilityLog, it, tree.size, signal) : [];
  for (const entry of positions ? covering(entries, positions) : entries) await file.write(canonicalJson(entry));
  return file.end();
}

interface KeysExported {
  readonly digests: FileEntry;
  readonly exported: number;
  readonly lost: number;
  readonly missing: readonly string[];
}

/** Keys are not part of the signed data, so that one can be removed after a takedown. The fate of each key is signed. */
async function exportKeys(draft: string, developments: ReadonlySet<string>, source: KeySource): Promise<KeysExported> {
  const keys = await source(developments);
  const [file, digests] = [
    await LinesFile.create(draft, 'keys.jsonl', ownerOnly),
    await LinesFile.create(draft, 'key-digests.jsonl'),
  ];
  const missing: string[] = [];
  let exported = 0;
  for (const development of [...developments].sort()) {
    const key = keys.get(development);
    if (key && 'secret' in key) {
      exported++;
      const { secret } = key;
      await file.write(
        canonicalJson({ development, key: Buffer.from(secret).toString('base64url') } satisfies KeyLine),
      );
      await digests.write(canonicalJson({ development, sha256: sha256(secret) } satisfies KeyDigest));
      continue;
    }
    if (!key) missing.push(development);
    await digests.write(canonicalJson({ development, lost: key ? 'destroyed' : 'missing' } satisfies KeyDigest));
  }
  await file.end();
  return { digests: await digests.end(), exported, lost: developments.size - exported, missing };
}

/** The files that the commits name, but for those that only developments show which were taken down. */
async function blobsOf(
  { blobs, onProgress }: Exporting,
  draft: string,
  { files, takenDown }: CommitsExported['contents'],
  signal: AbortSignal,
): Promise<BlobsExported | undefined> {
  const count = countNamed(files);
  if (count === 0 || blobs === 'left out') return undefined;
  if (!blobs)
    throw new Error(
      `The commits name ${count} files of pictures, and BLOB_STORE does not say where they are. Set it, or leave the files out with --without-files.`,
    );
  const onFiles = (done: number) => onProgress(done, Math.max(done, count), 'files of pictures');
  return exportBlobs(draft, [...filesNamed(files, takenDown)], blobs, { signal, onFiles });
}

function manifestOf(
  { scope, signer, created }: Pick<Exporting, 'scope' | 'signer'> & Pick<Manifest, 'created'>,
  { log, tree, heads, positions, files }: CommitsExported,
  visibility: FileEntry,
  keys: KeysExported | undefined,
  blobs: BlobsExported | undefined,
): Manifest {
  return {
    format: bundleFormat,
    scope,
    log,
    tree: { size: tree.size, root: tree.root() },
    counts: {
      commits: files[0]!.lines,
      streams: heads.size,
      visibility: visibility.lines,
      keys: keys?.exported ?? 0,
      lost: keys?.lost ?? 0,
    },
    ...(positions ? { heads: Object.fromEntries(heads) } : {}),
    files: [...files, visibility, ...(keys ? [keys.digests] : []), ...(blobs ? [blobs.list] : [])],
    created,
    kid: signer.kid,
  };
}
