import { databaseSettings } from '#postgres';
import { kafkaReader } from '#event-log';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { allBuilds, projections, type Checkpoint } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, onDatabase, JsonFlag } from '../audit-command.js';
import { progress } from '../progress.js';
import { drop, keep, returnTo } from './builds.js';

interface Options {
  readonly return?: string | true;
  readonly drop?: string;
  readonly keep?: string;
  readonly json?: boolean;
}

class Interrupted extends Error {}

@Command({
  name: 'builds',
  description: 'list the builds and show which one readers read; return to one, drop one, or keep one',
})
/** `audit builds`: lists, reactivates, keeps and drops builds. */
export class BuildsCommand extends AuditCommand {
  async run(_parameters: string[], options: Options): Promise<void> {
    try {
      if (options.keep) await onDatabase(({ pool }) => keep(pool, options.keep!));
      if (options.return) await this.return(options.return === true ? undefined : options.return);
      if (options.drop) await onDatabase(({ pool }) => drop(pool, options.drop!));
      const builds = await onDatabase(({ pool }) => allBuilds(pool));
      print(options.json ? printableJson({ builds }) : builds.map(line));
    } catch (error) {
      complain((error as Error).message);
      process.exitCode = error instanceof Interrupted ? exits.interrupted : exits.unable;
    }
  }

  private async return(name: string | undefined): Promise<void> {
    const log = logOf(readSettings({ ...kafkaSettings, ...databaseSettings }));
    const signal = interruption();
    const shown = progress('going back');
    const reader = kafkaReader(log);
    try {
      await onDatabase((stores, { DATABASE_URL: databaseUrl }) =>
        returnTo({ ...stores, databaseUrl, reader, projections, onProgress: shown.show }, name, signal),
      );
    } catch (error) {
      throw signal.aborted
        ? new Interrupted(
            'Interrupted. Readers were not moved: they read the same build as before. Run it again to continue.',
          )
        : error;
    } finally {
      shown.stop();
      await reader.close();
    }
  }

  @Option({
    flags: '--return [build]',
    description: 'make this build live again (default: the one that was live before)',
  })
  returnOption(build?: string): string | true {
    return build ?? true;
  }

  @Option({ flags: '--drop <build>', description: 'drop a build that is not live' })
  dropOption(build: string): string {
    return build;
  }

  @Option({ flags: '--keep <build>', description: 'keep a build until you drop it by name' })
  keepOption(build: string): string {
    return build;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}

function line({ name, live, promoted_at: since, kept, position, folded }: Checkpoint): string {
  const state = live ? 'live' : since ? 'left' : 'never live';
  const more = [kept && 'kept', folded && `so far only ${folded.join(', ')}`].filter(Boolean);
  return [name, `position ${position}`, state, ...(since ? [`went live ${since.toISOString()}`] : []), ...more].join(
    '  ',
  );
}
