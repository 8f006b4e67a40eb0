import { complain, print, printableJson } from '#platform';
import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag, onDatabase } from '../audit-command.js';
import type { HistoryAnswer } from './answer.js';
import { diff } from './past.js';
import { gap } from './gap.js';
import { late } from './late.js';
import { durationOf, momentOf, type Moment } from './moments.js';
import { trail } from './trail.js';

/** The option for JSON output. */
export interface JsonOption {
  readonly json?: boolean;
}

/** A question about the past, answered only from the live build. */
export abstract class Question<Options extends JsonOption = JsonOption> extends AuditCommand {
  protected abstract answer(stores: Stores, parameters: readonly string[], options: Options): Promise<HistoryAnswer>;

  async run(parameters: string[], options: Options): Promise<void> {
    try {
      const { json, lines } = await onDatabase(stores => this.answer(stores, parameters, options));
      print(options.json ? printableJson(json) : lines);
    } catch (error) {
      complain((error as Error).message);
      process.exitCode = exits.unable;
    }
  }
}

interface DiffOptions extends JsonOption {
  readonly from: Moment;
  readonly to: Moment;
}

@Command({
  name: 'diff',
  arguments: '<story>',
  description: 'list the changes of a story between two moments, with their authors and reasons',
})
/** `audit diff`: the changes of a story between two moments. */
export class DiffCommand extends Question<DiffOptions> {
  protected answer(stores: Stores, [story]: readonly string[], { from, to }: DiffOptions): Promise<HistoryAnswer> {
    return diff(stores, story!, { from, to });
  }

  @JsonFlag
  json(): boolean {
    return true;
  }

  @Option({ flags: '--from <moment>', description: 'start: an instant or a position, exclusive', required: true })
  from(text: string): Moment {
    return momentOf(text);
  }

  @Option({ flags: '--to <moment>', description: 'end: an instant or a position, inclusive', required: true })
  to(text: string): Moment {
    return momentOf(text);
  }
}

interface GapOptions extends JsonOption {
  readonly at: string;
}

@Command({
  name: 'gap',
  arguments: '<story>',
  description: 'list what the desk had recorded at an instant and readers could not see yet',
})
/** `audit gap`: content that the desk knew and readers could not see. */
export class GapCommand extends Question<GapOptions> {
  protected answer(stores: Stores, [story]: readonly string[], { at }: GapOptions): Promise<HistoryAnswer> {
    return gap(stores, story!, at);
  }

  @JsonFlag
  json(): boolean {
    return true;
  }

  @Option({ flags: '--at <instant>', description: 'an ISO 8601 instant with an offset', required: true })
  at(text: string): string {
    const moment = momentOf(text);
    if ('instant' in moment) return moment.instant;
    throw new Error(`${text} must be an instant, not a position.`);
  }
}

interface LateOptions extends JsonOption {
  readonly over: number;
}

@Command({ name: 'late', description: 'list developments that were recorded long after they occurred, with the delay' })
/** `audit late`: developments that were recorded late. */
export class LateCommand extends Question<LateOptions> {
  protected answer(stores: Stores, _: readonly string[], { over }: LateOptions): Promise<HistoryAnswer> {
    return late(stores, over);
  }

  @JsonFlag
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--over <duration>',
    description: 'a duration such as 30m, 2d or PT36H (default: one day)',
    defaultValue: durationOf('24h'),
  })
  over(text: string): number {
    return durationOf(text);
  }
}

interface TrailOptions extends JsonOption {
  readonly actor?: string;
  readonly facet?: string;
  readonly key?: string;
}

@Command({
  name: 'trail',
  arguments: '<story> [development]',
  description: 'list every event behind a development, or behind the facts about an actor: --actor ACTOR --facet FACET',
})
/** `audit trail`: the events behind a development or a cell. */
export class TrailCommand extends Question<TrailOptions> {
  protected answer(
    stores: Stores,
    [story, development]: readonly string[],
    { actor, facet, key }: TrailOptions,
  ): Promise<HistoryAnswer> {
    if (development !== undefined && actor === undefined && facet === undefined)
      return trail(stores, story!, { development });
    if (development === undefined && actor !== undefined && facet !== undefined)
      return trail(stores, story!, { actor, facet, key });
    throw new Error('Give either a development, or --actor and --facet.');
  }

  @JsonFlag
  json(): boolean {
    return true;
  }

  @Option({ flags: '--actor <actor>', description: 'an actor’s id, name or alias' })
  actor(actor: string): string {
    return actor;
  }

  @Option({ flags: '--facet <facet>', description: 'such as presence, position or statement' })
  facet(facet: string): string {
    return facet;
  }

  @Option({ flags: '--key <key>', description: 'one cell of the facet (default: all)' })
  key(key: string): string {
    return key;
  }
}
