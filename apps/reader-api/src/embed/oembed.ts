import { elementOf, embedScript, escapeHtml, placeOf, type Embedded, type Place } from '#pages';
import { z } from 'zod';
import type { Site } from '../brand/site.js';
import { AnyId } from '../http/reads.js';

/** The width that an embedded page has where nobody asks for another, and the least that we say it needs, in pixels. */
const usualWidth = 600;
const leastWidth = 220;

/** What a site learns that wants to show one of our pages (oembed.com). */
export const Oembed = z
  .strictObject({
    version: z.literal('1.0'),
    type: z.literal('rich'),
    title: z.string().meta({ description: 'What the page shows, without its words: they may be withdrawn.' }),
    provider_name: z.string(),
    provider_url: z.string(),
    html: z
      .string()
      .meta({ description: 'An element that the script beside it fills and keeps up to date, and a link.' }),
    width: z.number().int(),
    height: z.null().meta({ description: 'As high as its content.' }),
    cache_age: z.number().int().meta({ description: 'Seconds.' }),
  })
  .meta({ id: 'Oembed' });
export type Oembed = z.infer<typeof Oembed>;

/** How long a site may use an answer, in seconds: it holds no words that may be withdrawn. */
const cacheAge = 86_400;

/** The place that an address names, if it is on this site. */
export function placeOn(base: string, address: string): Place | undefined {
  const place = placeOf(address);
  // A percent-encoded address may hold what no id in a path may.
  const isOurs = place?.base === base && Object.values(place.shows).every(id => AnyId.safeParse(id).success);
  return isOurs ? place : undefined;
}

/** The address that answers for a page, for the links by which sites discover it. */
export const oembedOf = (base: string, page: string) => ({
  uri: `${base}/oembed?${new URLSearchParams({ url: page })}`,
  rel: 'alternate',
  type: 'application/json+oembed',
});

/**
 * The code that shows a page on another site. Where no script runs it is a link: sites keep the code, so it holds no words of an
 * update and no name of an actor, which may be corrected or withdrawn. Pure.
 */
export function embedCode({ page, shows }: { page: string; shows: Embedded }, title: string, base: string): string {
  const name = elementOf(shows);
  const link = `<a href="${escapeHtml(page)}">${escapeHtml(title)}</a>`;
  const script = `<script type="module" async src="${escapeHtml(base + embedScript)}"></script>`;
  return `<${name} src="${escapeHtml(page)}">${link}</${name}>${script}`;
}

/** The answer for a page. `title`: what it shows. Pure. */
export function oembed(place: Place, title: string, { base, brand }: Site, maxWidth = usualWidth): Oembed {
  return {
    ...{ version: '1.0', type: 'rich', title, provider_name: brand.name, provider_url: brand.url ?? base },
    html: embedCode(place, title, base),
    ...{ width: Math.max(leastWidth, Math.min(usualWidth, maxWidth)), height: null, cache_age: cacheAge },
  };
}
