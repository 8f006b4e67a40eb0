import type { Page } from './page.js';
import { instantOrDate, lineOf, webAddress } from './words.js';

/** What a source says of a page. Texts are plain and on one line; addresses are absolute. */
export interface Described {
  readonly title?: string;
  readonly author?: string;
  readonly site?: string;
  /** When it was published, as the page says: an instant in UTC, or a date. */
  readonly published?: string;
  readonly text?: string;
  /** Where its picture is. */
  readonly picture?: string;
  /** What the picture shows, for those who cannot see it. */
  readonly alt?: string;
}
/** The fields of which the first source that says something decides; the alternative text goes with the picture. */
export const fields = ['title', 'author', 'site', 'published', 'text', 'picture'] as const;

/** The description without what is missing. */
export const known = (said: { [Field in keyof Described]: string | undefined }): Described =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));

const first =
  ({ metas }: Page) =>
  (...names: string[]): string | undefined =>
    names.map(name => metas.get(name)?.find(content => content.trim() !== '')).find(said => said !== undefined);

const altOf = ({ metas }: Page, picture: string, alt: string): string | undefined => {
  const [pictures = [], alts = []] = [metas.get(picture), metas.get(alt)];
  // Of several pictures, nobody can say which one a single text is about.
  return pictures.length === alts.length ? alts[0] : undefined;
};

/** Open Graph (ogp.me), and Twitter's cards, which sites use in its place. */
export function openGraph(page: Page, base: string): Described {
  const says = first(page);
  const author = says('article:author', 'book:author');
  const picture = webAddress(says('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'), base);
  const alt = altOf(page, 'og:image', 'og:image:alt') ?? altOf(page, 'twitter:image', 'twitter:image:alt');
  return known({
    title: lineOf('title', says('og:title', 'twitter:title')),
    // By the protocol it is the address of a profile, which is no name.
    author: author && /^https?:/i.test(author.trim()) ? undefined : lineOf('author', author),
    site: lineOf('site', says('og:site_name')),
    published: instantOrDate(says('article:published_time', 'og:article:published_time', 'video:release_date')),
    text: lineOf('text', says('og:description', 'twitter:description')),
    picture,
    alt: picture === undefined ? undefined : lineOf('alt', alt),
  });
}

/** What plain HTML says, for a page that says no more. */
export function plain(page: Page): Described {
  const says = first(page);
  return known({
    title: lineOf('title', page.title),
    author: lineOf('author', says('author')),
    site: lineOf('site', says('application-name')),
    published: instantOrDate(says('date', 'dc.date', 'dcterms.created', 'datepublished')),
    text: lineOf('text', says('description')),
    picture: undefined,
    alt: undefined,
  });
}
