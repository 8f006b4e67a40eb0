import { Controller, Get, Query, Res, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Held } from '../http/answer.js';
import { PublicUrl } from '../http/public-url.js';
import { Id, IfNoneMatch } from '../http/reads.js';
import { ReadActorPage } from './actor-page.js';
import { AskedQuery } from './asked.js';
import { ReadDevelopmentPage } from './development-page.js';
import { HistoryQuery, ReadHistoryPage } from './history/history-page.js';
import { send } from './page-answer.js';
import { PageProblems } from './page-problems.js';
import { StoryPageQuery } from './query.js';
import { ReadStoriesPage } from './stories-page.js';
import { ReadStoryPage } from './story-page.js';

/** What people read. */
@Controller('s')
@ApiExcludeController()
@UseFilters(PageProblems)
export class PagesController {
  constructor(
    private readonly bus: QueryBus,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get()
  async stories(@IfNoneMatch() held: Held, @Res() response: Response) {
    send(await this.bus.execute(new ReadStoriesPage(held)), response);
  }

  @Get(':story')
  async story(
    @Id('story') story: string,
    @Query({ schema: StoryPageQuery }) query: StoryPageQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ReadStoryPage(story, query, this.publicUrl.of(response.req), held)), response);
  }

  @Get(':story/history')
  async history(
    @Id('story') story: string,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ReadHistoryPage(story, query, held)), response);
  }

  @Get(':story/actors/:actor')
  async actor(
    @Id('story') story: string,
    @Id('actor') actor: string,
    @Query({ schema: AskedQuery }) query: AskedQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ReadActorPage(story, actor, query, held)), response);
  }

  @Get(':story/d/:development')
  async development(
    @Id('story') story: string,
    @Id('development') development: string,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ReadDevelopmentPage(story, development, held)), response);
  }
}
