import { z } from 'zod';
import type { Content } from './content.js';
import { refuse, type Refusal } from './errors.js';
import { Line } from './text.js';

/** The most captures of a content, and the most UTF-16 units of each field of one. */
export const captureBounds = { captures: 5, url: 2_000, title: 300, author: 200, site: 100, text: 2_000 } as const;

const Address = Line(captureBounds.url).refine(
  text => URL.canParse(text) && /^https?:[/]{2}[^\s@]+$/i.test(text),
  'must be an address that begins with http:// or https://, without spaces and without @',
);
const Second = z.iso.datetime({ precision: 0 });

/** Where a fact of a captured page was read. */
export const captureSources = ['oembed', 'open-graph', 'schema.org', 'html'] as const;

/** What a page said of itself when a fetcher asked for it. */
export const CapturedPage = z.strictObject({
  url: Address.meta({ description: 'The address that was captured.' }),
  answeredBy: Address.optional().meta({ description: 'The address that answered, where a redirect led to another.' }),
  title: Line(captureBounds.title).optional(),
  author: Line(captureBounds.author).optional(),
  site: Line(captureBounds.site).optional(),
  published: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, 'must be a date, or an instant to the second in UTC')
    .optional()
    .meta({ description: 'When it was published, as the page says.' }),
  text: Line(captureBounds.text).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')
    .optional()
    .meta({ description: 'Of the page’s bytes. Left out where its site answered for it.' }),
  sources: z.array(z.enum(captureSources)).min(1).max(captureSources.length),
});
export type CapturedPage = z.infer<typeof CapturedPage>;

/** A page as it was captured, and the newsroom's proof that it was. */
export const Capture = CapturedPage.extend({
  at: Second.meta({ description: 'When it was captured.' }),
  proof: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the proof of a capture')
    .meta({ description: 'Proves that this newsroom captured it. Send it back unchanged.' }),
}).meta({
  id: 'Capture',
  description:
    'A linked page as it was captured: in its own words, which are not the newsroom’s. It may read otherwise now, or be gone.',
});
export type Capture = z.infer<typeof Capture>;

/** The captures of a content, in the order in which readers see them. */
export const Captures = z
  .array(Capture)
  .min(1)
  .max(captureBounds.captures)
  .refine(all => new Set(all.map(({ url }) => url)).size === all.length, 'must name each address once')
  .meta({ id: 'Captures', description: 'Linked pages as they were captured: see POST /stories/{story}/captures.' });

/** Whether this newsroom made the capture. */
export type IsProven = (capture: Capture) => boolean;

const same = (one: Capture, other: Capture) =>
  one.proof === other.proof && JSON.stringify(one) === JSON.stringify(other);

/**
 * Refuses captures that this newsroom did not make, or that were changed since. Those that the development shows already pass, so that a
 * correction can be made after the newsroom's secret was replaced.
 */
export function unproven(
  { captures = [] }: Pick<Content, 'captures'>,
  isProven: IsProven,
  held: readonly Capture[] = [],
): Refusal | undefined {
  const at = captures.findIndex(each => !isProven(each) && !held.some(other => same(each, other)));
  if (at < 0) return undefined;
  const detail =
    'This newsroom did not capture this page so. Capture the address again, and send what is answered unchanged.';
  return refuse('invalid-field', { path: ['content', 'captures', at, 'proof'], detail });
}
