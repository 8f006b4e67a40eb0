import { pageSafeJson, pageWords, wordsFor, type Brand, type Embedded } from '#pages';
import { Text } from '#domain';
import type { Reading } from '#projections';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { BRAND, type Site } from '../brand/site.js';
import { byBytes, json } from '../http/answer.js';
import { problem, unknownAddress } from '../http/problems.js';
import { PublicUrl } from '../http/public-url.js';
import { Id, Read, Reads } from '../http/reads.js';
import { registered } from '../http/story-actors.js';
import { ReadModels } from '../read-models.js';
import { storyNow } from '../story-at/index.js';
import { presentStory } from '../story-at/render-story.js';
import { readStateFragment, readStoryFragment, readUpdateFragment } from './fragments.js';
import { Oembed, oembed, placeOn } from './oembed.js';

/** Serves the fragments of pages that other sites include, and that the script for their pages loads. */
@Controller('s/:story')
@ApiExcludeController()
export class FragmentsController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
    @Inject(BRAND) private readonly brand: Brand,
  ) {}

  private site(response: Response): Site {
    return { base: this.publicUrl.of(response.req), brand: this.brand };
  }

  @Get('embed')
  async story(@Id('story') story: string, @Res() response: Response) {
    const make = () => readStoryFragment(this.models, story, this.site(response));
    await this.answers.send(response, ['story fragment', story], { story }, make);
  }

  @Get('d/:development/embed')
  async update(@Id('story') story: string, @Id('development') development: string, @Res() response: Response) {
    const make = () => readUpdateFragment(this.models, story, development, this.site(response));
    await this.answers.send(response, ['update fragment', story, development], { story }, make);
  }

  @Get('actors/:actor/embed')
  async state(@Id('story') story: string, @Id('actor') actor: string, @Res() response: Response) {
    const make = () => readStateFragment(this.models, story, actor, this.site(response));
    await this.answers.send(response, ['state fragment', story, actor], { story }, make);
  }
}

const most = 10_000;
const Size = z.coerce.number().int().min(1).max(most).optional();
const OembedQuery = z.strictObject({
  url: Text(2_000).meta({ description: 'The address of a story’s page, an update’s or an actor’s.' }),
  format: z.literal('json').optional(),
  maxwidth: Size.meta({ description: 'In pixels.' }),
  maxheight: Size.meta({ description: 'Ignored: a page is as high as its content.' }),
});
type OembedQuery = z.infer<typeof OembedQuery>;

@Reads('embeds', 'oembed')
/** Tells other sites how to show a page of ours (oembed.com). */
export class OembedController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
    @Inject(BRAND) private readonly brand: Brand,
  ) {}

  @Read('', 'Say how to show a page of a story, an update or an actor on another site (oEmbed)', Oembed)
  async oembed(@Query({ schema: OembedQuery }) query: OembedQuery, @Res() response: Response) {
    const site = { base: this.publicUrl.of(response.req), brand: this.brand };
    const place = placeOn(site.base, query.url);
    if (!place) throw unknownAddress('url', site.base);
    const make = () =>
      this.models.read(async reading => {
        const title = await titleOf(reading, place.shows);
        return byBytes(reading, json, pageSafeJson(oembed(place, title, site, query.maxwidth)));
      });
    const { story } = place.shows;
    await this.answers.send(response, ['oembed', place.page, query.maxwidth], { story }, make);
  }
}

/** What a page shows, without an update's words or an actor's name. Rejects with a 404 if readers have no such page. */
async function titleOf(reading: Reading, shows: Embedded): Promise<string> {
  const view = await storyNow(reading, shows.story);
  const { title } = presentStory(view.story);
  const words = pageWords(wordsFor(view.story.language)).embed;
  if ('actor' in shows) {
    await registered(reading, view, shows.actor);
    return words.state(title);
  }
  if (!('development' in shows)) return words.live(title);
  if (!(await view.entry(shows.development.toLowerCase()))) throw problem('unknown-development');
  return words.update(title);
}
