import { generateSigningKey, signerOf, type Manifest, type SigningJwk } from '#bundle';
import { besideLog, kafkaReader, type NewRecord } from '#event-log';
import { encodeVisible, type Visible } from '#projections';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAll, brokers } from '../append.fixture.js';
import { checkBundle, type Checking } from './check/check.js';
import { checkReportOf, type CheckReport } from './check/report.js';
import { exportBundle, type KeySource } from './export.js';

export const never = new AbortController().signal;

/** A log of its own on Kafka with its ledger, and a folder for what is made of it. */
export class Bundled {
  readonly topic = `bundle_${randomUUID().replaceAll('-', '')}`;

  private constructor(
    readonly folder: string,
    readonly key: SigningJwk,
  ) {}

  static async of(records: readonly NewRecord[], visible: readonly Visible[]): Promise<Bundled> {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
    const it = new Bundled(folder, await generateSigningKey({ dev: false }));
    await it.append(records);
    await it.append(visible.map(encodeVisible), besideLog(it.log).topic);
    return it;
  }

  get log() {
    return { brokers, topic: this.topic };
  }

  append(records: readonly NewRecord[], topic = this.topic): Promise<void> {
    return appendAll(records, topic);
  }

  /** A bundle in a folder of its own. */
  async export(
    scope: Manifest['scope'],
    { keys, key = this.key, signal = never }: { keys?: KeySource; key?: SigningJwk; signal?: AbortSignal } = {},
  ): Promise<string> {
    const folder = join(this.folder, randomUUID());
    const [reader, ledger] = [kafkaReader(this.log), kafkaReader(besideLog(this.log))];
    const signer = await signerOf(key);
    const now = () => new Date();
    try {
      const it = { topic: this.topic, reader, ledger, keys, scope, signer, now, onProgress: () => undefined };
      await exportBundle(it, folder, signal);
    } finally {
      await Promise.all([reader.close(), ledger.close()]);
    }
    return folder;
  }

  async check(bundle: string, more: Partial<Checking> = {}): Promise<CheckReport> {
    const it = { folder: bundle, expected: [this.key.kid], onProgress: () => undefined, ...more };
    return checkReportOf(await checkBundle(it, never), { bundle, seconds: 1, given: it.heads });
  }

  /** A copy, with one of its files as `change` makes it of its lines. */
  async changed(bundle: string, file: string, change: (lines: string[]) => readonly string[]): Promise<string> {
    const copy = join(this.folder, randomUUID());
    await cp(bundle, copy, { recursive: true });
    const lines = (await readFile(join(copy, file), 'utf8')).trimEnd().split('\n');
    await writeFile(
      join(copy, file),
      change(lines)
        .map(line => `${line}\n`)
        .join(''),
    );
    return copy;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
