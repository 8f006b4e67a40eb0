import type { Story } from '#contract';
import { Text } from '#domain';
import { escapeHtml } from '#pages';
import { firstOfPages, storiesFrom } from '#projections';
import { Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ReadModels } from '../read-models.js';
import { addressesOf } from '../syndication/addresses.js';
import { Answers } from '../answers/answers.js';
import { byBytes } from './answer.js';
import { PublicUrl } from './public-url.js';
import { ReadDocument, Reads } from './reads.js';

/** Maximum number of pages in one sitemap. If there are more, the sitemap is a list of sitemaps. */
export const mostPages = 500;
/** Maximum number of sitemaps in that list. */
const mostSitemaps = 1_000;

const opening = '<?xml version="1.0" encoding="UTF-8"?>';
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** Lists the pages of stories with their last change (sitemaps.org). Pure. */
export function sitemap(stories: readonly Pick<Story, 'id' | 'recorded'>[], base: string): string {
  const pages = stories.map(
    ({ id, recorded }) =>
      `<url><loc>${escapeHtml(addressesOf(base, id).page)}</loc><lastmod>${recorded}</lastmod></url>`,
  );
  return [opening, `<urlset ${namespace}>`, ...pages, '</urlset>', ''].join('\n');
}

/** Lists the sitemaps of all stories, each by its first story (sitemaps.org). Pure. */
export function sitemapIndex(first: readonly string[], base: string): string {
  const maps = first.map(
    from => `<sitemap><loc>${escapeHtml(`${base}/sitemap.xml?${new URLSearchParams({ from })}`)}</loc></sitemap>`,
  );
  return [opening, `<sitemapindex ${namespace}>`, ...maps, '</sitemapindex>', ''].join('\n');
}

const SitemapQuery = z.strictObject({
  from: Text(200).optional().meta({ description: 'The first story of the sitemap. Follow the list of sitemaps.' }),
});
type SitemapQuery = z.infer<typeof SitemapQuery>;

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
  async sitemap(@Query({ schema: SitemapQuery }) { from }: SitemapQuery, @Res() response: Response) {
    const base = this.publicUrl.of(response.req);
    const make = () =>
      this.models.read(async ({ client, log }) => {
        const first = from === undefined ? await firstOfPages(client, mostPages, mostSitemaps) : [from];
        if (first.length > 1) return byBytes({ log }, 'application/xml', sitemapIndex(first, base));
        const rows = await storiesFrom(client, first[0] ?? '', mostPages);
        const stories = rows.map(({ story: id, recorded }) => ({ id, recorded }));
        return byBytes({ log }, 'application/xml', sitemap(stories, base));
      });
    await this.answers.send(response, ['sitemap', from], { everything: true }, make);
  }

  @Get('robots.txt')
  @ApiOperation({ summary: 'Say what crawlers may request' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  robots(@Res() response: Response) {
    response.type('text/plain').send(robots(this.publicUrl.of(response.req)));
  }
}
