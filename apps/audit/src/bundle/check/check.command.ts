import { complain, interruption, print, printableJson } from '#platform';
import { Command, Option } from 'nest-commander';
import {
  AuditCommand,
  CertifierOption,
  exits,
  JsonFlag,
  LostFilesOption,
  LostKeysOption,
  positionIn,
  SignedFromOption,
} from '../../audit-command.js';
import { readHeads } from '../../heads/read-heads.js';
import { trusted } from '../../trust.js';
import { progress } from '../../progress.js';
import { lostFiles, lostKeys } from '../../lost.js';
import { certifiersFrom } from '../../signatures/certifiers.js';
import { checkBundle } from './check.js';
import { checkSignatures } from './signatures.js';
import { checkLines, checkReportOf, exitCodeOf, type CheckReport } from './report.js';

interface Options {
  readonly key?: string;
  readonly log?: string;
  readonly heads?: string;
  readonly lostKeys?: string;
  readonly lostFiles?: string;
  readonly forRestore?: boolean;
  readonly withFiles?: boolean;
  readonly certifier?: string;
  readonly signedFrom?: number;
  readonly json?: boolean;
}

const emptyStore = { store: async () => new Map() };

@Command({
  name: 'check',
  arguments: '<bundle>',
  description: 'check offline, without its newsroom, that a bundle is complete, and who signed it',
})
/** `audit check`: checks a bundle without the log. */
export class CheckCommand extends AuditCommand {
  async run([bundle]: string[], options: Options): Promise<void> {
    const signal = interruption();
    try {
      const report = await this.check(bundle!, options, signal);
      print(options.json ? printableJson(report) : checkLines(report));
      process.exitCode = exitCodeOf(report);
    } catch (error) {
      const why = signal.aborted ? 'Interrupted.' : (error as Error).message;
      complain(why);
      if (options.json) print(printableJson({ whole: false, unchecked: [why] }));
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async check(
    bundle: string,
    {
      key,
      log,
      heads,
      lostKeys: list,
      lostFiles: fileList,
      forRestore = false,
      withFiles = false,
      ...options
    }: Options,
    signal: AbortSignal,
  ): Promise<CheckReport> {
    const began = performance.now();
    const expected = await trusted(key);
    const given = heads === undefined ? undefined : await readHeads(heads, expected, signal);
    const lost = await lostKeys(list);
    const gone = await lostFiles(fileList);
    const certifiers = await certifiersFrom(options.certifier);
    const shown = progress(`checking ${bundle}`);
    try {
      const it = {
        folder: bundle,
        expected,
        log,
        heads: given,
        keys: { lost, ...(forRestore && emptyStore) },
        blobs: { lost: gone, areNeeded: withFiles },
        onProgress: shown.show,
      };
      const checked = await checkBundle(it, signal);
      // What was altered since the export says nothing about its authors.
      const expecting = { certifiers, from: options.signedFrom };
      const authors = checked.faults.count > 0 ? undefined : await checkSignatures(bundle, expecting, signal);
      return checkReportOf(checked, { bundle, seconds: (performance.now() - began) / 1000, given, authors });
    } finally {
      shown.stop();
    }
  }

  @Option({ flags: '--key <key>', description: 'the expected signer: a file with a JWK or JWKS, or a fingerprint' })
  key(key: string): string {
    return key;
  }

  @Option({ flags: '--log <id>', description: 'the expected log id' })
  log(id: string): string {
    return id;
  }

  @Option({ flags: '--heads <heads>', description: 'signed heads to compare the bundle with: a file or a URL' })
  heads(heads: string): string {
    return heads;
  }

  @Option({
    flags: '--for-restore',
    description: 'report every key that is not in the bundle as missing, like a restore into an empty key store',
  })
  forRestore(): boolean {
    return true;
  }

  @Option({
    flags: '--with-files',
    description: 'report it as a fault if the bundle was made without its files of pictures',
  })
  withFiles(): boolean {
    return true;
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
