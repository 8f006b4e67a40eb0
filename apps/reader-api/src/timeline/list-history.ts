import { pathTo } from '#client';
import type { AsOf, Former, History } from '#contract';
import type { TimelineRow } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { AsOfQuery } from '../story-at/query.js';
import type { Answer, Held } from '../http/answer.js';
import { presentFormer } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf, withNames, type StoryView } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { entryOr404 } from './get-development.js';

/** How many corrections a page of a history holds. */
export const historyPage = 10;

const before = 'must be a whole number from 0, as in a `next`';
export const HistoryPageQuery = AsOfQuery.extend({
  before: z.coerce.number(before).int(before).nonnegative(before).optional().meta({
    description: 'Of its corrections, counted from 0, those before this one. Follow `next` instead of making it.',
  }),
});
export type HistoryPageQuery = z.infer<typeof HistoryPageQuery>;

export class ListHistory extends Query<Answer<History>> {
  constructor(
    readonly story: string,
    readonly development: string,
    readonly query: HistoryPageQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListHistory)
export class ListHistoryHandler implements IQueryHandler<ListHistory> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, development, query, held }: ListHistory): Promise<Answer<History>> {
    const asked = ['history', story, development, query];
    return this.models.ofMoment(query, asked, held, async (reading, held) => {
      const view = await viewOf(reading, story, query);
      const row = await entryOr404(reading, view, development);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const from = Math.min(query.before ?? row.corrections.length, row.corrections.length);
        const { corrections, earlier } = await formerOf(view, row, from);
        const next = earlier > 0 ? nextAddress(story, development, earlier, view.asOf) : null;
        return { position: view.story.position, story, development, corrections, next };
      });
    });
  }
}

/** What a development said before the latest of its first `from` corrections, and how many there are before these. */
export async function formerOf(
  view: StoryView,
  row: TimelineRow,
  from = row.corrections.length,
): Promise<{ corrections: Former[]; earlier: number }> {
  const earlier = Math.max(0, from - historyPage);
  if (row.status === 'taken-down') return { corrections: [], earlier: 0 };
  const some = row.corrections.slice(earlier, from).toReversed();
  return { corrections: presentFormer(row, some, await surroundingsOf(view, [row])), earlier };
}

function nextAddress(story: string, development: string, before: number, asOf: AsOf | undefined): string {
  const moment = asOf && { position: String(asOf.position), ...(asOf.happenedBy && { happenedBy: asOf.happenedBy }) };
  const path = pathTo('stories', story, 'timeline', development, 'history');
  return `${path}?${new URLSearchParams({ before: String(before), ...moment })}`;
}
