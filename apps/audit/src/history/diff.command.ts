import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { JsonFlag } from '../audit-command.js';
import { Question, type JsonOption } from './command.js';
import { diff } from './diff.js';
import { momentOf, type Moment } from './moments.js';
import type { HistoryAnswer } from './answer.js';

interface Options extends JsonOption {
  readonly from: Moment;
  readonly to: Moment;
}

@Command({
  name: 'diff',
  arguments: '<story>',
  description: 'list the changes of a story between two moments, with their authors and reasons',
})
/** `audit diff`: the changes of a story between two moments. */
export class DiffCommand extends Question<Options> {
  protected answer(stores: Stores, [story]: readonly string[], { from, to }: Options): Promise<HistoryAnswer> {
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
