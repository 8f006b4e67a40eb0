import type { Story } from '#contract';
import { escapeHtml } from '#pages';
import { changesOfStories } from '#projections';
import { Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { ReadModels } from '../read-models.js';
import { addressesOf } from '../syndication/addresses.js';
import { Answers } from '../answers/answers.js';
import { byBytes } from './answer.js';
import { PublicUrl } from './public-url.js';
import { ReadDocument, Reads } from './reads.js';

/** Maximum number of pages in one sitemap. */
export const mostPages = 50_000;

/** Lists the pages of all stories with their last change (sitemaps.org). Pure. */
export function sitemap(stories: readonly Pick<Story, 'id' | 'recorded'>[], base: string): string {
  const pages = stories
    .slice(0, mostPages)
    .map(
      ({ id, recorded }) =>
        `<url><loc>${escapeHtml(addressesOf(base, id).page)}</loc><lastmod>${recorded}</lastmod></url>`,
    );
  const opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">';
  return ['<?xml version="1.0" encoding="UTF-8"?>', opening, ...pages, '</urlset>', ''].join('\n');
}

/** The robots.txt. It excludes only live streams and health, which hold no content for crawlers. */
export const robots = (base: string): string =>
  ['User-agent: *', 'Disallow: /stories/*/live', 'Disallow: /health/', '', `Sitemap: ${base}/sitemap.xml`, ''].join(
    '\n',
  );

@Reads('crawlers', '')
/** Serves robots.txt and the sitemap. */
export class CrawlersController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
  ) {}

  @ReadDocument(
    'sitemap.xml',
    'List the pages of all stories, each with the time of its last change',
    'application/xml',
  )
  async sitemap(@Res() response: Response) {
    const base = this.publicUrl.of(response.req);
    const make = () =>
      this.models.read(async ({ client, log }) => {
        const rows = await changesOfStories(client, mostPages);
        const stories = rows.map(({ story: id, recorded }) => ({ id, recorded }));
        return byBytes({ log }, 'application/xml', sitemap(stories, base));
      });
    await this.answers.send(response, ['sitemap'], { everything: true }, make);
  }

  @Get('robots.txt')
  @ApiOperation({ summary: 'Say what crawlers may request' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  robots(@Res() response: Response) {
    response.type('text/plain').send(robots(this.publicUrl.of(response.req)));
  }
}
