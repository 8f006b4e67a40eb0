import { databaseSettings } from '#postgres';
import { kafkaReader } from '#event-log';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { projections } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, onDatabase, JsonFlag } from '../audit-command.js';
import { progress } from '../progress.js';
import { rebuild } from './rebuild.js';
import { lines, reportOf, type RebuildReport } from './report.js';
import { abort } from './unfinished.js';

interface Options {
  readonly keep?: boolean;
  readonly abort?: boolean;
  readonly acceptDifferences?: boolean;
  readonly rate?: number;
  readonly json?: boolean;
}

@Command({
  name: 'rebuild',
  arguments: '[projections...]',
  description:
    'build the tables from the log beside the live build, compare both, and switch readers to the new one without interruption',
})
/** `audit rebuild`: rebuilds the read model beside the live one. */
export class RebuildCommand extends AuditCommand {
  async run(named: string[], options: Options): Promise<void> {
    const signal = interruption();
    try {
      if (options.abort) return await this.abort(options);
      const report = await this.rebuild(named, options, signal);
      print(options.json ? printableJson(report) : lines(report));
      process.exitCode = report.swapped ? exits.fine : exits.different;
    } catch (error) {
      const why = signal.aborted
        ? 'Interrupted. The unfinished build is kept: run the same command to continue it, or --abort to remove it.'
        : (error as Error).message;
      complain(why);
      if (options.json) print(printableJson({ swapped: false, why }));
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async rebuild(named: readonly string[], options: Options, signal: AbortSignal): Promise<RebuildReport> {
    const log = logOf(readSettings({ ...kafkaSettings, ...databaseSettings }));
    const { keep = false, acceptDifferences: accept = false, rate } = options;
    const began = performance.now();
    const shown = progress(`rebuilding ${log.topic}`);
    const reader = kafkaReader(log);
    try {
      return await onDatabase(async (stores, { DATABASE_URL: databaseUrl }) => {
        const it = { ...stores, databaseUrl, reader, projections, named, rate, keep, accept, onProgress: shown.show };
        return reportOf(await rebuild(it, signal), keep, (performance.now() - began) / 1000);
      });
    } finally {
      shown.stop();
      await reader.close();
    }
  }

  private abort({ json }: Options): Promise<void> {
    return onDatabase(async ({ pool }, { DATABASE_URL: databaseUrl }) => {
      const removed = await abort(pool, databaseUrl);
      const said = removed.length > 0 ? `removed ${removed.join(', ')}` : 'There is no unfinished rebuild.';
      print(json ? printableJson({ removed }) : said);
    });
  }

  @Option({ flags: '--keep', description: 'keep the replaced build until you drop it by name' })
  keep(): boolean {
    return true;
  }

  @Option({ flags: '--abort', description: 'remove an unfinished rebuild' })
  abortOption(): boolean {
    return true;
  }

  @Option({ flags: '--accept-differences', description: 'swap even if the new build differs from the live one' })
  acceptDifferences(): boolean {
    return true;
  }

  @Option({ flags: '--rate <records>', description: 'apply at most this many records per second' })
  rate(text: string): number {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    complain('error: --rate must be a whole number of records a second, from 1');
    return process.exit(exits.unable);
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}
