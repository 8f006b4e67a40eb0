import { signerOf, signingKey, type Manifest } from '#bundle';
import { besideLog, kafkaReader, topicExists } from '#event-log';
import { openKeyStore } from '#keys';
import { kafkaSettings, logOf, readSettings } from '#platform';
import { Command, Option } from 'nest-commander';
import { join } from 'node:path';
import { AuditCommand, exits, JsonFlag } from '../audit-command.js';
import { interruption } from '../interruption.js';
import { progress } from '../progress.js';
import { exportBundle, type KeySource } from './export.js';
import { heldKeys } from './keys.js';

interface Options {
  readonly all?: boolean;
  readonly to?: string;
  readonly withoutKeys?: boolean;
  readonly json?: boolean;
}

@Command({
  name: 'export',
  arguments: '[story]',
  description: 'write a signed bundle of a story, or with --all of the whole log, that can be checked anywhere',
})
export class ExportCommand extends AuditCommand {
  async run([story]: string[], { all = false, to, withoutKeys = false, json = false }: Options): Promise<void> {
    const signal = interruption();
    try {
      if ((story === undefined) !== all) throw new Error('Give either a story, or --all.');
      const folder = to ?? defaultFolder(story ?? 'all');
      const scope = story === undefined ? ({ all: true } as const) : { story };
      const manifest = await onKeys(withoutKeys, keys => this.export(scope, folder, keys, signal));
      console.log(json ? JSON.stringify({ folder, ...manifest }) : lines(folder, manifest).join('\n'));
    } catch (error) {
      console.error(signal.aborted ? 'Interrupted; nothing was written.' : (error as Error).message);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async export(
    scope: Manifest['scope'],
    folder: string,
    keys: KeySource | undefined,
    signal: AbortSignal,
  ): Promise<Manifest> {
    const settings = readSettings([...kafkaSettings, 'SIGNING_KEY_FILE']);
    const log = logOf(settings);
    const signer = await signerOf(await signingKey(settings.SIGNING_KEY_FILE));
    const shown = progress(`exporting ${log.topic}`);
    const reader = kafkaReader(log);
    const ledger = (await topicExists(besideLog(log))) ? kafkaReader(besideLog(log)) : undefined;
    try {
      const now = () => new Date();
      const onProgress = shown.show;
      return await exportBundle(
        { topic: log.topic, reader, ledger, keys, scope, signer, now, onProgress },
        folder,
        signal,
      );
    } finally {
      shown.stop();
      await Promise.all([reader.close(), ledger?.close()]);
    }
  }

  @Option({ flags: '--all', description: 'the whole log: every commit of every story and actor' })
  all(): boolean {
    return true;
  }

  @Option({ flags: '--to <folder>', description: 'the folder to make; one under .dateline/bundles where not given' })
  to(folder: string): string {
    return folder;
  }

  @Option({ flags: '--without-keys', description: 'leave out the keys: what was said stays sealed' })
  withoutKeys(): boolean {
    return true;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}

async function onKeys<T>(without: boolean, run: (keys: KeySource | undefined) => Promise<T>): Promise<T> {
  if (without) return run(undefined);
  const store = openKeyStore(readSettings(['DATABASE_URL', 'KEY_STORE']));
  try {
    return await run(heldKeys(store));
  } finally {
    await store.close();
  }
}

const defaultFolder = (what: string) =>
  join('.dateline', 'bundles', `${what}-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`);

function lines(folder: string, { scope, log, tree, counts, kid }: Manifest): string[] {
  return [
    `${folder}: ${'story' in scope ? `story ${scope.story}` : 'the whole log'}, ${counts.commits} commits of ${counts.streams} streams`,
    `  log       ${log.id} (${log.name})`,
    `  tree      ${tree.size} commits, root ${tree.root}`,
    `  visible   ${counts.visibility} entries`,
    `  keys      ${counts.keys}; whoever has keys.jsonl can read what was said`,
    `  signed by ${kid}`,
    ...(kid.startsWith('dev-') ? ['NOTE: that is the development key of this machine. Set SIGNING_KEY_FILE.'] : []),
  ];
}
