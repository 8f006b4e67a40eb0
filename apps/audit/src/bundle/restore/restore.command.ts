import type { Manifest } from '#bundle';
import { besideLog, ensureTopic, kafkaAppender, kafkaReader, type KafkaOptions } from '#event-log';
import { openKeyStore, prepareKeyStore } from '#keys';
import { kafkaSettings, logOf, readSettings, type KafkaSettings, type Settings } from '#platform';
import { migrate, openPool, tryLock } from '#postgres';
import { buildName, projectorLock, projections } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag } from '../../audit-command.js';
import { interruption } from '../../interruption.js';
import { trusted } from '../../trust.js';
import { progress, type Showing } from '../../progress.js';
import { checkBundle } from '../check/check.js';
import { checkLines, checkReportOf, exitCodeOf } from '../check/report.js';
import { RestoreRefused } from './empty.js';
import { restore, type Restored, type Restoring } from './restore.js';

interface Options {
  readonly key?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}
type Target = KafkaSettings & Pick<Settings, 'DATABASE_URL' | 'KEY_STORE'>;

@Command({
  name: 'restore',
  arguments: '<bundle>',
  description: 'put a bundle of a whole log into an empty topic and database: the same commits at the same positions',
})
export class RestoreCommand extends AuditCommand {
  async run([bundle]: string[], { key, resume = false, json = false }: Options): Promise<void> {
    const signal = interruption();
    const shown = progress(`restoring ${bundle}`);
    try {
      const manifest = await this.wholeManifest(bundle!, key, shown, signal);
      if (!manifest) return;
      const settings = readSettings([...kafkaSettings, 'DATABASE_URL', 'KEY_STORE']);
      const restored = await alone(settings, () =>
        restoreTo(settings, { folder: bundle!, manifest, resume }, shown, signal),
      );
      shown.stop();
      console.log(json ? JSON.stringify({ bundle, log: settings.LOG_TOPIC, ...restored }) : lines(settings, restored));
    } catch (error) {
      shown.stop();
      console.error(signal.aborted ? 'Interrupted; go on with --resume.' : (error as Error).message);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  /** Only what was found whole is restored; otherwise it says what is wrong. */
  private async wholeManifest(
    bundle: string,
    key: string | undefined,
    shown: Showing,
    signal: AbortSignal,
  ): Promise<Manifest | undefined> {
    const began = performance.now();
    const checked = await checkBundle({ folder: bundle, expected: await trusted(key), onProgress: shown.show }, signal);
    if (!('all' in checked.manifest.scope))
      throw new RestoreRefused(`${bundle} is of one story: evidence, and no backup. Only a whole log can be restored.`);
    const seconds = (performance.now() - began) / 1000;
    const report = checkReportOf(checked, { bundle, seconds, given: undefined });
    if (report.whole) return checked.manifest;
    shown.stop();
    console.error([...checkLines(report), 'Nothing was restored.'].join('\n'));
    process.exitCode = exitCodeOf(report);
    return undefined;
  }

  @Option({ flags: '--key <key>', description: 'who should have signed: a file with a JWK or JWKS, or a fingerprint' })
  key(key: string): string {
    return key;
  }

  @Option({ flags: '--resume', description: 'go on with a restore of this bundle that was ended before its end' })
  resume(): boolean {
    return true;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}

/** No projector folds meanwhile, or it would note that everything became visible just now; and no other restore runs. */
async function alone<T>({ DATABASE_URL: url, LOG_TOPIC: topic }: Target, run: () => Promise<T>): Promise<T> {
  await migrate(url);
  const names = [projectorLock(buildName(projections)), `dateline restore ${topic}`];
  const locks = await Promise.all(names.map(name => tryLock(url, name)));
  try {
    if (!locks[0]) throw new RestoreRefused('A projector folds into this database. Stop it first.');
    if (!locks[1]) throw new RestoreRefused('Another restore into this log is under way.');
    return await run();
  } finally {
    await Promise.all(locks.map(lock => lock?.release()));
  }
}

async function restoreTo(
  target: Target,
  what: Pick<Restoring, 'folder' | 'manifest' | 'resume'>,
  shown: Showing,
  signal: AbortSignal,
): Promise<Restored> {
  await prepareKeyStore(target);
  const [log, ledger] = await Promise.all([logOf(target), besideLog(logOf(target))].map(opened));
  const keys = openKeyStore(target);
  const pool = openPool(target.DATABASE_URL, { application: 'audit', max: 2 });
  try {
    const onProgress = shown.show;
    return await restore({ ...what, log: log!, ledger: ledger!, pool, keys, onProgress }, signal);
  } finally {
    await Promise.all([log, ledger].flatMap(topic => [topic!.reader.close(), topic!.appender.close()]));
    await Promise.all([pool.end(), keys.close()]);
  }
}

async function opened(topic: KafkaOptions) {
  await ensureTopic(topic);
  return { topic: topic.topic, reader: kafkaReader(topic), appender: kafkaAppender(topic) };
}

const lines = ({ LOG_TOPIC: topic }: Target, { before, position, records, entries, keys }: Restored) =>
  [
    `${topic}: ${position} commits restored${before ? `, ${before} of them before` : ''}; ${records} records, ${entries} entries of visibility, ${keys} keys`,
    'SAME: read back, the log has the root that was signed. Start the projector: it folds it to the same tables.',
  ].join('\n');
