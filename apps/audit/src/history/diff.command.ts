import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { JsonFlag } from '../audit-command.js';
import { Question, type JsonOption } from './command.js';
import { diff } from './diff.js';
import { momentOf, type Moment } from './moments.js';
import type { Told } from './told.js';

interface Options extends JsonOption {
  readonly from: Moment;
  readonly to: Moment;
}

@Command({
  name: 'diff',
  arguments: '<story>',
  description: 'what was changed in a story after one moment and up to another, by whom and why',
})
export class DiffCommand extends Question<Options> {
  protected answer(stores: Stores, [story]: readonly string[], { from, to }: Options): Promise<Told> {
    return diff(stores, story!, { from, to });
  }

  @JsonFlag
  json(): boolean {
    return true;
  }

  @Option({ flags: '--from <moment>', description: 'an instant or a position, not included', required: true })
  from(text: string): Moment {
    return momentOf(text);
  }

  @Option({ flags: '--to <moment>', description: 'an instant or a position, included', required: true })
  to(text: string): Moment {
    return momentOf(text);
  }
}
