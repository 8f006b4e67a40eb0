import { openOptionalBlobStore, optionalBlobSettings } from '#blobs';
import { databaseSettings } from '#postgres';
import { kafkaReader } from '#event-log';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { projections } from '#projections';
import { Command, Option } from 'nest-commander';
import {
  AuditCommand,
  CertifierOption,
  exits,
  onDatabase,
  JsonFlag,
  LostFilesOption,
  LostKeysOption,
  positionIn,
  SignedFromOption,
} from '../audit-command.js';
import { LogWatch, watched } from '../heads/log-watch.js';
import { lostFiles, lostKeys } from '../lost.js';
import { readHeads } from '../heads/read-heads.js';
import { withHeads } from '../heads/report.js';
import { progress } from '../progress.js';
import { certifiersFrom } from '../signatures/certifiers.js';
import { trusted } from '../trust.js';
import { exitCodeOf, lines, reportOf, type Report } from './report.js';
import { verify } from './verify.js';

interface Options {
  readonly heads?: string;
  readonly key?: string;
  readonly lostKeys?: string;
  readonly lostFiles?: string;
  readonly certifier?: string;
  readonly signedFrom?: number;
  readonly json?: boolean;
}

@Command({
  name: 'verify',
  description:
    'check every commit of the log and every file that it names, rebuild the tables and compare them with those that readers read',
})
/** `audit verify`: checks the log, and compares the read model with it. */
export class VerifyCommand extends AuditCommand {
  async run(_parameters: string[], { json = false, ...options }: Options): Promise<void> {
    const signal = interruption();
    try {
      const report = await this.verify(options, signal);
      print(json ? printableJson(report) : lines(report));
      process.exitCode = exitCodeOf(report);
    } catch (error) {
      const why = signal.aborted
        ? 'Interrupted. The tables built for comparison were removed.'
        : (error as Error).message;
      complain(why);
      if (json) print(printableJson({ equal: false, unchecked: [why] }));
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async verify(
    { heads, key, lostKeys: list, lostFiles: fileList, ...options }: Options,
    signal: AbortSignal,
  ): Promise<Report> {
    const log = logOf(readSettings({ ...kafkaSettings, ...databaseSettings }));
    const lost = await lostKeys(list);
    const gone = await lostFiles(fileList);
    const certifiers = await certifiersFrom(options.certifier);
    const expecting = { certifiers, from: options.signedFrom };
    const began = performance.now();
    const blobs = openOptionalBlobStore(readSettings(optionalBlobSettings), 'sealed');
    const unwatched = kafkaReader(log);
    const shown = progress(`verifying ${log.topic}`);
    try {
      // Heads are read first, so that the log's end, asked for afterwards, covers all of them.
      const given = heads === undefined ? undefined : await readHeads(heads, await trusted(key), signal);
      const watch = new LogWatch(given?.heads ?? []);
      const reader = watched(unwatched, watch);
      return await onDatabase(async (stores, { DATABASE_URL: databaseUrl }) => {
        const known = { lost, lostFiles: gone, expecting, blobs };
        const it = { ...stores, ...known, databaseUrl, reader, projections, onProgress: shown.show };
        const findings = await verify(it, signal);
        const report = reportOf(findings, log.topic, (performance.now() - began) / 1000, certifiers);
        return given ? withHeads(report, given, watch.done()) : report;
      });
    } finally {
      shown.stop();
      await Promise.all([unwatched.close(), blobs?.close()]);
    }
  }

  @Option({ flags: '--heads <heads>', description: 'signed heads to compare the log with: a file or a URL' })
  heads(heads: string): string {
    return heads;
  }

  @Option({
    flags: '--key <key>',
    description: 'the expected signer of the heads: a file with a JWK or JWKS, or a fingerprint',
  })
  key(key: string): string {
    return key;
  }

  @CertifierOption
  certifier(certifier: string): string {
    return certifier;
  }

  @SignedFromOption
  signedFrom(position: string): number {
    return positionIn(position);
  }

  @LostFilesOption
  lostFiles(list: string): string {
    return list;
  }

  @LostKeysOption
  lostKeys(list: string): string {
    return list;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}
