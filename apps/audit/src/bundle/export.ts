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
import { canonicalJson, sha256 } from '#domain';
import type { LogReader } from '#event-log';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportCommits, type Exported, type ReadingLog } from './commits.js';
import { wholeFolder } from './folder.js';
import { covering, ledgerUpTo } from './ledger.js';
import { LinesFile } from './lines-file.js';
import { endOf } from './winners.js';

/** The keys that there still are of these developments. */
export type KeySource = (developments: ReadonlySet<string>) => Promise<ReadonlyMap<string, Uint8Array>>;

export interface Exporting extends ReadingLog {
  /** The topic of when readers could see what; undefined where there is none yet. */
  readonly ledger: LogReader | undefined;
  /** Undefined where the bundle is to hold no keys. */
  readonly keys: KeySource | undefined;
  readonly signer: Signer;
  readonly now: () => Date;
}

const ownerOnly = 0o600;

/** Writes a bundle of the log as it is now, whole or not at all. */
export async function exportBundle(it: Exporting, folder: string, signal: AbortSignal): Promise<Manifest> {
  const end = await endOf(it.reader, it.topic);
  return wholeFolder(folder, async draft => {
    const commits = await exportCommits(it, draft, end, signal);
    it.onProgress(end, end, 'when it was visible');
    const visibility = await exportLedger(it, draft, commits, signal);
    it.onProgress(end, end, 'keys');
    const keys = it.keys ? await exportKeys(draft, await it.keys(commits.developments)) : undefined;
    signal.throwIfAborted();
    const manifest = manifestOf(it, commits, visibility, keys);
    const text = manifestText(manifest);
    await writeFile(join(draft, 'manifest.json'), text, { flush: true });
    await writeFile(join(draft, 'manifest.jws'), `${await signManifest(it.signer, text)}\n`, { flush: true });
    return manifest;
  });
}

async function exportLedger(it: Exporting, draft: string, { tree, positions }: Exported, signal: AbortSignal) {
  const file = await LinesFile.create(draft, 'visibility.jsonl');
  const entries = it.ledger ? await ledgerUpTo(it.ledger, tree.size, signal) : [];
  for (const entry of positions ? covering(entries, positions) : entries) await file.write(canonicalJson(entry));
  return file.end();
}

/** Keys stand outside what is signed, so that one can be taken out after a takedown; what each was is signed. */
async function exportKeys(draft: string, keys: ReadonlyMap<string, Uint8Array>): Promise<FileEntry> {
  const [file, digests] = [
    await LinesFile.create(draft, 'keys.jsonl', ownerOnly),
    await LinesFile.create(draft, 'key-digests.jsonl'),
  ];
  for (const [development, key] of [...keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await file.write(canonicalJson({ development, key: Buffer.from(key).toString('base64url') } satisfies KeyLine));
    await digests.write(canonicalJson({ development, sha256: sha256(key) } satisfies KeyDigest));
  }
  await file.end();
  return digests.end();
}

function manifestOf(
  { scope, signer, now }: Exporting,
  { log, tree, heads, positions, files: [commits, index] }: Exported,
  visibility: FileEntry,
  keys: FileEntry | undefined,
): Manifest {
  return {
    format: bundleFormat,
    scope,
    log,
    tree: { size: tree.size, root: tree.root() },
    counts: { commits: commits.lines, streams: heads.size, visibility: visibility.lines, keys: keys?.lines ?? 0 },
    ...(positions ? { heads: Object.fromEntries(heads) } : {}),
    files: [commits, index, visibility, ...(keys ? [keys] : [])],
    created: now().toISOString(),
    kid: signer.kid,
  };
}
