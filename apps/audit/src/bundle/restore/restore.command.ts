import { openOptionalBlobStore, optionalBlobSettings, prepareBlobStore } from '#blobs';
import { visibilityLogOf, ensureTopic, kafkaAppender, kafkaReader, type KafkaOptions } from '#event-log';
import { keySettings, openKeyStore, prepareKeyStore } from '#keys';
import {
  complain,
  interruption,
  kafkaSettings,
  type KafkaSettings,
  logOf,
  print,
  printableJson,
  readSettings,
  type SettingsOf,
} from '#platform';
import { migrate, openPool, tryLock, whileHeld } from '#postgres';
import { allBuilds, buildName, projectorLock, projections } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag, LostFilesOption, LostKeysOption } from '../../audit-command.js';
import { trusted } from '../../trust.js';
import { progress, type ProgressDisplay } from '../../progress.js';
import { checkBundle, type Checked, type Checking } from '../check/check.js';
import { checkLines, checkReportOf, exitCodeOf, withoutFiles, type CheckReport } from '../check/report.js';
import { strangeLines } from '../contents.js';
import { lostFiles, lostKeys } from '../../lost.js';
import { restoreLock, RestoreRefused } from './log-state.js';
import { restore, type Restored, type Restoring } from './restore.js';

interface Options {
  readonly key?: string;
  readonly resume?: boolean;
  readonly lostKeys?: string;
  readonly lostFiles?: string;
  readonly json?: boolean;
}
type Target = KafkaSettings & SettingsOf<typeof keySettings>;

@Command({
  name: 'restore',
  arguments: '<bundle>',
  description:
    'restore a bundle of a whole log into an empty topic and database, with the same commits at the same positions',
})
/** `audit restore`: restores a log and its keys from a bundle. */
export class RestoreCommand extends AuditCommand {
  async run([bundle]: string[], options: Options): Promise<void> {
    const signal = interruption();
    const shown = progress(`restoring ${bundle}`);
    try {
      await this.restore(bundle!, options, shown, signal);
    } catch (error) {
      shown.stop();
      complain(signal.aborted ? 'Interrupted. Continue with --resume.' : (error as Error).message);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async restore(
    bundle: string,
    { resume = false, json = false, ...given }: Options,
    shown: ProgressDisplay,
    signal: AbortSignal,
  ): Promise<void> {
    const settings = readSettings({ ...kafkaSettings, ...keySettings, ...optionalBlobSettings });
    const [lost, lostBlobs] = [await lostKeys(given.lostKeys), await lostFiles(given.lostFiles)];
    await prepareKeyStore(settings);
    if (settings.BLOB_STORE) await prepareBlobStore({ ...settings, BLOB_STORE: settings.BLOB_STORE });
    const keys = openKeyStore(settings);
    const blobs = openOptionalBlobStore(settings, 'sealed');
    try {
      const known = {
        keys: { lost, store: (ids: ReadonlySet<string>) => keys.keysOf(ids) },
        blobs: { lost: lostBlobs, store: blobs },
      };
      const checked = await this.whole(bundle, { ...given, json }, known, shown, signal);
      if (!checked) return;
      const what = { folder: bundle, checked, resume, keys, blobs };
      const restored = await alone(settings, signal, held => restoreTo(settings, what, shown, held));
      shown.stop();
      const { strange, strangeCount } = checked.contents;
      const machine = { bundle, log: settings.LOG_TOPIC, ...restored, strange, strangeCount };
      print(json ? printableJson(machine) : lines(settings, restored));
      complain([...strangeLines(strange, strangeCount), ...withoutFiles(checked.blobs)]);
    } finally {
      await Promise.all([keys.close(), blobs?.close()]);
    }
  }

  /** Refuses a bundle with faults, and prints them. */
  private async whole(
    bundle: string,
    { key, json }: Pick<Options, 'key' | 'json'>,
    known: Pick<Checking, 'keys' | 'blobs'>,
    shown: ProgressDisplay,
    signal: AbortSignal,
  ): Promise<Checked | undefined> {
    const began = performance.now();
    const it = { folder: bundle, expected: await trusted(key), ...known, onProgress: shown.show };
    const checked = await checkBundle(it, signal);
    if (!('all' in checked.manifest.scope))
      throw new RestoreRefused(
        `${bundle} holds one story, which is evidence, not a backup. Only a bundle of a whole log can be restored.`,
      );
    const seconds = (performance.now() - began) / 1000;
    const report = checkReportOf(checked, { bundle, seconds, given: undefined });
    if (report.whole) return checked;
    shown.stop();
    if (json) print(printableJson(report));
    complain([...checkLines(report), 'Nothing was restored.', ...missingHint(report)]);
    process.exitCode = exitCodeOf(report);
    return undefined;
  }

  @Option({ flags: '--key <key>', description: 'the expected signer: a file with a JWK or JWKS, or a fingerprint' })
  key(key: string): string {
    return key;
  }

  @Option({ flags: '--resume', description: 'continue an interrupted restore of this bundle' })
  resume(): boolean {
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

const broken =
  'The connection to Postgres broke that keeps projectors away during a restore. Make sure that none runs, then continue with --resume: it says if one has written something meanwhile.';

/** The locks of projectors of this version, and of those that made a build. */
async function projectorLocks(url: string): Promise<string[]> {
  const pool = openPool(url, { application: 'audit', max: 1 });
  try {
    const made = (await allBuilds(pool)).map(build => build.made);
    return [...new Set([buildName(projections), ...made])].map(projectorLock);
  } finally {
    await pool.end();
  }
}

/**
 * Holds the locks of projectors, of every version, and of restores: a projector would record that everything became visible just now.
 * Rejects if a lock was lost before the end, even if everything is restored.
 */
async function alone<T>(
  { DATABASE_URL: url, LOG_TOPIC: topic }: Target,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await migrate(url);
  const names = [restoreLock(topic), ...(await projectorLocks(url))];
  const [ofRestores, ...ofProjectors] = await Promise.all(names.map(name => tryLock(url, name)));
  const locks = [ofRestores, ...ofProjectors].filter(lock => lock !== undefined);
  return whileHeld(locks, new Error(broken), signal, async held => {
    if (ofProjectors.includes(undefined))
      throw new RestoreRefused('A projector is using this database. Stop it first.');
    if (!ofRestores)
      throw new RestoreRefused(
        'Another restore into this log, or a collection of its files, is running. Wait until it ends.',
      );
    const done = await run(held);
    held.throwIfAborted();
    return done;
  });
}

async function restoreTo(
  target: Target,
  what: Pick<Restoring, 'folder' | 'checked' | 'resume' | 'keys' | 'blobs'>,
  shown: ProgressDisplay,
  signal: AbortSignal,
): Promise<Restored> {
  const [log, visibilityLog] = await Promise.all([logOf(target), visibilityLogOf(logOf(target))].map(opened));
  const pool = openPool(target.DATABASE_URL, { application: 'audit', max: 2 });
  try {
    const onProgress = shown.show;
    return await restore({ ...what, log: log!, visibilityLog: visibilityLog!, pool, onProgress }, signal);
  } finally {
    await Promise.all([log, visibilityLog].flatMap(topic => [topic!.reader.close(), topic!.appender.close()]));
    await pool.end();
  }
}

async function opened(topic: KafkaOptions) {
  await ensureTopic(topic);
  return { topic: topic.topic, reader: kafkaReader(topic), appender: kafkaAppender(topic) };
}

/** Maximum number of developments named for a person. */
const mostNamed = 20;

const missingHint = (report: CheckReport): string[] => [...keysHint(report), ...filesHint(report)];

const filesHint = ({ found }: CheckReport): string[] =>
  found.some(({ code }) => code === 'missing-blob')
    ? [
        'Files of pictures are neither in the bundle nor in the blob store (BLOB_STORE). Find them; or, if they are lost, list them: --lost-files FILE, one name per line.',
      ]
    : [];

const keysHint = ({ keys: { missingCount, missing } }: CheckReport): string[] =>
  missingCount === 0
    ? []
    : [
        `The keys of ${missingCount} developments are neither in the bundle nor in the key store. First find keys.jsonl or the key store (KEY_STORE): without the keys that text is lost.`,
        'If the keys are lost, or the developments were taken down since, list the developments: --lost-keys FILE, one id per line.',
        ...(missingCount > mostNamed ? [`--json names up to ${missing.length} of them.`] : []),
      ];

function lines({ LOG_TOPIC: topic }: Target, { before, position, records, entries, keys, files, lost }: Restored) {
  const same = 'SAME: the restored log has the signed root. Start the projector: it builds the same tables';
  return [
    `${topic}: ${position} commits restored${before ? `, ${before} of them before` : ''}; ${records} records, ${entries} entries of visibility, ${keys} keys, ${files} files of pictures`,
    ...lost.slice(0, mostNamed).map(development => `LOST: the key of development ${development} is permanently lost.`),
    ...(lost.length > mostNamed ? [`and ${lost.length - mostNamed} more`] : []),
    lost.length === 0
      ? `${same}.`
      : `${same}, except for the text of ${lost.length} developments, which nobody can read any more.`,
  ];
}
