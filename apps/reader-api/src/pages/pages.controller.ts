import { links, type Brand } from '#pages';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { scopeOf } from '../answers/scope.js';
import { BRAND, type Site } from '../brand/site.js';
import { PublicUrl } from '../http/public-url.js';
import { Id } from '../http/reads.js';
import { ReadModels } from '../read-models.js';
import { actorCursor, readActorPage } from './actor-page.js';
import { askedShape, checkOneMoment, isSentOn, momentShape, pageParameters, sendOn, storyPageShape } from './asked.js';
import { readDevelopmentPage } from './development-page.js';
import { HistoryQuery, readHistoryPage } from './history/history-page.js';
import { readSearchPage, readStoriesPage, SearchPageQuery, StoriesPageQuery } from './stories-page.js';
import { readStoryPage } from './story-page.js';

const StoryQuery = pageParameters({ ...storyPageShape, position: askedShape.position, ...momentShape });
type StoryQuery = z.infer<typeof StoryQuery>;
const AsOfPageQuery = pageParameters({ ...askedShape, ...momentShape });
type AsOfPageQuery = z.infer<typeof AsOfPageQuery>;
const ActorPageQuery = pageParameters({ ...askedShape, ...momentShape, ...actorCursor });
type ActorPageQuery = z.infer<typeof ActorPageQuery>;

/** Serves the readers' pages. */
@Controller('s')
@ApiExcludeController()
export class PagesController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
    @Inject(BRAND) private readonly brand: Brand,
  ) {}

  private site(response: Response): Site {
    return { base: this.publicUrl.of(response.req), brand: this.brand };
  }

  @Get()
  async stories(@Query({ schema: StoriesPageQuery }) query: StoriesPageQuery, @Res() response: Response) {
    const make = () => readStoriesPage(this.models, query, this.brand);
    await this.answers.send(response, ['stories page', query], { everything: true }, make);
  }

  // No story has this id: a slug does not begin with a hyphen.
  @Get('-/search')
  async search(@Query({ schema: SearchPageQuery }) query: SearchPageQuery, @Res() response: Response) {
    const make = () => readSearchPage(this.models, query, this.brand);
    await this.answers.send(response, ['search page', query], { everything: true }, make);
  }

  @Get(':story')
  async story(@Id('story') story: string, @Query({ schema: StoryQuery }) query: StoryQuery, @Res() response: Response) {
    const { position, knownAt, visibleAt, happenedBy, ...page } = query;
    const moment = { knownAt, visibleAt, happenedBy };
    checkOneMoment({ position, ...moment }, Object.keys(page));
    if (position !== undefined) return sendOn(response, links.history(story), { position: String(position) });
    if (isSentOn(response, links.history(story), moment)) return;
    const site = this.site(response);
    const make = () => readStoryPage(this.models, story, page, site);
    await this.answers.send(response, ['story page', story, page], { story }, make);
  }

  @Get(':story/history')
  async history(
    @Id('story') story: string,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
    @Res() response: Response,
  ) {
    checkOneMoment(query, query.step === undefined ? [] : ['step']);
    if (isSentOn(response, links.history(story), query, { with: query.with, skip: query.skip })) return;
    const make = () => readHistoryPage(this.models, story, query, this.brand);
    await this.answers.send(response, ['history page', story, query], { everything: true }, make);
  }

  @Get(':story/actors/:actor')
  async actor(
    @Id('story') story: string,
    @Id('actor') actor: string,
    @Query({ schema: ActorPageQuery }) query: ActorPageQuery,
    @Res() response: Response,
  ) {
    checkOneMoment(query);
    if (isSentOn(response, links.actor(story, actor), query)) return;
    const site = this.site(response);
    const make = () => readActorPage(this.models, story, actor, query, site);
    await this.answers.send(response, ['actor page', story, actor, query], scopeOf(story, query), make);
  }

  @Get(':story/d/:development')
  async development(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: AsOfPageQuery }) query: AsOfPageQuery,
    @Res() response: Response,
  ) {
    checkOneMoment(query);
    if (isSentOn(response, links.development(story, development), query)) return;
    const site = this.site(response);
    const make = () => readDevelopmentPage(this.models, story, development, query, site);
    await this.answers.send(response, ['development page', story, development, query], scopeOf(story, query), make);
  }
}
