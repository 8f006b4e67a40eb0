import { BlobLine, KeyLine, readCommitLine, type Manifest, type RawCommit } from '#bundle';
import type { BlobStore } from '#blobs';
import { sha256 } from '#domain';
import type { BatchAppender, LogReader, NewRecord } from '#event-log';
import { KeyStoreError, type KeyStore } from '#keys';
import type { Pool } from '#postgres';
import { encodeVisibility } from '#projections';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checked } from '../check/check.js';
import type { KeysFound } from '../check/keys.js';
import { blobPath, blobsFile } from '../blobs.js';
import { chunksOf, linesOf } from '../files.js';
import { rawFile, readRawRecords } from '../winners.js';
import { checkLog, checkTables, missingEntries, RestoreRefused, logStateOf } from './log-state.js';

/** Bytes of records sent together: far below the mebibyte that every log accepts. */
const together = 256 * 1_024;

function bytesOf({ key, headers, value }: NewRecord): number {
  const written = Object.entries(headers).map(([name, text = '']) => Buffer.byteLength(name) + Buffer.byteLength(text));
  return written.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(key) + value.length);
}

/** The records in order, in batches as large as allowed. A larger record is a batch alone. */
export async function* inBatches(
  records: AsyncIterable<NewRecord> | Iterable<NewRecord>,
): AsyncGenerator<readonly NewRecord[]> {
  let batch: NewRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    const more = bytesOf(record);
    if (batch.length > 0 && bytes + more > together) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

/** The changes that give a key store the keys of a bundle. */
export interface KeyPlan {
  readonly adopt: ReadonlyMap<string, Uint8Array>;
  /** Keys recorded as destroyed where the store has none: their content is lost. */
  readonly gone: ReadonlySet<string>;
  /**
   * Developments without a takedown whose content nobody can read any more, including those whose key the store destroyed
   * earlier.
   */
  readonly lost: readonly string[];
}

/**
 * Plans the changes for a bundle that was found unaltered. Changes nothing. Rejects with `key-differs` if the store has
 * another key.
 */
export async function keyPlan(
  folder: string,
  found: Pick<KeysFound, 'gone'>,
  takenDown: ReadonlySet<string>,
  store: Pick<KeyStore, 'keysOf'>,
): Promise<KeyPlan> {
  const adopt = new Map<string, Uint8Array>();
  for await (const line of linesOf(folder, 'keys.jsonl')) {
    const { development, key } = KeyLine.parse(JSON.parse(line));
    if (!takenDown.has(development)) adopt.set(development, Buffer.from(key, 'base64url'));
  }
  const lost = [...found.gone].filter(development => !takenDown.has(development));
  for (const [development, key] of await store.keysOf(adopt.keys()))
    if ('destroyed' in key) lost.push(development);
    else if (sha256(key.secret) !== sha256(adopt.get(development)!))
      throw new KeyStoreError('key-differs', development);
  return { adopt, gone: new Set([...found.gone, ...takenDown]), lost };
}

/**
 * Destroys no key that the store has, not even of a taken-down development: the projector does that when it reads the
 * takedown.
 */
export async function applyKeys({ adopt, gone }: KeyPlan, store: Pick<KeyStore, 'adopt' | 'noteLost'>): Promise<void> {
  await store.adopt(adopt);
  await store.noteLost(gone);
}

interface Topic {
  readonly topic: string;
  readonly reader: LogReader;
  readonly appender: BatchAppender;
}

/** The inputs of a restore. */
export interface Restoring {
  /** A bundle of a whole log that was found unaltered. */
  readonly folder: string;
  readonly checked: Pick<Checked, 'manifest' | 'contents' | 'keys' | 'blobs'>;
  readonly log: Topic;
  readonly visibilityLog: Topic;
  readonly pool: Pool;
  readonly keys: KeyStore;
  /** The sealed part of the blob store; undefined if no setting names it. */
  readonly blobs?: BlobStore | undefined;
  /** Continue an interrupted restore of the same bundle. */
  readonly resume: boolean;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The result of a restore. */
export interface Restored {
  /** Commits that were in the log before. */
  readonly before: number;
  readonly position: number;
  /** Records in the log now, void ones included. */
  readonly records: number;
  readonly entries: number;
  /** Keys of the bundle that the store has now. */
  readonly keys: number;
  /** Files of pictures that came from the bundle. */
  readonly files: number;
  /** Developments without a takedown whose content nobody can read any more. */
  readonly lost: readonly string[];
}

const tries = 10;
const retryMs = 500;

/**
 * Restores a bundle into an empty log: keys first, then files, then the visibility log, then the commits, so that a projector that reads
 * a commit finds its key, its pictures and its time. Rejects with RestoreRefused if the target is not empty.
 */
export async function restore(it: Restoring, signal: AbortSignal): Promise<Restored> {
  const { folder, log, visibilityLog, resume } = it;
  const { manifest, contents, keys } = it.checked;
  if (it.checked.blobs.held > 0 && !it.blobs)
    throw new RestoreRefused(
      `The bundle has ${it.checked.blobs.held} files of pictures. Say in BLOB_STORE where to put them.`,
    );
  await checkTables(it.pool);
  const { tree, ...state } = await logStateOf(log.reader, signal);
  await checkLog(folder, log.topic, { tree, ...state }, resume);
  const entries = await missingEntries(folder, visibilityLog.topic, visibilityLog.reader, resume, signal);
  const plan = await keyPlan(folder, keys, contents.takenDown, it.keys);
  await applyKeys(plan, it.keys);
  const files = await putBlobs(it, signal);
  for await (const records of inBatches(entries.map(encodeVisibility))) await append(visibilityLog, records, signal);
  await appendCommits(it, tree.size, signal);
  await checkTables(
    it.pool,
    'A projector ran during the restore, and its times may be wrong. Stop it, and start again with another topic and an empty database.',
  );
  it.onProgress(manifest.tree.size, manifest.tree.size, 'reading it back');
  const after = await logStateOf(log.reader, signal);
  const same = after.tree.size === manifest.tree.size && after.tree.root() === manifest.tree.root;
  if (!same)
    throw new Error(
      `${log.topic} has ${after.tree.size} commits with the root ${after.tree.root()}, not ${manifest.tree.size} with ${manifest.tree.root}: another process wrote to it meanwhile. Start again with another topic that no editor-api uses.`,
    );
  const { size: position } = after.tree;
  const done = { before: tree.size, position, records: after.records, entries: entries.length };
  return { ...done, keys: plan.adopt.size, files, lost: plan.lost };
}

/** Puts every file that the bundle has. A file that the store has already is only put again. */
async function putBlobs(
  { folder, blobs: store, checked, onProgress }: Restoring,
  signal: AbortSignal,
): Promise<number> {
  const { held } = checked.blobs;
  if (held === 0) return 0;
  let done = 0;
  for await (const line of linesOf(folder, blobsFile)) {
    signal.throwIfAborted();
    const entry = BlobLine.parse(JSON.parse(line));
    const path = join(folder, blobPath(entry.name));
    if (!('bytes' in entry) || !(await stat(path).catch(() => undefined))) continue;
    await store!.put(entry.name, entry.bytes, chunksOf(path));
    onProgress(++done, held, 'files of pictures');
  }
  return done;
}

async function appendCommits({ folder, log, checked, onProgress }: Restoring, from: number, signal: AbortSignal) {
  let done = from;
  for await (const records of inBatches(commitsAfter(folder, checked.manifest, from))) {
    await append(log, records, signal);
    onProgress((done += records.length), checked.manifest.tree.size, 'restoring');
  }
}

async function* commitsAfter(folder: string, { files }: Manifest, from: number): AsyncGenerator<NewRecord> {
  const signed = files.some(({ name }) => name === rawFile);
  const raw = (signed && (await readRawRecords(folder))) || new Map<number, RawCommit>();
  for await (const line of linesOf(folder, 'commits.jsonl')) {
    const { position, headers, value } = readCommitLine(line)!;
    if (position > from) yield { key: headers.ce_subject ?? '', headers, value, raw: raw.get(position) };
  }
}

/** Records with an unknown outcome are sent again: of two copies the log counts the second as void. */
async function append({ topic, appender }: Topic, records: readonly NewRecord[], signal: AbortSignal): Promise<void> {
  for (let tried = 0; tried < tries; tried++) {
    signal.throwIfAborted();
    if ((await appender.appendTogether(records)) === 'sent') return;
    await sleep(retryMs, undefined, { signal });
  }
  throw new RestoreRefused(`${topic} accepts no records. Check the brokers, then continue with --resume.`);
}
