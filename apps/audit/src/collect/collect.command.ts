import { openOptionalBlobStore, optionalBlobSettings } from '#blobs';
import { kafkaReader } from '#event-log';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { databaseSettings } from '#postgres';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag, onDatabase } from '../audit-command.js';
import { progress } from '../progress.js';
import { collect, type Collected } from './collect.js';

interface Options {
  readonly delete?: boolean;
  readonly most?: number;
  readonly json?: boolean;
}

@Command({
  name: 'collect',
  description:
    'run it as the projector’s role: count the sealed files of pictures that no commit names, or that were taken down; with --delete, delete them',
})
/** `audit collect`: deletes files that nothing shows. */
export class CollectCommand extends AuditCommand {
  async run(_parameters: string[], { json = false, ...options }: Options): Promise<void> {
    const signal = interruption();
    try {
      const collected = await this.collect(options, signal);
      print(json ? printableJson(collected) : lines(collected));
    } catch (error) {
      const why = signal.aborted ? 'Interrupted. Run it again to delete the rest.' : (error as Error).message;
      complain(why);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async collect(
    { delete: isDeleting = false, most }: Omit<Options, 'json'>,
    signal: AbortSignal,
  ): Promise<Collected> {
    const settings = readSettings({ ...kafkaSettings, ...databaseSettings, ...optionalBlobSettings });
    const blobs = openOptionalBlobStore(settings, 'sealed');
    if (!blobs) throw new Error('BLOB_STORE is not set. It names the store of pictures.');
    const log = logOf(settings);
    const shown = progress(`collecting files of ${log.topic}`);
    const reader = kafkaReader(log);
    const now = () => new Date();
    try {
      return await onDatabase((stores, { DATABASE_URL: databaseUrl }) => {
        const of = { ...stores, topic: log.topic, reader, databaseUrl, blobs };
        return collect({ ...of, now, isDeleting, most, onProgress: shown.show }, signal);
      });
    } finally {
      shown.stop();
      await Promise.all([reader.close(), blobs.close()]);
    }
  }

  @Option({ flags: '--delete', description: 'delete the files; without it they are only counted' })
  delete(): boolean {
    return true;
  }

  @Option({
    flags: '--most <count>',
    description: 'how many files that no commit names you expect, if they are more than those that commits name',
  })
  most(count: string): number {
    if (/^\d{1,9}$/.test(count)) return Number(count);
    complain('error: --most must be a whole number of files');
    return process.exit(exits.unable);
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}

function lines({ isDeleted, position, olderThan, kept, unnamed, takenDown, bytes }: Collected): string[] {
  const count = unnamed + takenDown;
  return [
    `${position} commits read; files that were put before ${olderThan}:`,
    `  kept        ${kept}`,
    `  not named   ${unnamed}`,
    `  taken down  ${takenDown}`,
    `${count} files of ${bytes} bytes ${isDeleted ? 'deleted' : 'can be deleted: add --delete'}.`,
  ];
}
