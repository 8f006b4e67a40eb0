import { openOptionalBlobStore, optionalBlobSettings } from '#blobs';
import { type Manifest, signerOf, signingKey, signingKeySettings } from '#bundle';
import { visibilityLogOf, kafkaReader, topicExists } from '#event-log';
import { keySettings, openKeyStore } from '#keys';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { Command, Option } from 'nest-commander';
import { join } from 'node:path';
import { AuditCommand, exits, JsonFlag, LostFilesOption, LostKeysOption } from '../audit-command.js';
import { progress } from '../progress.js';
import { strangeLines } from './contents.js';
import { exportBundle, type Exported } from './export.js';
import type { KeySource } from './key-source.js';
import { lostFiles, lostKeys } from '../lost.js';

interface Options {
  readonly all?: boolean;
  readonly to?: string;
  readonly withoutKeys?: boolean;
  readonly withoutFiles?: boolean;
  readonly lostKeys?: string;
  readonly lostFiles?: string;
  readonly json?: boolean;
}

@Command({
  name: 'export',
  arguments: '[story]',
  description: 'write a signed bundle of a story (with --all: of the whole log) that anybody can check',
})
/** `audit export`: writes a signed bundle of a log or of a story. */
export class ExportCommand extends AuditCommand {
  async run([story]: string[], { all = false, to, json = false, ...options }: Options) {
    const signal = interruption();
    try {
      if ((story === undefined) !== all) throw new Error('Give either a story or --all.');
      const folder = to ?? defaultFolder(story ?? 'all');
      const scope = story === undefined ? ({ all: true } as const) : { story };
      const exported = await this.exportBesides(scope, folder, options, signal);
      say(folder, exported, json);
      if (exported.missing.length + exported.lostBlobs.length > 0) process.exitCode = exits.different;
    } catch (error) {
      complain(signal.aborted ? 'Interrupted; nothing was written.' : (error as Error).message);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  /** Exports, and leaves the known losses out of the result. */
  private async exportBesides(
    scope: Manifest['scope'],
    folder: string,
    { withoutKeys = false, withoutFiles = false, ...lost }: Options,
    signal: AbortSignal,
  ): Promise<Exported> {
    const [keys, files] = [await lostKeys(lost.lostKeys), await lostFiles(lost.lostFiles)];
    const exported = await onKeys(withoutKeys, held =>
      this.export(scope, folder, { keys: held, withoutFiles }, signal),
    );
    return {
      ...exported,
      missing: exported.missing.filter(development => !keys.has(development)),
      lostBlobs: exported.lostBlobs.filter(({ name }) => !files.has(name)),
    };
  }

  private async export(
    scope: Manifest['scope'],
    folder: string,
    { keys, withoutFiles }: { readonly keys: KeySource | undefined; readonly withoutFiles: boolean },
    signal: AbortSignal,
  ): Promise<Exported> {
    const settings = readSettings({ ...kafkaSettings, ...signingKeySettings, ...optionalBlobSettings });
    const log = logOf(settings);
    const signer = await signerOf(await signingKey(settings.SIGNING_KEY_FILE));
    // Kafka is asked before anything is opened: it may not answer.
    const isShown = await topicExists(visibilityLogOf(log));
    const store = openOptionalBlobStore(settings, 'sealed');
    const reader = kafkaReader(log);
    const visibilityLog = isShown ? kafkaReader(visibilityLogOf(log)) : undefined;
    const shown = progress(`exporting ${log.topic}`);
    try {
      const now = () => new Date();
      const onProgress = shown.show;
      return await exportBundle(
        {
          topic: log.topic,
          reader,
          visibilityLog,
          keys,
          blobs: withoutFiles ? 'left out' : store,
          scope,
          signer,
          now,
          onProgress,
        },
        folder,
        signal,
      );
    } finally {
      shown.stop();
      await Promise.all([reader.close(), visibilityLog?.close(), store?.close()]);
    }
  }

  @Option({ flags: '--all', description: 'the whole log: every commit of every story and actor' })
  all(): boolean {
    return true;
  }

  @Option({ flags: '--to <folder>', description: 'the folder to create (default: one in .dateline/bundles)' })
  to(folder: string): string {
    return folder;
  }

  @Option({ flags: '--without-keys', description: 'leave out the keys, so that the text stays sealed' })
  withoutKeys(): boolean {
    return true;
  }

  @Option({ flags: '--without-files', description: 'leave out the files of pictures, which you then back up yourself' })
  withoutFiles(): boolean {
    return true;
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

async function onKeys<T>(without: boolean, run: (keys: KeySource | undefined) => Promise<T>): Promise<T> {
  if (without) return run(undefined);
  const store = openKeyStore(readSettings(keySettings));
  try {
    return await run(ids => store.keysOf(ids));
  } finally {
    await store.close();
  }
}

/** Maximum number of developments named for a person. */
const mostNamed = 20;

const missingLines = (missing: readonly string[]) =>
  missing.length === 0
    ? []
    : [
        `WRONG: the key store lacks the keys of ${missing.length} developments, and nobody destroyed them. Check that KEY_STORE (or DATABASE_URL if that is not set) names the right store. If the keys are lost, list them with --lost-keys.`,
        ...missing.slice(0, mostNamed).map(development => `  development ${development}`),
        ...(missing.length > mostNamed ? [`and ${missing.length - mostNamed} more`] : []),
        'The bundle was written anyway, and records each of these losses.',
      ];

const lostLines = (lost: Exported['lostBlobs']) =>
  lost.length === 0
    ? []
    : [
        `WRONG: the blob store lacks ${lost.length} files of pictures, or has other bytes. Check that BLOB_STORE names the right store. If the files are lost, list them with --lost-files.`,
        ...lost.slice(0, mostNamed).map(({ name, position, lost }) => `  ${lost} ${name}, position ${position}`),
        ...(lost.length > mostNamed ? [`and ${lost.length - mostNamed} more`] : []),
        'The bundle was written anyway, and records each of these losses.',
      ];

function say(folder: string, { manifest, ...counts }: Exported, json: boolean): void {
  const { strange, strangeCount, missing, blobs, lostBlobs } = counts;
  print(json ? printableJson({ folder, ...manifest, ...counts }) : lines(folder, manifest, blobs));
  complain([...strangeLines(strange, strangeCount), ...missingLines(missing), ...lostLines(lostBlobs)]);
}

/** A story's id comes from the command line and becomes part of a name, so it must not contain a path. */
const defaultFolder = (what: string) =>
  join(
    '.dateline',
    'bundles',
    `${what.replaceAll(/[^a-z0-9-]/gi, '_').slice(0, 100)}-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`,
  );

function lines(folder: string, { scope, log, tree, counts, kid }: Manifest, blobs: number): string[] {
  return [
    `${folder}: ${'story' in scope ? `story ${scope.story}` : 'the whole log'}, ${counts.commits} commits of ${counts.streams} streams`,
    `  log       ${log.id} (${log.name})`,
    `  tree      ${tree.size} commits, root ${tree.root}`,
    `  visible   ${counts.visibility} entries`,
    `  keys      ${counts.keys}${counts.lost ? `, ${counts.lost} lost before` : ''}; keys.jsonl lets anybody read the sealed text`,
    `  files     ${blobs} of pictures`,
    `  signed by ${kid}`,
    ...(kid.startsWith('dev-')
      ? ['NOTE: this is the development key of this machine. To sign as yourself, set SIGNING_KEY_FILE.']
      : []),
  ];
}
