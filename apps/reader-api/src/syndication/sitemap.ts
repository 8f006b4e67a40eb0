import type { Story } from '#contract';
import { escapeHtml } from '#pages';
import { addressesOf } from './addresses.js';

/** How many pages one sitemap may list. */
export const mostPages = 50_000;

/** The pages of all stories with when each last changed (sitemaps.org). Pure. */
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

/** Nothing is hidden from crawlers; live streams and health hold nothing for them. */
export const robots = (base: string): string =>
  ['User-agent: *', 'Disallow: /stories/*/live', 'Disallow: /health/', '', `Sitemap: ${base}/sitemap.xml`, ''].join(
    '\n',
  );
