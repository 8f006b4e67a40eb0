import { mementosAtOnce } from '#projections';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { byBytes } from './answer.js';
import { positionParameter } from './paging.js';
import { PublicUrl } from './public-url.js';
import { Id, ReadDocument, Reads } from './reads.js';
import { ListMementos, type Mementos } from '../memento/mementos.js';
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

const TimeMapQuery = z.strictObject({
  after: positionParameter.default(0).meta({
    description: `The states after this position, oldest first: those of ${mementosAtOnce.toLocaleString('en-US')} commits at most. The links name the next ones.`,
  }),
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

  private async answer(story: string, resource: Resource, { after }: TimeMapQuery, response: Response) {
    const original = originalOf(this.publicUrl.of(response.req), story, resource);
    await this.answers.send(response, ['timemap', story, resource, after], { everything: true }, async () => {
      const part = await this.bus.execute(new ListMementos(story, resources[resource], after));
      return byBytes(part, 'application/link-format', timeMap(original, part, after));
    });
  }
}

/**
 * A part of the list of mementos, as application/link-format: those after a position, with links to the first part and to the next one.
 */
export function timeMap(original: Original, { mementos, next }: Pick<Mementos, 'mementos' | 'next'>, after: number) {
  const [from, until] = [mementos[0], mementos.at(-1)];
  const self = partAfter(original, after, 'self');
  const others = [
    ...(after > 0 ? [partAfter(original, 0, 'timemap')] : []),
    ...(next && until ? [{ ...partAfter(original, until.position, 'timemap'), from: httpDate(next.at) }] : []),
  ];
  const listed = mementos.map(memento => {
    const ends = [
      ...(after === 0 && memento === from ? ['first'] : []),
      ...(!next && memento === until ? ['last'] : []),
    ];
    return toMemento(original, memento, [...ends, 'memento'].join(' '));
  });
  return linkFormat([
    { uri: original.uri, rel: 'original timegate' },
    { ...self, ...(from && until && { from: httpDate(from.at), until: httpDate(until.at) }) },
    ...others,
    ...listed,
  ]);
}

const partAfter = ({ timeMap }: Original, after: number, rel: string): Link => ({
  uri: after === 0 ? timeMap : `${timeMap}?after=${after}`,
  rel,
  type: 'application/link-format',
});
