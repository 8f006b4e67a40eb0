import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { JsonFlag } from '../audit-command.js';
import { Question, type JsonOption } from './command.js';
import type { HistoryAnswer } from './answer.js';
import { trail } from './trail.js';

interface Options extends JsonOption {
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
export class TrailCommand extends Question<Options> {
  protected answer(
    stores: Stores,
    [story, development]: readonly string[],
    { actor, facet, key }: Options,
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
