import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { JsonFlag } from '../audit-command.js';
import { Question, type JsonOption } from './command.js';
import { gap } from './gap.js';
import { momentOf } from './moments.js';
import type { HistoryAnswer } from './answer.js';

interface Options extends JsonOption {
  readonly at: string;
}

@Command({
  name: 'gap',
  arguments: '<story>',
  description: 'list what the desk had recorded at an instant and readers could not see yet',
})
/** `audit gap`: content that the desk knew and readers could not see. */
export class GapCommand extends Question<Options> {
  protected answer(stores: Stores, [story]: readonly string[], { at }: Options): Promise<HistoryAnswer> {
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
