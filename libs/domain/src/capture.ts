import { z } from 'zod';
import type { Content } from './content.js';
import { digest } from './digest.js';
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

const made = {
  at: Second.meta({ description: 'When it was captured.' }),
  proof: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the proof of a capture')
    .meta({ description: 'Proves that this newsroom captured it. Send it back unchanged.' }),
};

/** What the page of a capture said when it was captured again, or that it was gone. The capture beside it names the address. */
export const CapturedAgain = CapturedPage.omit({ url: true })
  .extend({
    sources: CapturedPage.shape.sources.optional().meta({ description: 'Left out where the page was gone.' }),
    gone: z.literal(true).optional().meta({ description: 'The site said that there is no such page.' }),
    ...made,
  })
  .refine(({ gone, sources }) => (gone === undefined) === (sources !== undefined), {
    path: ['gone'],
    message: 'must be given for a page that says nothing, and for no other',
  })
  .meta({
    id: 'CapturedAgain',
    description: 'The linked page as it was when it was captured again, the latest time. Left out if it never was.',
  });
export type CapturedAgain = z.infer<typeof CapturedAgain>;

/** A page as it was captured, and the newsroom's proof that it was. */
export const Capture = CapturedPage.extend({
  ...made,
  again: CapturedAgain.optional(),
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

/** What a proof is of: one capture of a page, whether it was the first or a later one. */
export type ProvenCapture = Omit<Capture, 'again' | 'sources'> & Pick<CapturedAgain, 'gone' | 'sources'>;

/** Whether this newsroom made the capture. */
export type IsProven = (capture: ProvenCapture) => boolean;

/** The captures of one page: the first, and the latest if it was captured again. */
const capturesOf = ({ again, ...first }: Capture): ProvenCapture[] => [
  first,
  ...(again ? [{ url: first.url, ...again }] : []),
];

const same = (one: ProvenCapture, other: ProvenCapture) => one.proof === other.proof && digest(one) === digest(other);

/**
 * Refuses captures that this newsroom did not make, or that were changed since. Those that the development shows already pass, so that a
 * correction can be made after the newsroom's secret was replaced.
 */
export function unproven(
  { captures = [] }: Pick<Content, 'captures'>,
  isProven: IsProven,
  held: readonly Capture[] = [],
): Refusal | undefined {
  const known = held.flatMap(capturesOf);
  const isMade = (each: ProvenCapture) => isProven(each) || known.some(other => same(each, other));
  const at = captures.findIndex(each => !capturesOf(each).every(isMade));
  if (at < 0) return undefined;
  const again = isMade(capturesOf(captures[at]!)[0]!) ? ['again'] : [];
  const detail =
    'This newsroom did not capture this page so. Capture the address again, and send what is answered unchanged.';
  return refuse('invalid-field', { path: ['content', 'captures', at, ...again, 'proof'], detail });
}

/** Refuses captures that are not those of the development, each with a later `again` or the same. */
export function notAgain(sent: readonly Capture[], held: readonly Capture[] = []): Refusal | undefined {
  const detail = 'must be the captures of the development as they are now, with `again` for those captured again';
  if (sent.length !== held.length) return refuse('invalid-field', { path: ['captures'], detail });
  for (const [n, { again, ...first }] of sent.entries()) {
    const { again: before, ...kept } = held[n]!;
    if (!same(first, kept)) return refuse('invalid-field', { path: ['captures', n], detail });
    const earlier = before && (again === undefined || again.at < before.at);
    if (earlier || (again && again.at < first.at))
      return refuse('invalid-field', {
        path: ['captures', n, 'again'],
        detail: 'is older than what the development shows. Read it, and capture the address again.',
      });
  }
  return undefined;
}
