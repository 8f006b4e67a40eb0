import type { Stores } from '#projections';
import { Command, Option } from 'nest-commander';
import { JsonFlag } from '../audit-command.js';
import { Question, type JsonOption } from './command.js';
import { late } from './late.js';
import { durationOf } from './moments.js';
import type { HistoryAnswer } from './answer.js';

interface Options extends JsonOption {
  readonly over: number;
}

@Command({ name: 'late', description: 'list developments that were recorded long after they occurred, with the delay' })
/** `audit late`: developments that were recorded late. */
export class LateCommand extends Question<Options> {
  protected answer(stores: Stores, _: readonly string[], { over }: Options): Promise<HistoryAnswer> {
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
