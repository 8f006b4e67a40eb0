import type { Memento } from '#projections';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { byBytes } from './answer.js';
import { problem, unknownPage } from './problems.js';
import { PublicUrl } from './public-url.js';
import { Id, ReadDocument, Reads } from './reads.js';
import { ListMementos } from '../memento/mementos.js';
import {
  httpDate,
  linkFormat,
  originalOf,
  resources,
  toMemento,
  type Link,
  type Original,
  type Resource,
} from '../memento/links.js';

/** The largest page number accepted: no story has enough states to fill it. */
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
/** Serves the TimeMaps of a story's resources (RFC 7089). */
export class TimeMapsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
  ) {}

  @ReadDocument('', 'List the states of the story that readers saw (an RFC 7089 TimeMap)', 'application/link-format')
  ofStory(@Id('story') story: string, @Query({ schema: TimeMapQuery }) query: TimeMapQuery, @Res() response: Response) {
    return this.answer(story, 'story', query, response);
  }

  @ReadDocument(
    'timeline',
    'List the states of the timeline that readers saw (an RFC 7089 TimeMap)',
    'application/link-format',
  )
  ofTimeline(
    @Id('story') story: string,
    @Query({ schema: TimeMapQuery }) query: TimeMapQuery,
    @Res() response: Response,
  ) {
    return this.answer(story, 'timeline', query, response);
  }

  private async answer(story: string, resource: Resource, { page }: TimeMapQuery, response: Response) {
    const original = originalOf(this.publicUrl.of(response.req), story, resource);
    await this.answers.send(response, ['timemap', story, resource, page], { everything: true }, async () => {
      const { log, mementos, complete } = await this.bus.execute(new ListMementos(story, resources[resource]));
      if (!complete || mementos.length === 0) throw problem('catching-up');
      const pages = pagesOf(mementos);
      if (page > pages) throw unknownPage(pages);
      return byBytes({ log }, 'application/link-format', timeMap(original, mementos, page));
    });
  }
}

/** Mementos on one page of a TimeMap. */
export const pageSize = 1_000;

/** How many pages before and after it a page links to, besides the first and the last. */
export const pagesNear = 5;

/** The number of pages of a TimeMap; at least 1. */
export const pagesOf = (all: readonly Memento[]): number => Math.max(1, Math.ceil(all.length / pageSize));
const pageOf = (all: readonly Memento[], page: number) => all.slice((page - 1) * pageSize, page * pageSize);

/**
 * One page (from 1) of the list of mementos, as application/link-format, with links to its neighbours, the first and the
 * last.
 */
export function timeMap(original: Original, all: readonly Memento[], page: number): string {
  const count = pagesOf(all);
  const pages = Array.from({ length: count }, (_, i) => i + 1);
  const near = (other: number) => other === 1 || other === count || Math.abs(other - page) <= pagesNear;
  const others = pages
    .filter(other => other !== page && near(other))
    .map(other => toPage(original, all, other, 'timemap'));
  const mementos = pageOf(all, page).map(memento => {
    const ends = [...(memento === all[0] ? ['first'] : []), ...(memento === all.at(-1) ? ['last'] : [])];
    return toMemento(original, memento, [...ends, 'memento'].join(' '));
  });
  const gate = { uri: original.uri, rel: 'original timegate' };
  return linkFormat([gate, toPage(original, all, page, 'self'), ...others, ...mementos]);
}

function toPage({ timeMap }: Original, all: readonly Memento[], page: number, rel: string): Link {
  const shown = pageOf(all, page);
  return {
    uri: page === 1 ? timeMap : `${timeMap}?page=${page}`,
    rel,
    type: 'application/link-format',
    from: httpDate(shown[0]!.at),
    until: httpDate(shown.at(-1)!.at),
  };
}
