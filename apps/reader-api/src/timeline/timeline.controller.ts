import { History, OneEntry, Page } from '#contract';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { AsOfQuery } from '../story-at/query.js';
import { send, type Held } from '../http/answer.js';
import { Id, IfNoneMatch, Read, Reads } from '../http/reads.js';
import { AcceptDatetime } from '../memento/accept-datetime.js';
import { TimeTravel } from '../memento/time-travel.js';
import { GetDevelopment } from './get-development.js';
import { HistoryPageQuery, ListHistory } from './list-history.js';
import { ListTimeline } from './list-timeline.js';
import { PageQuery } from './page.js';

@Reads('timeline', 'stories/:story/timeline')
export class TimelineController {
  constructor(
    private readonly bus: QueryBus,
    private readonly times: TimeTravel,
  ) {}

  @AcceptDatetime()
  @Read('', 'A page of a story’s timeline', Page)
  async list(
    @Id('story') story: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    await this.times.send(response, story, 'timeline', () => this.bus.execute(new ListTimeline(story, query, held)));
  }

  @Read(':development', 'One development', OneEntry)
  async one(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: AsOfQuery }) moment: AsOfQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new GetDevelopment(story, development, moment, held)), response);
  }

  @Read(':development/history', 'What one development said before its corrections', History)
  async history(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: HistoryPageQuery }) query: HistoryPageQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ListHistory(story, development, query, held)), response);
  }
}
