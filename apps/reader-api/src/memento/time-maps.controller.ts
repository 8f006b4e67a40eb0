import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { z } from 'zod';
import { byBytes, send, type Held } from '../http/answer.js';
import { problem, unknownPage } from '../http/problems.js';
import { PublicUrl } from '../http/public-url.js';
import { Id, IfNoneMatch, ReadDocument, Reads } from '../http/reads.js';
import { ListMementos } from './list-mementos.js';
import { originalOf, resources, type Resource } from './originals.js';
import { pagesOf, timeMap } from './time-map.js';

/** The last page that can be asked for: more than the states of any story there will be fill. */
export const lastPage = 100_000;
const wholePage = `must be a whole number from 1 to ${lastPage}`;
const TimeMapQuery = z.strictObject({
  page: z.coerce
    .number(wholePage)
    .int(wholePage)
    .min(1, wholePage)
    .max(lastPage, wholePage)
    .default(1)
    .meta({ description: 'Oldest first.' }),
});
type TimeMapQuery = z.infer<typeof TimeMapQuery>;

@Reads('mementos', 'stories/:story/timemap')
export class TimeMapsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly publicUrl: PublicUrl,
  ) {}

  @ReadDocument('', 'The states of the story that readers saw (an RFC 7089 TimeMap)', 'application/link-format')
  ofStory(
    @Id('story') story: string,
    @Query({ schema: TimeMapQuery }) query: TimeMapQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    return this.answer(story, 'story', query, held, response);
  }

  @ReadDocument(
    'timeline',
    'The states of its timeline that readers saw (an RFC 7089 TimeMap)',
    'application/link-format',
  )
  ofTimeline(
    @Id('story') story: string,
    @Query({ schema: TimeMapQuery }) query: TimeMapQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    return this.answer(story, 'timeline', query, held, response);
  }

  private async answer(story: string, resource: Resource, { page }: TimeMapQuery, held: Held, response: Response) {
    const { log, mementos, complete } = await this.bus.execute(new ListMementos(story, resources[resource]));
    if (!complete || mementos.length === 0) throw problem('catching-up');
    const pages = pagesOf(mementos);
    if (page > pages) throw unknownPage(pages);
    const original = originalOf(this.publicUrl.of(response.req), story, resource);
    send(byBytes({ log }, held, 'application/link-format', timeMap(original, mementos, page)), response);
  }
}
