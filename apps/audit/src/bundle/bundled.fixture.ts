import {
  generateSigningKey,
  leafHash,
  indexLine,
  manifestText,
  MerkleTree,
  openManifest,
  readCommitLine,
  signerOf,
  signManifest,
  type Manifest,
  type SigningJwk,
} from '#bundle';
import type { BlobStore } from '#blobs';
import { sha256 } from '#domain';
import { arbitrate, visibilityLogOf, emptyLog, kafkaReader, type NewRecord } from '#event-log';
import { encodeVisibility, type VisibilityEntry } from '#projections';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAll, brokers } from '../append.fixture.js';
import { checkBundle, type Checking } from './check/check.js';
import { checkReportOf, type CheckReport } from './check/report.js';
import { exportBundle, type Exported } from './export.js';
import type { KeySource } from './key-source.js';

export const never = new AbortController().signal;

const linesIn = async (folder: string, name: string) =>
  (await readFile(join(folder, name), 'utf8')).split('\n').slice(0, -1);
const writeLines = (folder: string, name: string, lines: readonly string[]) =>
  writeFile(join(folder, name), lines.map(line => `${line}\n`).join(''));

/** The forgeries of a signer: a bundle that is consistent with them, except for the compared part. */
export interface Lie {
  /** The changes of each file, by its name. For a whole log the index and the tree are recomputed from the commits. */
  readonly files?: Readonly<Record<string, (lines: string[]) => readonly string[]>>;
  readonly manifest?: (manifest: Manifest) => object;
}

/** Changes the bundle in place and signs it. */
export async function forge(folder: string, { files = {}, manifest = it => it }: Lie, key: SigningJwk): Promise<void> {
  const { payload } = await openManifest(await readFile(join(folder, 'manifest.jws'), 'utf8'));
  const before = JSON.parse(payload) as Manifest;
  const written = new Map<string, readonly string[]>();
  for (const { name } of before.files) written.set(name, await linesIn(folder, name));
  const tree = new MerkleTree();
  if (files['commits.jsonl'] && 'all' in before.scope) {
    const lines = files['commits.jsonl']([...written.get('commits.jsonl')!]);
    written.set('commits.jsonl', lines);
    let state = emptyLog;
    const index = lines.map(line => {
      const { headers, position } = readCommitLine(line)!;
      const [next, verdict] = arbitrate(state, headers);
      state = next;
      const leaf = leafHash(line);
      tree.append(leaf);
      const { ce_id: id = '', ce_subject: stream = '' } = headers;
      return indexLine({ id, leaf: leaf.toString('hex'), position, seq: verdict.won ? verdict.seq : 1, stream });
    });
    written.set('index.jsonl', index);
  }
  for (const [name, change] of Object.entries(files))
    if (name !== 'commits.jsonl' || 'story' in before.scope) written.set(name, change([...written.get(name)!]));
  for (const [name, lines] of written) await writeLines(folder, name, lines);
  const entries = [...written].map(([name, lines]) => {
    const text = lines.map(line => `${line}\n`).join('');
    return { name, bytes: Buffer.byteLength(text), lines: lines.length, sha256: sha256(text) };
  });
  const signer = await signerOf(key);
  const honest = { ...before, kid: signer.kid, files: entries };
  const grown = tree.size > 0 ? { ...honest, tree: { size: tree.size, root: tree.root() } } : honest;
  const text = manifestText(manifest(grown as Manifest) as Manifest);
  await writeFile(join(folder, 'manifest.json'), text);
  await writeFile(join(folder, 'manifest.jws'), `${await signManifest(signer, text)}\n`);
}

interface How {
  readonly keys?: KeySource;
  readonly blobs?: BlobStore | 'left out';
  readonly key?: SigningJwk;
  readonly signal?: AbortSignal;
}

/** A test log on Kafka with its visibility log, and a folder for its bundles. */
export class Bundled {
  readonly topic = `bundle_${randomUUID().replaceAll('-', '')}`;

  private constructor(
    readonly folder: string,
    readonly key: SigningJwk,
  ) {}

  static async of(records: readonly NewRecord[], visible: readonly VisibilityEntry[]): Promise<Bundled> {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
    const it = new Bundled(folder, await generateSigningKey({ dev: false }));
    await it.append(records);
    await it.append(visible.map(encodeVisibility), visibilityLogOf(it.log).topic);
    return it;
  }

  get log() {
    return { brokers, topic: this.topic };
  }

  append(records: readonly NewRecord[], topic = this.topic): Promise<void> {
    return appendAll(records, topic);
  }

  /** Exports a bundle into a new folder. */
  async export(scope: Manifest['scope'], how: How = {}): Promise<string> {
    return (await this.exported(scope, how)).folder;
  }

  /** Exports a bundle, and returns the report of the export. */
  async exported(
    scope: Manifest['scope'],
    { keys, blobs, key = this.key, signal = never }: How = {},
  ): Promise<Exported & { readonly folder: string }> {
    const folder = join(this.folder, randomUUID());
    const [reader, visibilityLog] = [kafkaReader(this.log), kafkaReader(visibilityLogOf(this.log))];
    const signer = await signerOf(key);
    const now = () => new Date();
    try {
      const it = {
        topic: this.topic,
        reader,
        visibilityLog,
        keys,
        blobs,
        scope,
        signer,
        now,
        onProgress: () => undefined,
      };
      return { ...(await exportBundle(it, folder, signal)), folder };
    } finally {
      await Promise.all([reader.close(), visibilityLog.close()]);
    }
  }

  async check(bundle: string, more: Partial<Checking> = {}): Promise<CheckReport> {
    const it = {
      folder: bundle,
      expected: [this.key.kid],
      keys: { lost: new Set<string>() },
      onProgress: () => undefined,
      ...more,
    };
    return checkReportOf(await checkBundle(it, never), { bundle, seconds: 1, given: it.heads });
  }

  /** Copies a bundle; `change` edits the lines of one file. */
  async changed(bundle: string, file: string, change: (lines: string[]) => readonly string[]): Promise<string> {
    const copy = join(this.folder, randomUUID());
    await cp(bundle, copy, { recursive: true });
    await writeLines(copy, file, change(await linesIn(copy, file)));
    return copy;
  }

  /** Copies a bundle and forges it with the signing key. */
  async forged(bundle: string, lie: Lie, key = this.key): Promise<string> {
    const copy = join(this.folder, randomUUID());
    await cp(bundle, copy, { recursive: true });
    await forge(copy, lie, key);
    return copy;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
