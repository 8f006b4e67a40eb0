import { changesOfStories } from '#projections';
import { Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { sendDocument, type Held } from '../http/answer.js';
import { PublicUrl } from '../http/public-url.js';
import { IfNoneMatch, ReadDocument, Reads } from '../http/reads.js';
import { ReadModels } from '../read-models.js';
import { mostPages, robots, sitemap } from './sitemap.js';

@Reads('crawlers', '')
export class CrawlersController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
  ) {}

  @ReadDocument('sitemap.xml', 'The pages of all stories, with when each last changed', 'application/xml')
  async sitemap(@IfNoneMatch() held: Held, @Res() response: Response) {
    const base = this.publicUrl.of(response.req);
    const document = await this.models.read(async ({ client, log }) => {
      const rows = await changesOfStories(client, mostPages);
      const stories = rows.map(({ story: id, recorded }) => ({ id, recorded }));
      return { type: 'application/xml', text: sitemap(stories, base), log };
    });
    sendDocument(document, held, response);
  }

  @Get('robots.txt')
  @ApiOperation({ summary: 'What crawlers may ask for' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  robots(@Res() response: Response) {
    response.type('text/plain').send(robots(this.publicUrl.of(response.req)));
  }
}
