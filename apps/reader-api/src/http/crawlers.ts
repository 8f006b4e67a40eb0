import type { Story } from '#contract';
import { Text } from '#domain';
import { bcp47, escapeHtml, type Brand } from '#pages';
import { firstOfPages, storiesFrom, storiesOpenedSince } from '#projections';
import { Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ReadModels } from '../read-models.js';
import { addressesOf } from '../syndication/addresses.js';
import { Answers } from '../answers/answers.js';
import { BRAND, type Site } from '../brand/site.js';
import { byBytes, holds } from './answer.js';
import { PublicUrl } from './public-url.js';
import { ReadDocument, Reads } from './reads.js';

/** Maximum number of pages in one sitemap. If there are more, the sitemap is a list of sitemaps. */
export const mostPages = 500;
/** Maximum number of sitemaps in that list. */
const mostSitemaps = 1_000;

/** How far back search engines of news look (developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap). */
const newsMs = 2 * 24 * 3_600_000;
/** Maximum number of stories in the sitemap of news, the latest: the same page allows no more. */
export const mostNews = 1_000;

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

/** The fields of a story that search engines of news ask for. */
type News = Pick<Story, 'id' | 'title' | 'language' | 'opened'>;

/** Lists the stories of the last days for search engines of news. Pure. */
export function newsSitemap(stories: readonly News[], { base, brand }: Site): string {
  const element = (name: string, text: string) => `<news:${name}>${escapeHtml(text)}</news:${name}>`;
  const pages = stories.map(({ id, title, language, opened }) => {
    const written = bcp47(language)?.split('-')[0] ?? 'en';
    const publication = `<news:publication>${element('name', brand.name)}${element('language', written)}</news:publication>`;
    const news = `<news:news>${publication}${element('publication_date', opened)}${element('title', title)}</news:news>`;
    return `<url><loc>${escapeHtml(addressesOf(base, id).page)}</loc>${news}</url>`;
  });
  const names = `${namespace} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"`;
  return [opening, `<urlset ${names}>`, ...pages, '</urlset>', ''].join('\n');
}

const SitemapQuery = z.strictObject({
  from: Text(200).optional().meta({ description: 'The first story of the sitemap. Follow the list of sitemaps.' }),
});
type SitemapQuery = z.infer<typeof SitemapQuery>;

/** The robots.txt. It excludes only live streams and health, which hold no content for crawlers. */
export const robots = (base: string): string =>
  [
    'User-agent: *',
    'Disallow: /stories/*/live',
    'Disallow: /health/',
    '',
    `Sitemap: ${base}/sitemap.xml`,
    `Sitemap: ${base}/news-sitemap.xml`,
    '',
  ].join('\n');

@Reads('crawlers', '')
/** Serves robots.txt and the sitemaps. */
export class CrawlersController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
    @Inject(BRAND) private readonly brand: Brand,
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

  @ReadDocument(
    'news-sitemap.xml',
    'List the stories of the last two days for search engines of news',
    'application/xml',
  )
  async news(@Res() response: Response) {
    const site = { base: this.publicUrl.of(response.req), brand: this.brand };
    // The answer changes with the clock, so it is not kept.
    const since = new Date(Date.now() - newsMs).toISOString();
    const { etag, type, text } = await this.models.read(async ({ client, log }) => {
      const rows = await storiesOpenedSince(client, since, mostNews);
      const stories = rows.map(({ story: id, title, language, opened }) => ({ id, title: title!, language, opened }));
      return byBytes({ log }, 'application/xml', newsSitemap(stories, site));
    });
    response.set({ ETag: etag, 'Cache-Control': 'no-cache' });
    if (holds(response.req.get('If-None-Match'), etag)) response.status(304).end();
    else response.type(type).send(Buffer.from(text));
  }

  @Get('robots.txt')
  @ApiOperation({ summary: 'Say what crawlers may request' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  robots(@Res() response: Response) {
    response.type('text/plain').send(robots(this.publicUrl.of(response.req)));
  }
}
